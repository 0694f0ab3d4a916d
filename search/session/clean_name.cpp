#include "search/session/clean_name.hpp"

#include <algorithm>
#include <cstdint>

#include "node/base/text.hpp"
#include "search/session/limits.hpp"

namespace praline::search {
namespace {

std::size_t sequence_bytes(std::uint8_t lead) {
    if (lead < 0x80) return 1;
    if (lead < 0xE0) return 2;
    return lead < 0xF0 ? 3 : 4;
}

/// The valid character `text` begins with; empty: there is none.
std::string_view first_character(std::string_view text) {
    std::string_view const character = text.substr(0, sequence_bytes(static_cast<std::uint8_t>(text.front())));
    return is_valid_utf8(character) ? character : std::string_view{};
}

std::uint32_t code_point(std::string_view character) {
    auto const lead = static_cast<std::uint8_t>(character.front());
    if (character.size() == 1) return lead;
    std::uint32_t value = lead & (0x7FU >> character.size());
    for (char const c : character.substr(1)) value = (value << 6) | (static_cast<std::uint8_t>(c) & 0x3FU);
    return value;
}

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

/// At most `bytes_max` bytes of valid UTF-8, cut between characters.
std::string_view cut(std::string_view text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return text;
    std::size_t end = bytes_max;
    while (end > 0 && (static_cast<std::uint8_t>(text[end]) & 0xC0) == 0x80) --end;
    return text.substr(0, end);
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
        std::string_view const character = first_character(text);
        text.remove_prefix(std::max<std::size_t>(character.size(), 1));
        if (character.empty() || unwanted(code_point(character)) || (out.empty() && character == " ")) continue;
        out += character;
    }
    return without_blanks_at_end(out);
}

}  // namespace

std::string clean_name(std::string_view name) {
    std::string out = cleaned(name, [](std::uint32_t value) { return is_separator(value) || is_unwanted(value); });
    if (out.size() > name_bytes_max) {
        // What kind of file it is must be seen, and be known to whoever opens it.
        auto const ending = std::string{ending_of(out)};
        out = without_blanks_at_end(cut(out, name_bytes_max - ending.size())) + ending;
    }
    if (out == "." || out == "..") out.clear();
    return out;
}

std::string clean_text(std::string_view text) {
    return without_blanks_at_end(cut(cleaned(text, is_unwanted), name_bytes_max));
}

}  // namespace praline::search
