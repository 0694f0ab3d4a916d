#include "transfer/upload/http_reply.hpp"

#include <ctime>

#include <fmt/core.h>

namespace praline::upload {

namespace {

/// "Sat, 21 Nov 2026 09:16:53 GMT", whatever the locale.
std::string http_date(std::int64_t unix_seconds) {
    constexpr char const* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr char const* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::time_t const time = unix_seconds;
    std::tm parts{};
    if (gmtime_r(&time, &parts) == nullptr) return {};
    return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days[parts.tm_wday], parts.tm_mday, months[parts.tm_mon],
                       parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string with_body(ReplyHead head, int status, bool keep_alive, Method method) {
    auto const body = fmt::format("{} {}\n", status, reason_phrase(status));
    head.field("Content-Type", "text/plain").length(body.size()).keep_alive(keep_alive);
    auto text = std::move(head).text();
    if (method != Method::head) text += body;
    return text;
}

}  // namespace

std::string_view reason_phrase(int status) {
    switch (status) {
    case 200: return "OK";
    case 206: return "Partial Content";
    case 400: return "Bad Request";
    case 404: return "Not Found";
    case 408: return "Request Timeout";
    case 413: return "Header Too Large";
    case 416: return "Requested Range Not Satisfiable";
    case 501: return "Not Implemented";
    case 503: return "Busy";
    default: return "Error";
    }
}

ReplyHead::ReplyHead(int status, std::string_view server)
    : text_{fmt::format("HTTP/1.1 {} {}\r\nServer: {}\r\n", status, reason_phrase(status), server)} {}

ReplyHead& ReplyHead::field(std::string_view name, std::string_view value) {
    text_ += fmt::format("{}: {}\r\n", name, value);
    return *this;
}

ReplyHead& ReplyHead::length(std::uint64_t octets) { return field("Content-Length", std::to_string(octets)); }

ReplyHead& ReplyHead::keep_alive(bool keep) { return field("Connection", keep ? "Keep-Alive" : "close"); }

std::string ReplyHead::text() && { return std::move(text_) + "\r\n"; }

ReplyHead file_head(FileFacts const& file, std::optional<Span> const& part, std::string_view server) {
    ReplyHead head{part ? 206 : 200, server};
    head.field("Content-Type", "application/octet-stream").length(part ? part->size() : file.size_bytes);
    if (part) head.field("Content-Range", fmt::format("bytes {}-{}/{}", part->begin, part->end - 1, file.size_bytes));
    head.field("Accept-Ranges", "bytes");
    if (auto const date = http_date(file.mtime_ns / 1'000'000'000); !date.empty()) head.field("Last-Modified", date);
    head.field("X-Gnutella-Content-URN", file.sha1.urn());
    head.field("X-Thex-URI", fmt::format("/uri-res/N2X?{};{}", file.sha1.urn(), file.tiger_root.base32()));
    return head;
}

std::string refusal(int status, std::string_view server, bool keep_alive, Method method) {
    return with_body(ReplyHead{status, server}, status, keep_alive, method);
}

std::string range_refusal(std::uint64_t file_bytes, std::string_view server, bool keep_alive, Method method) {
    ReplyHead head{416, server};
    head.field("Content-Range", fmt::format("bytes */{}", file_bytes));
    return with_body(std::move(head), 416, keep_alive, method);
}

std::string busy(Queued const& place, std::string const& ticket, std::string_view server, bool keep_alive, Method method) {
    ReplyHead head{503, server};
    auto const wait = place.retry_after.count();
    head.field("Retry-After", std::to_string(wait));
    if (place.position > 0 && !ticket.empty())
        head.field("X-Queue", "1.1")
            .field("X-Queued", fmt::format("ID={}; position={}; length={}; ETA={}; lifetime={}", ticket, place.position,
                                           place.length, wait, wait + 60));
    return with_body(std::move(head), 503, keep_alive, method);
}

int status_of(WireError error) {
    switch (error) {
    case WireError::limit_exceeded: return 413;
    case WireError::unknown_type: return 501;
    default: return 400;
    }
}

}  // namespace praline::upload
