#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "node/base/bytes.hpp"
#include "node/base/result.hpp"

namespace praline::upload {

enum class Method : std::uint8_t { get, head, other };

/// A Range header: the first range of its list. Octets, inclusive.
struct AskedRange {
    std::optional<std::uint64_t> first;  ///< absent: the last `last` octets of the file
    std::optional<std::uint64_t> last;   ///< absent: to the end
    friend bool operator==(AskedRange const&, AskedRange const&) = default;
};

/// What of a request we look at.
struct HttpRequest {
    Method method = Method::other;
    std::string target;
    unsigned minor_version = 1;          ///< of HTTP/1
    bool has_host = false;
    bool has_body = false;               ///< we take none
    bool keep_alive = true;              ///< after Connection and the version
    std::optional<AskedRange> range;
    std::string user_agent;
    std::string queue_id;                ///< from X-Queued: ID=…
    bool knows_queue = false;            ///< X-Queue: 1.x
};

/// Reads a request without its blank line or with it. CRLF or LF ends a line.
/// @errors limit_exceeded: a line or their number; unknown_type: not HTTP/1.x; bad_value: a line, range or length that
///         is none. @threads any: pure. @source RFC 9112; 04-transfer sections 1 and 3 of our protocol notes.
[[nodiscard]] Result<HttpRequest> parse_request(std::string_view head);

/// @errors bad_value: not "bytes=a-b", "bytes=a-" or "bytes=-n".
[[nodiscard]] Result<AskedRange> parse_range(std::string_view value);

/// A range that exists: half open.
struct Span {
    std::uint64_t begin = 0, end = 0;
    [[nodiscard]] std::uint64_t size() const { return end - begin; }
    friend bool operator==(Span const&, Span const&) = default;
};
/// What of a file is meant; empty: nothing of it (416).
[[nodiscard]] std::optional<Span> resolve(AskedRange const& asked, std::uint64_t file_bytes);

}  // namespace praline::upload
