#include "transfer/upload/http_request.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "node/base/text.hpp"

namespace praline::upload {

namespace {

constexpr std::size_t user_agent_bytes_max = 64;
constexpr std::size_t queue_id_bytes_max = 64;

Method method_of(std::string_view name) {
    constexpr std::array<std::string_view, 7> refused{"POST", "PUT", "DELETE", "PATCH", "CONNECT", "TRACE", "PROPFIND"};
    if (name == "GET") return Method::get;
    if (name == "HEAD") return Method::head;
    if (name == "OPTIONS") return Method::options;
    return std::find(refused.begin(), refused.end(), name) != refused.end() ? Method::refused : Method::other;
}

/// "HTTP/1.x": a minor version above 1 is served as 1 (RFC 9110, section 2.5).
std::optional<unsigned> minor_version_of(std::string_view version) {
    if (version.size() != 8 || !version.starts_with("HTTP/1.") || version[7] < '0' || version[7] > '9')
        return std::nullopt;
    return version[7] == '0' ? 0U : 1U;
}

std::optional<WireError> read_first_line(std::string_view line, HttpRequest& request) {
    line = trim(line);
    auto const first = line.find(' ');
    auto const last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return WireError::unknown_type;
    auto const version = minor_version_of(line.substr(last + 1));
    if (!version) return WireError::unknown_type;
    request.minor_version = *version;
    request.method = method_of(line.substr(0, first));
    // Names with blanks in them come from clients that forget to escape: everything between is the target.
    request.target = trim(line.substr(first + 1, last - first - 1));
    request.keep_alive = request.minor_version == 1;
    return std::nullopt;
}

std::string queue_id_of(std::string_view value) {
    for (auto const part : split(value, ';'))
        if (part.size() > 3 && equals_ignoring_case(part.substr(0, 3), "ID="))
            return std::string{part.substr(3, queue_id_bytes_max)};
    return {};
}

std::string agent_of(std::string_view value) {
    std::string agent{is_valid_utf8(value) ? value.substr(0, user_agent_bytes_max) : std::string_view{}};
    if (!is_valid_utf8(agent)) agent.clear();
    return agent;
}

/// A repeated length, coding or host is how requests are smuggled past a reader that takes another one of the two.
std::optional<WireError> read_framing(wire::HeaderBlock const& head, HttpRequest& request) {
    auto const times = [&](std::string_view name) {
        return std::count_if(head.headers.begin(), head.headers.end(),
                             [&](auto const& header) { return equals_ignoring_case(header.name, name); });
    };
    if (times("Host") > 1 || times("Content-Length") > 1) return WireError::bad_value;
    request.has_host = times("Host") == 1;
    request.has_body = times("Transfer-Encoding") > 0;
    auto const length_text = head.get("Content-Length");
    if (!length_text) return std::nullopt;
    auto const length = parse_number(*length_text);
    if (!length || times("Transfer-Encoding") > 0) return WireError::bad_value;
    if (*length > 0) request.has_body = true;
    return std::nullopt;
}

void read_connection(wire::HeaderBlock const& head, HttpRequest& request) {
    auto const options = head.get("Connection").value_or("");
    for (auto const option : split(options, ','))
        if (equals_ignoring_case(option, "keep-alive")) request.keep_alive = true;
    for (auto const option : split(options, ','))
        if (equals_ignoring_case(option, "close")) request.keep_alive = false;
}

/// A number as large as it may be: positions beyond any file are positions all the same.
std::optional<std::uint64_t> parse_position(std::string_view text) {
    bool const digits =
        !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!digits) return std::nullopt;
    return parse_number(text).value_or(std::numeric_limits<std::uint64_t>::max());
}

std::optional<AskedRange> parse_range(std::string_view text) {
    auto const dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    auto const first = trim(text.substr(0, dash));
    auto const last = trim(text.substr(dash + 1));
    AskedRange range;
    if (!first.empty() && !(range.first = parse_position(first))) return std::nullopt;
    if (!last.empty() && !(range.last = parse_position(last))) return std::nullopt;
    if (!range.first && !range.last) return std::nullopt;
    if (range.first && range.last && *range.first > *range.last) return std::nullopt;
    return range;
}

}  // namespace

Result<HttpRequest> parse_request(wire::HeaderBlock const& head) {
    HttpRequest request;
    if (auto const wrong = read_first_line(head.start_line, request)) return *wrong;
    if (auto const wrong = read_framing(head, request)) return *wrong;
    if (request.target.empty()) return WireError::bad_value;
    read_connection(head, request);
    // A Range means something to GET alone (RFC 9110, section 14.2).
    if (request.method == Method::get) request.ranges = parse_ranges(head.get("Range").value_or(""));
    request.conditions = {head.get("If-Match"), head.get("If-None-Match"), head.get("If-Modified-Since"),
                          head.get("If-Unmodified-Since"), head.get("If-Range")};
    request.accept = head.get("Accept").value_or("");
    request.user_agent = agent_of(head.get("User-Agent").value_or(""));
    request.queue_id = queue_id_of(head.get("X-Queued").value_or(""));
    request.knows_queue = head.has("X-Queue");
    request.locations = read_said_locations(head);
    return request;
}

Result<HttpRequest> parse_request(std::string_view head) {
    auto const block = wire::parse_http_head(head, request_limits);
    if (!block) return block.error();
    return parse_request(*block);
}

std::vector<AskedRange> parse_ranges(std::string_view value) {
    value = trim(value);
    constexpr std::string_view unit = "bytes";
    if (value.size() <= unit.size() || !equals_ignoring_case(value.substr(0, unit.size()), unit)) return {};
    value = trim(value.substr(unit.size()));
    // Some Gnutella programs leave the equals sign out.
    if (value.starts_with('=')) value = trim(value.substr(1));
    auto const list = split(value, ',');
    if (list.size() > ranges_max) return {};
    std::vector<AskedRange> ranges;
    for (auto const text : list) {
        auto const range = parse_range(text);
        if (!range) return {};
        ranges.push_back(*range);
    }
    return ranges;
}

std::optional<Span> resolve(AskedRange const& asked, std::uint64_t file_bytes) {
    if (!asked.first) {
        auto const count = std::min(asked.last.value_or(0), file_bytes);
        if (count == 0) return std::nullopt;
        return Span{file_bytes - count, file_bytes};
    }
    if (*asked.first >= file_bytes) return std::nullopt;
    auto const last = std::min(asked.last.value_or(file_bytes - 1), file_bytes - 1);
    return Span{*asked.first, last + 1};
}

std::optional<Span> resolve(std::vector<AskedRange> const& asked, std::uint64_t file_bytes) {
    for (auto const& range : asked)
        if (auto const span = resolve(range, file_bytes)) return span;
    return std::nullopt;
}

}  // namespace praline::upload
