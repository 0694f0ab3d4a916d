#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/base/time.hpp"
#include "webui/api/content_source.hpp"

/// A request and its answer as plain values, so that all decisions are made, and tested, without a socket.
namespace praline::webui {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct ApiRequest {
    std::string method, target;  ///< target as sent: path and query, still percent-encoded
    Headers headers;
    std::string body;
    /// Asked with HEAD, and answered like GET, except that nothing may be changed or used up by it.
    bool head = false;

    /// The only header of that name, case ignored; empty when missing. Twice the same name: see `count`.
    [[nodiscard]] std::string_view header(std::string_view name) const;
    [[nodiscard]] std::size_t count(std::string_view name) const;
    [[nodiscard]] std::string_view path() const;
    /// Decoded value of a query field; empty optional when missing or badly encoded.
    [[nodiscard]] std::optional<std::string> query(std::string_view name) const;
};

struct ApiResponse {
    int status = 200;
    Headers headers;
    std::string body;
    /// Not null: the body is `span` of this, read as it is sent, and `body` is empty.
    std::shared_ptr<ContentSource> content;
    ContentSpan span;
    /// The shell leaves the connection open and sends events, those after `resume_after` first.
    bool event_stream = false;
    std::optional<std::uint64_t> resume_after;
    /// No answer yet, as it takes much work that is done a piece at a time: the shell lets others have the thread, then asks
    /// the same again.
    bool ask_again = false;
    /// With `ask_again`: the work is done elsewhere, so that asking sooner is of no use.
    std::chrono::milliseconds ask_again_after{0};
    /// Set when a Last-Event-ID was sent that is no number: the stream begins with `reset`.
    bool resume_unknown = false;
    /// The answer to HEAD: the shell sends everything but the body.
    bool head_only = false;
    /// The caller has shown the token, both halves of a session, or a link to the file it asks for.
    bool proven = false;
    /// Who that was: `Access::Verdict::caller`. What the connection has open ends with it.
    std::string caller{};
    /// A wrong guess: the shell waits so long before it answers, and closes the connection then.
    Duration hold{};

    [[nodiscard]] std::string_view header(std::string_view name) const;
};

/// The one form of every refusal.
[[nodiscard]] ApiResponse error_response(int status, std::string_view code, std::string_view message);
/// A page of one sentence, for people: `text` and `title` are plain text.
[[nodiscard]] ApiResponse sentence_page(int status, std::string_view title, std::string_view text);
/// Whether a person looks at the answer: a program that wants JSON names it in Accept, and not HTML.
[[nodiscard]] bool wants_html(ApiRequest const& request);
/// What every answer carries: nothing of ours is framed, guessed at, or told to others.
void add_strict_headers(ApiResponse& response);
/// The same with another policy than that of our own pages.
void add_strict_headers(ApiResponse& response, std::string_view content_security_policy);

}  // namespace praline::webui
