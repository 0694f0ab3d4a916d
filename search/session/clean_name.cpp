#include "search/session/clean_name.hpp"

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

bool is_between(std::uint32_t value, std::uint32_t first, std::uint32_t last) { return value >= first && value <= last; }

bool is_unwanted(std::uint32_t value) {
    if (value < 0x20 || is_between(value, 0x7F, 0x9F)) return true;                   // control characters
    if (value == '/' || value == '\\') return true;                                   // path separators
    if (value == 0x061C || is_between(value, 0x200B, 0x200F)) return true;            // zero width and direction marks
    if (is_between(value, 0x2028, 0x202E) || is_between(value, 0x2060, 0x206F)) return true;  // lines, embeddings, isolates
    if (value == 0xFEFF || is_between(value, 0xFFF9, 0xFFFF)) return true;            // byte order mark, specials
    return is_between(value, 0xE0000, 0xE007F);                                       // invisible tags
}

}  // namespace

std::string clean_name(std::string_view name) {
    std::string out;
    while (!name.empty()) {
        std::string_view const character = first_character(name);
        if (character.empty()) {
            name.remove_prefix(1);
            continue;
        }
        name.remove_prefix(character.size());
        if (is_unwanted(code_point(character))) continue;
        if (out.empty() && character == " ") continue;
        if (out.size() + character.size() > name_bytes_max) break;
        out += character;
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    if (out == "." || out == "..") out.clear();
    return out;
}

}  // namespace praline::search
