#pragma once

#include <cstddef>
#include <string_view>

#include "node/base/result.hpp"
#include "node/wire/handshake.hpp"

namespace praline::wire {

/// How much of a head is read; a head of a handshake has limits of its own.
struct HeadLimits {
    std::size_t bytes_max = 0;  ///< with the blank line; one line may take all of it
    std::size_t lines_max = 0;  ///< at least 1: start line, continuation lines and the blank line count
};

/// Reads a whole head of HTTP up to its blank line, which `head_length` found. CRLF or LF ends a line; a line that starts
/// with a blank continues the header before it (obs-fold). As strict as is needed for two readers to understand the same:
/// @errors limit_exceeded: bytes or lines; truncated: no blank line; bad_value: an empty start line, a header without a
///         name, a blank before the colon, a CR without LF, or another control character.
/// @threads any: pure. @source RFC 9112, sections 2.2 and 5.
[[nodiscard]] Result<HeaderBlock> parse_http_head(std::string_view head, HeadLimits const& limits);

}  // namespace praline::wire
