#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "node/base/bytes.hpp"

/// For those who read a whole head (HTTP) at once; `HeaderBlockParser` takes one in pieces.
/// @threads any: pure.
namespace praline::wire {

/// Octets up to and with the blank line that ends a head; empty: not there yet. CRLF or LF ends a line.
[[nodiscard]] std::optional<std::size_t> head_length(ByteView bytes);

/// The next line of `text`, without its end; `text` is shortened by it.
[[nodiscard]] std::string_view take_line(std::string_view& text);

/// The next header field of `text`, without its end. Lines that continue it (obs-fold: they start with a blank) are
/// joined to it with one blank each; `joined` holds the text then. @pre the line before was taken, so that what comes
/// next starts a field.
[[nodiscard]] std::string_view take_field(std::string_view& text, std::string& joined);

/// Bytes of the empty lines (CRLF) in front of a request: servers skip them (RFC 9112, section 2.2). A CR at the end of
/// `bytes` does not count, since its LF may follow.
[[nodiscard]] std::size_t blank_lines_length(ByteView bytes);

}  // namespace praline::wire
