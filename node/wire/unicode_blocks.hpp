#pragma once

#include <cstdint>

namespace praline::wire {

/// A number for the Unicode block of a code point (Basic Latin, Cyrillic, Hiragana, …), the same for all of its block.
/// Code points of no block count as of one with their neighbours.
/// @threads any: pure.   @source Unicode 15.0, Blocks.txt.
[[nodiscard]] unsigned unicode_block(std::uint32_t code_point) noexcept;

/// The block belongs to a script that writes its words without blanks between them: Chinese, Japanese, Thai, Lao, Khmer,
/// Burmese and the like. Korean counts too: it joins words and endings.
[[nodiscard]] bool is_of_unspaced_script(std::uint32_t code_point) noexcept;

}  // namespace praline::wire
