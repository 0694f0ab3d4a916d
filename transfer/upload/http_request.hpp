#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/bytes.hpp"
#include "node/base/result.hpp"
#include "node/wire/http_head.hpp"
#include "transfer/upload/conditions.hpp"
#include "transfer/upload/limits.hpp"
#include "transfer/upload/location_exchange.hpp"
#include "transfer/upload/span.hpp"

namespace praline::upload {

enum class Method : std::uint8_t {
    get,
    head,
    options,
    refused,  ///< a method of HTTP that changes something or opens a tunnel: 405
    other,    ///< no method that we know: 501
};

/// One range of a Range header. Bytes, inclusive. A number too large for the type is the largest there is.
struct AskedRange {
    std::optional<std::uint64_t> first;  ///< absent: the last `last` bytes of the file
    std::optional<std::uint64_t> last;   ///< absent: to the end
    friend bool operator==(AskedRange const&, AskedRange const&) = default;
};

/// What of a request we look at.
struct HttpRequest {
    Method method = Method::other;
    std::string target;          ///< as it came: see `parse_target`
    unsigned minor_version = 1;  ///< of HTTP/1
    bool has_host = false;
    bool has_body = false;           ///< we take none
    bool keep_alive = true;          ///< after Connection and the version
    std::vector<AskedRange> ranges;  ///< empty: none was asked for, or what was asked for is to be ignored
    Conditions conditions;
    std::string accept;
    std::string user_agent;
    std::string queue_id;      ///< from X-Queued: ID=…
    bool knows_queue = false;  ///< X-Queue: 1.x
    SaidLocations locations;
};

/// How much of a head is read.
inline constexpr wire::HeadLimits request_limits{request_bytes_max, header_lines_max};

/// @errors unknown_type: not HTTP/1.x; bad_value: a target or length that is none, a Host or a length said twice.
/// @threads any: pure. @source RFC 9112; node/wire/protocol/transfer.md
[[nodiscard]] Result<HttpRequest> parse_request(wire::HeaderBlock const& head);

/// The same for a whole head with its blank line. @errors limit_exceeded, too; truncated: no blank line.
[[nodiscard]] Result<HttpRequest> parse_request(std::string_view head);

/// The ranges of "bytes=a-b,c-,-n". Empty: to be ignored, as another unit, a range that ends before it starts, more
/// than `ranges_max` of them, or what is no range at all (RFC 9110, section 14.2).
[[nodiscard]] std::vector<AskedRange> parse_ranges(std::string_view value);

/// What of a file is meant; empty: nothing of it.
[[nodiscard]] std::optional<Span> resolve(AskedRange const& asked, std::uint64_t file_bytes);
/// The first of them that exists: one answer carries one range. Empty: none does (416).
[[nodiscard]] std::optional<Span> resolve(std::vector<AskedRange> const& asked, std::uint64_t file_bytes);

}  // namespace praline::upload
