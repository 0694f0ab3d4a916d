#include "transfer/download/http_response.hpp"

#include <array>
#include <utility>

#include "node/base/text.hpp"
#include "node/wire/head_lines.hpp"
#include "transfer/content/limits.hpp"
#include "transfer/download/limits.hpp"

namespace praline::download {

namespace {

constexpr std::size_t uri_bytes_max = 512;
constexpr std::size_t queue_id_bytes_max = 64;
constexpr std::size_t server_bytes_max = 64;

std::optional<WireError> read_status(std::string_view line, HttpResponse& response) {
    if (!line.starts_with("HTTP/1.") || line.size() < 12) return WireError::unknown_type;
    auto const version = line[7];
    if ((version != '0' && version != '1') || line[8] != ' ') return WireError::unknown_type;
    auto const status = parse_number(line.substr(9, 3));
    if (!status || *status < 100 || *status > 599 || (line.size() > 12 && line[12] != ' ')) return WireError::bad_value;
    response.status = static_cast<int>(*status);
    response.keep_alive = version == '1';
    return std::nullopt;
}

void read_urns(std::string_view value, HttpResponse& response) {
    for (auto const text : split(value, ',')) {
        auto const urn = Urn::parse(text);
        if (!urn) continue;
        if (!response.urn) response.urn = Urn{};
        if (urn->sha1) response.urn->sha1 = urn->sha1;
        if (urn->tiger_root) response.urn->tiger_root = urn->tiger_root;
    }
}

/// Only a plain path is followed: whatever it says, it is asked of the same server.
void read_thex(std::string_view value, HttpResponse& response) {
    auto const semicolon = value.find(';');
    auto const uri = trim(value.substr(0, semicolon));
    if (uri.size() > uri_bytes_max || !uri.starts_with('/')) return;
    for (char const c : uri)
        if (c <= ' ' || c >= 0x7F) return;
    response.thex_uri = uri;
    if (semicolon != std::string_view::npos)
        response.thex_root = TigerHash::from_base32(trim(value.substr(semicolon + 1)));
}

/// "ID=a1b2; position=2; length=5; ETA=25; lifetime=85"
void read_queue(std::string_view value, HttpResponse& response) {
    for (auto const each : split(value, ';')) {
        auto const part = trim(each);
        auto const equals = part.find('=');
        if (equals == std::string_view::npos) continue;
        auto const key = trim(part.substr(0, equals)), said = trim(part.substr(equals + 1));
        if (equals_ignoring_case(key, "position")) response.queue_position = parse_number(said);
        if (!equals_ignoring_case(key, "ID") || said.empty()) continue;
        response.queue_id.clear();
        for (char const c : said.substr(0, queue_id_bytes_max))
            if (c > ' ' && c < 0x7F) response.queue_id += c;
    }
}

/// "position=2,length=5,limit=4,pollMin=45,pollMax=120", blanks after commas allowed.
void read_queue_place(std::string_view value, HttpResponse& response) {
    QueuePlace place;
    bool known = false;
    for (auto const part : split(value, ',')) {
        auto const equals = part.find('=');
        if (equals == std::string_view::npos) continue;
        auto const key = trim(part.substr(0, equals));
        auto const number = parse_number(trim(part.substr(equals + 1)));
        if (!number) continue;
        auto* const field = equals_ignoring_case(key, "position")  ? &place.position
                            : equals_ignoring_case(key, "pollMin") ? &place.poll_min_s
                            : equals_ignoring_case(key, "pollMax") ? &place.poll_max_s
                                                                   : nullptr;
        if (field == nullptr) continue;
        *field = *number;
        known = true;
    }
    if (known) response.queue = place;
}

/// "bytes 0-10,20-30"; parts that make no sense are left out.
void read_available(std::string_view value, HttpResponse& response) {
    value = trim(value);
    if (value.size() < 6 || !equals_ignoring_case(value.substr(0, 5), "bytes")) return;
    for (auto const part : split(value.substr(6), ',')) {
        auto const dash = part.find('-');
        if (dash == std::string_view::npos || response.available.size() >= available_ranges_max) continue;
        auto const first = parse_number(trim(part.substr(0, dash)));
        auto const last = parse_number(trim(part.substr(dash + 1)));
        if (first && last && *first <= *last && *last < file_bytes_max)
            response.available.push_back({*first, *last + 1});
    }
}

void read_alternates(std::string_view value, HttpResponse& response) {
    content::read_locations(value, response.alternates);
}

void read_bad_alternates(std::string_view value, HttpResponse& response) {
    content::read_locations(value, response.bad_alternates);
}

std::optional<WireError> read_range(std::string_view value, HttpResponse& response) {
    constexpr std::string_view unsatisfied = "bytes */";
    if (value.starts_with(unsatisfied)) {
        response.unsatisfied_size = parse_number(trim(value.substr(unsatisfied.size())));
        return std::nullopt;
    }
    auto const range = parse_content_range(value);
    if (!range) return range.error();
    response.content_range = *range;
    return std::nullopt;
}

using FieldError = std::optional<WireError>;

FieldError read_length(std::string_view value, HttpResponse& response) {
    auto const length = parse_number(value);
    if (!length || (response.content_length && response.content_length != length)) return WireError::bad_value;
    response.content_length = *length;
    return std::nullopt;
}

void read_transfer_encoding(std::string_view value, HttpResponse& response) {
    if (equals_ignoring_case(value, "identity")) return;
    response.encoded = true;
    (equals_ignoring_case(value, "chunked") ? response.chunked : response.compressed) = true;
}

void read_content_encoding(std::string_view value, HttpResponse& response) {
    if (equals_ignoring_case(value, "identity")) return;
    response.encoded = response.compressed = true;
}

void read_connection(std::string_view value, HttpResponse& response) {
    for (auto const token : split(value, ',')) {
        if (equals_ignoring_case(token, "close")) response.keep_alive = false;
        if (equals_ignoring_case(token, "keep-alive")) response.keep_alive = true;
    }
}

void read_retry_after(std::string_view value, HttpResponse& response) { response.retry_after_s = parse_number(value); }

void read_server(std::string_view value, HttpResponse& response) {
    if (is_valid_utf8(value)) response.server = value.substr(0, server_bytes_max);
}

void read_location(std::string_view value, HttpResponse& response) {
    if (value.size() <= content::url_bytes_max) response.location = value;
}

/// For a field that cannot be wrong: what makes no sense in it is ignored.
template <void (*read)(std::string_view, HttpResponse&)>
FieldError always(std::string_view value, HttpResponse& response) {
    read(value, response);
    return std::nullopt;
}

struct FieldReader {
    std::string_view name;
    FieldError (*read)(std::string_view value, HttpResponse& response);
};
constexpr std::array field_readers{
    FieldReader{"Content-Length", read_length},
    FieldReader{"Content-Range", read_range},
    FieldReader{"Transfer-Encoding", always<read_transfer_encoding>},
    FieldReader{"Content-Encoding", always<read_content_encoding>},
    FieldReader{"Connection", always<read_connection>},
    FieldReader{"X-Gnutella-Content-URN", always<read_urns>},
    FieldReader{"X-Content-URN", always<read_urns>},
    FieldReader{"X-Thex-URI", always<read_thex>},
    FieldReader{"Retry-After", always<read_retry_after>},
    FieldReader{"X-Queued", always<read_queue>},
    FieldReader{"X-Queue", always<read_queue_place>},
    FieldReader{"X-Available-Ranges", always<read_available>},
    FieldReader{"X-Alt", always<read_alternates>},
    FieldReader{"X-Gnutella-Alternate-Location", always<read_alternates>},
    FieldReader{"Alt-Location", always<read_alternates>},
    FieldReader{"X-NAlt", always<read_bad_alternates>},
    FieldReader{"Server", always<read_server>},
    FieldReader{"Location", always<read_location>},
};

class ResponseVisitor final : public wire::HeadVisitor {
public:
    [[nodiscard]] FieldError start_line(std::string_view line) override { return read_status(line, response); }
    [[nodiscard]] FieldError field(std::string_view name, std::string_view value) override {
        for (auto const& reader : field_readers)
            if (equals_ignoring_case(name, reader.name)) return reader.read(value, response);
        return std::nullopt;
    }
    HttpResponse response;
};

/// Lines that we do not understand are no reason to refuse a file that is checked anyway.
constexpr wire::HeadRules response_rules{response_bytes_max, response_lines_max, response_line_bytes_max, false};

}  // namespace

Result<HttpResponse> parse_response(std::string_view head) {
    ResponseVisitor visitor;
    if (auto const error = wire::read_head(head, response_rules, visitor)) return *error;
    auto const& response = visitor.response;
    if (response.status == 0) return WireError::unknown_type;  // not even a start line
    auto const& range = response.content_range;
    if (range && response.content_length && response.status == 206 &&
        range->end - range->begin != *response.content_length)
        return WireError::bad_value;
    return std::move(visitor.response);
}

Result<ContentRange> parse_content_range(std::string_view value) {
    value = trim(value);
    if (value.size() < 6 || !equals_ignoring_case(value.substr(0, 5), "bytes")) return WireError::bad_value;
    if (value[5] != ' ' && value[5] != '=') return WireError::bad_value;
    value = trim(value.substr(6));
    auto const dash = value.find('-');
    auto const slash = value.find('/');
    if (dash == std::string_view::npos || slash == std::string_view::npos || slash < dash) return WireError::bad_value;
    auto const first = parse_number(trim(value.substr(0, dash)));
    auto const last = parse_number(trim(value.substr(dash + 1, slash - dash - 1)));
    if (!first || !last || *first > *last || *last >= file_bytes_max) return WireError::bad_value;
    ContentRange range{*first, *last + 1, std::nullopt};
    auto const size = trim(value.substr(slash + 1));
    if (size == "*") return range;
    range.size_bytes = parse_number(size);
    if (!range.size_bytes || *range.size_bytes < range.end) return WireError::bad_value;
    return range;
}

std::optional<Guid> parse_giv(std::string_view line) {
    if (!line.starts_with("GIV ")) return std::nullopt;
    auto const colon = line.find(':');
    if (colon == std::string_view::npos || line.size() < colon + 33) return std::nullopt;
    if (line.size() > colon + 33 && line[colon + 33] != '/') return std::nullopt;
    return Guid::from_hex(line.substr(colon + 1, 32));
}

}  // namespace praline::download
