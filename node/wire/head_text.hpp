#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "node/base/bytes.hpp"

/// For those who read a whole head (HTTP) at once; `HeaderBlockParser` takes one in pieces.
/// @threads any: pure.
namespace praline::wire {

/// Octets up to and with the blank line that ends a head; empty: not there yet. CRLF or LF ends a line.
[[nodiscard]] std::optional<std::size_t> head_length(ByteView bytes);

/// The next line of `text`, without its end; `text` is shortened by it.
[[nodiscard]] std::string_view take_line(std::string_view& text);

}  // namespace praline::wire
