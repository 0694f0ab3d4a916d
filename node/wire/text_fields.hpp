#pragma once

#include <string>
#include <string_view>

#include "node/base/byte_writer.hpp"

/// Text in payloads, inside this room.
namespace praline::wire {

/// The text itself when it is UTF-8; else each byte taken as Latin-1, as old servents sent it.
[[nodiscard]] std::string as_utf8(std::string_view text);

/// Text up to its first NUL, then a NUL.
inline void write_text(std::string_view text, ByteWriter& out) { out.c_string(text.substr(0, text.find('\0'))); }

}  // namespace praline::wire
