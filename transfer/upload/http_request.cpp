#include "transfer/upload/http_request.hpp"

#include <algorithm>

#include "node/base/text.hpp"
#include "node/wire/head_text.hpp"
#include "transfer/upload/limits.hpp"

namespace praline::upload {

namespace {

bool is_printable(std::string_view line) {
    return std::all_of(line.begin(), line.end(), [](char c) {
        auto const octet = static_cast<unsigned char>(c);
        return octet >= 0x20 && octet != 0x7F;
    });
}

bool has_token(std::string_view list, std::string_view wanted) {
    for (auto const token : split(list, ','))
        if (equals_ignoring_case(token, wanted)) return true;
    return false;
}

std::optional<WireError> read_first_line(std::string_view line, HttpRequest& request) {
    auto const first = line.find(' ');
    auto const last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return WireError::unknown_type;
    auto const version = line.substr(last + 1);
    if (version == "HTTP/1.1") request.minor_version = 1;
    else if (version == "HTTP/1.0") request.minor_version = 0;
    else return WireError::unknown_type;
    auto const method = line.substr(0, first);
    if (method == "GET") request.method = Method::get;
    else if (method == "HEAD") request.method = Method::head;
    // Names with blanks in them come from clients that forget to escape: everything between is the target.
    request.target = trim(line.substr(first + 1, last - first - 1));
    if (request.target.empty() || request.target.front() != '/') return WireError::bad_value;
    request.keep_alive = request.minor_version == 1;
    return std::nullopt;
}

std::string queue_id_of(std::string_view value) {
    for (auto const part : split(value, ';'))
        if (part.size() > 3 && equals_ignoring_case(part.substr(0, 3), "ID=")) return std::string{part.substr(3, 64)};
    return {};
}

std::optional<WireError> read_field(std::string_view name, std::string_view value, HttpRequest& request) {
    if (equals_ignoring_case(name, "Host")) {
        request.has_host = true;
    } else if (equals_ignoring_case(name, "Connection")) {
        if (has_token(value, "close")) request.keep_alive = false;
    } else if (equals_ignoring_case(name, "User-Agent")) {
        request.user_agent = is_valid_utf8(value) ? value.substr(0, 64) : std::string_view{};
        if (!is_valid_utf8(request.user_agent)) request.user_agent.clear();
    } else if (equals_ignoring_case(name, "Range")) {
        auto const range = parse_range(value);
        if (!range) return range.error();
        request.range = *range;
    } else if (equals_ignoring_case(name, "X-Queued")) {
        request.queue_id = queue_id_of(value);
    } else if (equals_ignoring_case(name, "X-Queue")) {
        request.knows_queue = true;
    } else if (equals_ignoring_case(name, "Transfer-Encoding")) {
        request.has_body = true;
    } else if (equals_ignoring_case(name, "Content-Length")) {
        auto const length = parse_number(value);
        if (!length) return WireError::bad_value;
        if (*length > 0) request.has_body = true;
    }
    return std::nullopt;
}

}  // namespace

Result<HttpRequest> parse_request(std::string_view head) {
    if (head.size() > request_bytes_max) return WireError::limit_exceeded;
    HttpRequest request;
    auto const first = wire::take_line(head);
    if (first.size() > line_bytes_max) return WireError::limit_exceeded;
    if (!is_printable(first)) return WireError::bad_value;
    if (auto const wrong = read_first_line(first, request)) return *wrong;
    for (std::size_t lines = 1; !head.empty(); ++lines) {
        auto const line = wire::take_line(head);
        if (line.empty()) break;
        if (lines >= header_lines_max || line.size() > line_bytes_max) return WireError::limit_exceeded;
        // A folded line continues one we might care about; nobody sends them any more.
        if (line.front() == ' ' || line.front() == '\t') return WireError::bad_value;
        auto const colon = line.find(':');
        if (colon == std::string_view::npos || colon == 0) return WireError::bad_value;
        if (auto const wrong = read_field(trim(line.substr(0, colon)), trim(line.substr(colon + 1)), request)) return *wrong;
    }
    return request;
}

Result<AskedRange> parse_range(std::string_view value) {
    value = trim(value);
    if (value.size() < 6 || !equals_ignoring_case(value.substr(0, 5), "bytes")) return WireError::bad_value;
    if (value[5] != '=' && value[5] != ' ') return WireError::bad_value;
    auto const list = split(value.substr(6), ',');
    if (list.empty()) return WireError::bad_value;
    auto const dash = list.front().find('-');
    if (dash == std::string_view::npos) return WireError::bad_value;
    auto const first = trim(list.front().substr(0, dash));
    auto const last = trim(list.front().substr(dash + 1));
    AskedRange range;
    if (!first.empty() && !(range.first = parse_number(first))) return WireError::bad_value;
    if (!last.empty() && !(range.last = parse_number(last))) return WireError::bad_value;
    if (!range.first && !range.last) return WireError::bad_value;
    if (range.first && range.last && *range.first > *range.last) return WireError::bad_value;
    return range;
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

}  // namespace praline::upload
