#include "transfer/upload/http_reply.hpp"

#include <fmt/core.h>

#include "transfer/upload/file_headers.hpp"
#include "transfer/upload/http_date.hpp"

namespace praline::upload {

namespace {

std::string with_text(ReplyHead head, std::string_view body, bool keep_alive, Method method) {
    head.field("Content-Type", "text/plain").length(body.size()).keep_alive(keep_alive);
    auto text = std::move(head).text();
    if (method != Method::head) text += body;
    return text;
}

std::string with_body(ReplyHead head, int status, bool keep_alive, Method method) {
    return with_text(std::move(head), fmt::format("{} {}\n", status, reason_phrase(status)), keep_alive, method);
}

constexpr std::string_view methods = "GET, HEAD, OPTIONS";
/// So much memory a head takes at once: most are shorter.
constexpr std::size_t head_bytes_usual = 768;

/// The headers by which a peer knows which copy of which file it has.
void name_the_copy(FileFacts const& file, ReplyHead& head) {
    head.field("ETag", etag_of(file.sha1));
    auto const date = file.modified_s ? http_date(*file.modified_s) : std::string{};
    if (!date.empty()) head.field("Last-Modified", date);
    head.field("X-Gnutella-Content-URN", file.sha1.urn());
}

std::string chunked_body(std::string_view body) {
    std::string text;
    for (std::size_t at = 0; at < body.size(); at += chunk_bytes_max) {
        text += chunk_of(body.substr(at, chunk_bytes_max));
    }
    return text + chunk_of({});
}

}  // namespace

std::string_view reason_phrase(int status) {
    switch (status) {
        case 200: return "OK";
        case 206: return "Partial Content";
        case 304: return "Not Modified";
        case 400: return "Bad Request";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 408: return "Request Timeout";
        case 412: return "Precondition Failed";
        case 413: return "Header Too Large";
        case 416: return "Requested Range Not Satisfiable";
        case 429: return "Too Many Requests";
        case 501: return "Not Implemented";
        case 503: return "Busy";
        default: return "Error";
    }
}

ReplyHead::ReplyHead(int status, std::string_view server)
    : text_{fmt::format("HTTP/1.1 {} {}\r\n", status, reason_phrase(status))} {
    text_.reserve(head_bytes_usual);
    field("Server", server);
}

ReplyHead& ReplyHead::field(std::string_view name, std::string_view value) {
    text_.append(name).append(": ").append(value).append("\r\n");
    return *this;
}

ReplyHead& ReplyHead::length(std::uint64_t bytes) { return field("Content-Length", std::to_string(bytes)); }

ReplyHead& ReplyHead::keep_alive(bool keep) { return field("Connection", keep ? "Keep-Alive" : "close"); }

ReplyHead& ReplyHead::lines(std::string_view text) {
    text_ += text;
    return *this;
}

std::string ReplyHead::text() && { return std::move(text_) + "\r\n"; }

std::string etag_of(Sha1 const& sha1) { return '"' + sha1.base32() + '"'; }

ReplyHead file_head(FileFacts const& file, std::optional<Span> const& part, std::string_view server) {
    ReplyHead head{part ? 206 : 200, server};
    head.field("Content-Type", media_type_of(file.name)).length(part ? part->size() : file.size_bytes);
    if (part) head.field("Content-Range", fmt::format("bytes {}-{}/{}", part->begin, part->end - 1, file.size_bytes));
    head.field("Accept-Ranges", "bytes").field("Content-Disposition", content_disposition(file.name));
    // What the name's ending promises is believed, and nothing is guessed from the bytes.
    head.field("X-Content-Type-Options", "nosniff");
    name_the_copy(file, head);
    head.field("X-Thex-URI", fmt::format("/uri-res/N2X?{};{}", file.sha1.urn(), file.tiger_root.base32()));
    return head;
}

std::string not_modified(FileFacts const& file, std::string_view server, bool keep_alive) {
    ReplyHead head{304, server};
    name_the_copy(file, head);
    head.keep_alive(keep_alive);
    return std::move(head).text();
}

std::string allowed_methods(std::string_view server, bool keep_alive) {
    ReplyHead head{200, server};
    head.field("Allow", methods).length(0).keep_alive(keep_alive);
    return std::move(head).text();
}

std::string front_page(std::string_view server, bool browsable, bool keep_alive, Method method) {
    auto const body = fmt::format(
        "This is a Praline node ({}): it shares files with other Gnutella programs, and with any program that asks "
        "for\n"
        "a file by its SHA-1 at /uri-res/N2R?urn:sha1:... {}\n",
        server,
        browsable ? "Gnutella programs that browse are given a list of its files here."
                  : "There is no list of its files here.");
    ReplyHead head{200, server};
    head.field("Content-Type", "text/plain; charset=utf-8").length(body.size()).keep_alive(keep_alive);
    auto text = std::move(head).text();
    if (method != Method::head) text += body;
    return text;
}

ListForm list_form_for(HttpRequest const& request) {
    bool const chunked = request.minor_version > 0;
    return {chunked, chunked && request.keep_alive};
}

std::string list_head(ListForm const& form, std::string_view server) {
    ReplyHead head{200, server};
    head.field("Content-Type", list_media_type);
    if (form.chunked) head.field("Transfer-Encoding", "chunked");
    head.keep_alive(form.keep_alive);
    return std::move(head).text();
}

std::string chunk_of(std::string_view bytes) {
    auto text = fmt::format("{:x}\r\n", bytes.size());
    text += bytes;
    return text + "\r\n";
}

std::string list_refusal(std::optional<std::chrono::seconds> wait, std::string_view server, bool keep_alive,
                         Method method) {
    ReplyHead head{wait ? 429 : 403, server};
    if (wait) head.field("Retry-After", std::to_string(wait->count()));
    return with_text(std::move(head),
                     wait ? "You have had the list of files of this node several times. Ask again later.\n"
                          : "This node gives nobody a list of its files.\n",
                     keep_alive, method);
}

std::string tree_reply(std::string_view body, HttpRequest const& request, std::string_view server) {
    ReplyHead head{200, server};
    head.field("Content-Type", "application/dime");
    // Earlier releases of our own take no chunked reply; HTTP/1.0 has none; a reply to HEAD has no body to be cut.
    bool const chunked =
        request.minor_version > 0 && request.method == Method::get && !request.user_agent.starts_with("Praline/");
    if (chunked)
        head.field("Transfer-Encoding", "chunked");
    else
        head.length(body.size());
    head.keep_alive(request.keep_alive);
    auto text = std::move(head).text();
    if (request.method == Method::head) return text;
    return chunked ? text + chunked_body(body) : text.append(body);
}

std::string refusal(int status, std::string_view server, bool keep_alive, Method method) {
    ReplyHead head{status, server};
    if (status == 405 || status == 501) head.field("Allow", methods);
    return with_body(std::move(head), status, keep_alive, method);
}

std::string range_refusal(std::uint64_t file_bytes, std::string_view server, bool keep_alive, Method method,
                          std::string_view lines) {
    ReplyHead head{416, server};
    head.field("Content-Range", fmt::format("bytes */{}", file_bytes)).lines(lines);
    return with_body(std::move(head), 416, keep_alive, method);
}

std::string busy(Queued const& place, std::string const& ticket, std::string_view server, bool keep_alive,
                 Method method, std::string_view lines) {
    ReplyHead head{503, server};
    auto const wait = place.retry_after.count();
    head.field("Retry-After", std::to_string(wait)).lines(lines);
    if (ticket.empty()) return with_body(std::move(head), 503, keep_alive, method);
    if (place.position > 0)
        head.field("X-Queue", "1.1")
            .field("X-Queued", fmt::format("ID={}; position={}; length={}; ETA={}; lifetime={}", ticket, place.position,
                                           place.length, wait, wait + 60));
    // A widespread program asks again on the connection and takes a body that stands before the next reply for its head.
    head.length(0).keep_alive(keep_alive);
    return std::move(head).text();
}

int status_of(WireError error) {
    switch (error) {
        case WireError::limit_exceeded: return 413;
        case WireError::unknown_type: return 501;
        default: return 400;
    }
}

}  // namespace praline::upload
