#include "search/session/clean_name.hpp"

#include <cstdint>

#include "node/base/utf8.hpp"
#include "search/session/limits.hpp"

namespace praline::search {
namespace {

bool is_between(std::uint32_t value, std::uint32_t first, std::uint32_t last) {
    return value >= first && value <= last;
}

bool is_separator(std::uint32_t value) { return value == '/' || value == '\\'; }  // of a path

bool is_unwanted(std::uint32_t value) {
    if (value < 0x20 || is_between(value, 0x7F, 0x9F)) return true;         // control characters
    if (value == 0x061C || is_between(value, 0x200B, 0x200F)) return true;  // zero width and direction marks
    if (is_between(value, 0x2028, 0x202E) || is_between(value, 0x2060, 0x206F))
        return true;                                                        // lines, embeddings, isolates
    if (value == 0xFEFF || is_between(value, 0xFFF9, 0xFFFF)) return true;  // byte order mark, specials
    return is_between(value, 0xE0000, 0xE007F);                             // invisible tags
}

/// The ending of a name with its dot, if it is short enough to be one.
std::string_view ending_of(std::string_view name) {
    auto const dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || name.size() - dot > ending_bytes_max) return {};
    return name.substr(dot);
}

std::string without_blanks_at_end(std::string_view text) {
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return std::string{text};
}

/// All characters that are valid and not unwanted, without blanks in front.
template <class Unwanted>
std::string cleaned(std::string_view text, Unwanted unwanted) {
    std::string out;
    while (!text.empty()) {
        auto const character = first_character(text);
        text.remove_prefix(character ? character->bytes.size() : 1);
        if (!character || unwanted(character->code_point) || (out.empty() && character->code_point == ' ')) continue;
        out += character->bytes;
    }
    return without_blanks_at_end(out);
}

}  // namespace

std::string clean_name(std::string_view name) {
    std::string out = cleaned(name, [](std::uint32_t value) { return is_separator(value) || is_unwanted(value); });
    if (out.size() > name_bytes_max) {
        // What kind of file it is must be seen, and be known to whoever opens it.
        auto const ending = std::string{ending_of(out)};
        out = without_blanks_at_end(utf8_prefix(out, name_bytes_max - ending.size())) + ending;
    }
    if (out == "." || out == "..") out.clear();
    return out;
}

std::string clean_text(std::string_view text) {
    return without_blanks_at_end(utf8_prefix(cleaned(text, is_unwanted), name_bytes_max));
}

}  // namespace praline::search
