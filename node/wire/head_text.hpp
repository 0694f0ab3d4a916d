#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "node/base/bytes.hpp"

/// What is asked of the text of a head before it is read: see head_lines.hpp and `HeaderBlockParser`.
/// @threads any: pure.
namespace praline::wire {

/// Bytes up to and with the blank line that ends a head; empty: not there yet. CRLF or LF ends a line.
[[nodiscard]] std::optional<std::size_t> head_length(ByteView bytes);

/// The next line of `text`, without its end; `text` is shortened by it.
[[nodiscard]] std::string_view take_line(std::string_view& text);

/// A control character that no line of a head may hold: each of them but the tab.
[[nodiscard]] inline bool is_head_control(char c) {
    auto const code = static_cast<unsigned char>(c);
    return (code < 0x20 && c != '\t') || code == 0x7F;
}

/// Bytes of the empty lines (CRLF) in front of a request: servers skip them (RFC 9112, section 2.2). A CR at the end of
/// `bytes` does not count, since its LF may follow.
[[nodiscard]] std::size_t blank_lines_length(ByteView bytes);

}  // namespace praline::wire
