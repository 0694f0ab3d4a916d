#include "transfer/download/safe_name.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "node/base/text.hpp"
#include "node/base/utf8.hpp"
#include "transfer/download/limits.hpp"

namespace praline::download {

namespace {

constexpr std::size_t extension_bytes_max = 20;

/// Control characters, line breaks, and what turns the direction of text round so that "exe.gpj" reads as a picture.
bool is_invisible(std::uint32_t point) {
    return point < 0x20 || (point >= 0x7F && point < 0xA0) || (point >= 0x200B && point <= 0x200F) ||
           (point >= 0x2028 && point <= 0x202E) || (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF;
}

bool is_plain(Utf8Character const& character) {
    if (is_invisible(character.code_point)) return false;
    return character.bytes.size() > 1 ||
           std::string_view{"/\\:*?\"<>|"}.find(character.bytes.front()) == std::string_view::npos;
}

std::string only_plain_characters(std::string_view text) {
    std::string plain;
    while (!text.empty()) {
        auto const character = first_character(text);
        if (character && is_plain(*character))
            plain += character->bytes;
        else
            plain += '_';
        text.remove_prefix(character ? character->bytes.size() : 1);
    }
    return plain;
}

/// With its dot; empty: none worth keeping.
std::string_view extension_of(std::string_view name) {
    auto const dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || name.size() - dot > extension_bytes_max) return {};
    return name.substr(dot);
}

std::string shortened(std::string_view name, std::string_view inserted) {
    auto const extension = extension_of(name);
    auto const stem = name.substr(0, name.size() - extension.size());
    std::string whole{utf8_prefix(stem, name_bytes_max - extension.size() - inserted.size())};
    whole += inserted;
    whole += extension;
    return whole;
}

bool is_reserved(std::string_view name) {
    constexpr std::array<std::string_view, 4> plain{"con", "prn", "aux", "nul"};
    auto const stem = to_lower_ascii(trim(name.substr(0, name.find('.'))));
    if (std::find(plain.begin(), plain.end(), stem) != plain.end()) return true;
    return stem.size() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) && stem[3] >= '0' && stem[3] <= '9';
}

}  // namespace

std::string safe_name(std::string_view from_network) {
    // Only what stands after the last separator of any system is a name; before it is somebody's folder.
    if (auto const slash = from_network.find_last_of("/\\"); slash != std::string_view::npos)
        from_network.remove_prefix(slash + 1);
    auto plain = only_plain_characters(from_network.substr(0, 16 * name_bytes_max));
    std::string_view name = plain;
    while (!name.empty() && (name.front() == '.' || name.front() == ' ')) name.remove_prefix(1);
    while (!name.empty() && (name.back() == '.' || name.back() == ' ')) name.remove_suffix(1);
    if (name.empty()) return std::string{no_name};
    if (is_reserved(name)) return shortened("_" + std::string{name}, {});
    return shortened(name, {});
}

std::string numbered_name(std::string_view safe, unsigned number) {
    if (number <= 1) return std::string{safe};
    return shortened(safe, " (" + std::to_string(number) + ")");
}

}  // namespace praline::download
