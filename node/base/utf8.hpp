#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

/// Characters of UTF-8 text, with what utf8proc knows of them.   @threads any: pure.   @source RFC 3629
namespace praline {

struct Utf8Character {
    std::uint32_t code_point = 0;
    std::string_view bytes;  ///< 1 to 4, of the text that was looked at
};

/// The well-formed character that `text` begins with; empty: it is empty, or begins with none.
[[nodiscard]] std::optional<Utf8Character> first_character(std::string_view text);

/// The longest beginning of at most `bytes_max` bytes that does not end within a character.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max);

/// Columns that a terminal needs for it: two for a character of East Asian scripts or an emoji, none for a mark that
/// combines with the character before it, one for a byte that is no UTF-8. Characters that some terminals join, such as
/// emoji with a zero-width joiner, are counted one by one, as most terminals do.
[[nodiscard]] std::size_t display_columns(std::string_view text);

}  // namespace praline
