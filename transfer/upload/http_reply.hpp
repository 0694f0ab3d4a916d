#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "node/base/result.hpp"
#include "node/base/urn.hpp"
#include "transfer/upload/http_request.hpp"
#include "transfer/upload/upload_slots.hpp"

namespace praline::upload {

/// Heads of replies as text. @threads any: pure. @source node/wire/protocol/transfer.md
class ReplyHead {
public:
    /// @param server goes into every reply: some clients take nothing from who does not say what it is.
    ReplyHead(int status, std::string_view server);
    ReplyHead& field(std::string_view name, std::string_view value);
    ReplyHead& length(std::uint64_t bytes);
    ReplyHead& keep_alive(bool keep);
    /// Whole fields, each with its line end.
    ReplyHead& lines(std::string_view text);
    /// With the blank line.
    [[nodiscard]] std::string text() &&;

private:
    std::string text_;
};

[[nodiscard]] std::string_view reason_phrase(int status);

/// What the headers of a shared file say.
struct FileFacts {
    std::string name;
    std::uint64_t size_bytes = 0;
    Sha1 sha1;
    TigerHash tiger_root;
    std::optional<std::int64_t> modified_s;  ///< seconds since 1970; empty: a partial file, which has no such time
};
/// A file is known by its bytes, so its tag is its SHA-1.
[[nodiscard]] std::string etag_of(Sha1 const& sha1);
/// @param part empty: the whole file without a Range (200).
[[nodiscard]] ReplyHead file_head(FileFacts const& file, std::optional<Span> const& part, std::string_view server);

/// 304, which has no body.
[[nodiscard]] std::string not_modified(FileFacts const& file, std::string_view server, bool keep_alive);
/// The answer to OPTIONS.
[[nodiscard]] std::string allowed_methods(std::string_view server, bool keep_alive);
/// Of the list of what is shared: query hits, one after the other.
inline constexpr std::string_view list_media_type = "application/x-gnutella-packets";
/// What a browser sees at "/". @param browsable  other programs are given a list of files there.
[[nodiscard]] std::string front_page(std::string_view server, bool browsable, bool keep_alive, Method method);
/// How the list of what is shared is sent.
struct ListForm {
    bool chunked = true;  ///< else it ends with the connection
    bool keep_alive = true;
};
[[nodiscard]] ListForm list_form_for(HttpRequest const& request);
[[nodiscard]] std::string list_head(ListForm const& form, std::string_view server);
/// One chunk of a body; of no bytes: its end.
[[nodiscard]] std::string chunk_of(std::string_view bytes);
/// There is no list for that peer: 403; or, with `wait`, not yet another one: 429.
[[nodiscard]] std::string list_refusal(std::optional<std::chrono::seconds> wait, std::string_view server,
                                       bool keep_alive, Method method);
/// A tree with its head, chunked where the request allows it: a widespread program cuts off a tree that comes with its
/// length.
[[nodiscard]] std::string tree_reply(std::string_view body, HttpRequest const& request, std::string_view server);

/// A whole refusal with its short body (left out for HEAD).
[[nodiscard]] std::string refusal(int status, std::string_view server, bool keep_alive, Method method);
/// @param lines  what else is said of the file, as whole fields, here and below.
[[nodiscard]] std::string range_refusal(std::uint64_t file_bytes, std::string_view server, bool keep_alive,
                                        Method method, std::string_view lines = {});
/// @param ticket  names the place; empty: the peer knows no queue, and is told so in a body.
[[nodiscard]] std::string busy(Queued const& place, std::string const& ticket, std::string_view server, bool keep_alive,
                               Method method, std::string_view lines = {});

/// The refusal a bad head deserves.
[[nodiscard]] int status_of(WireError error);

}  // namespace praline::upload
