#include "node/base/utf8.hpp"

#include <utf8proc.h>

namespace praline {
namespace {

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

}  // namespace

std::optional<Utf8Character> first_character(std::string_view text) {
    if (text.empty()) return std::nullopt;
    utf8proc_int32_t code_point = 0;
    auto const length = utf8proc_iterate(reinterpret_cast<utf8proc_uint8_t const*>(text.data()),
                                         static_cast<utf8proc_ssize_t>(text.size()), &code_point);
    if (length <= 0) return std::nullopt;
    return Utf8Character{static_cast<std::uint32_t>(code_point), text.substr(0, static_cast<std::size_t>(length))};
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return text;
    while (bytes_max > 0 && continues_character(text[bytes_max])) --bytes_max;
    return text.substr(0, bytes_max);
}

std::size_t display_columns(std::string_view text) {
    std::size_t columns = 0;
    while (!text.empty()) {
        auto const character = first_character(text);
        columns +=
            character
                ? static_cast<std::size_t>(utf8proc_charwidth(static_cast<utf8proc_int32_t>(character->code_point)))
                : 1;
        text.remove_prefix(character ? character->bytes.size() : 1);
    }
    return columns;
}

}  // namespace praline
