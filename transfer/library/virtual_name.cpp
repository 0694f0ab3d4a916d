#include "transfer/library/virtual_name.hpp"

#include <algorithm>

#include "node/base/text.hpp"

namespace praline::library {
namespace {

/// Bytes of the sequence that starts with `lead`; 1 for what starts none.
std::size_t sequence_octets(unsigned char lead) {
    if (lead >= 0xF0) return 4;
    if (lead >= 0xE0) return 3;
    return lead >= 0xC0 ? 2 : 1;
}

bool is_unwanted(std::string_view character) {
    auto const byte = [&](std::size_t at) { return static_cast<unsigned char>(character[at]); };
    if (character.size() == 1) return byte(0) < 0x20 || byte(0) == 0x7F || byte(0) == '/' || byte(0) == '\\';
    if (character.size() == 2) return byte(0) == 0xC2 && byte(1) < 0xA0;  // C1 controls
    // U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069: direction and line marks.
    if (character.size() != 3 || byte(0) != 0xE2) return false;
    if (byte(1) == 0x80) return byte(2) == 0x8E || byte(2) == 0x8F || (byte(2) >= 0xA8 && byte(2) <= 0xAE);
    return byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9;
}

}  // namespace

std::string clean_name(std::string_view component) {
    std::string clean;
    while (!component.empty()) {
        std::string_view character = component.substr(0, sequence_octets(static_cast<unsigned char>(component[0])));
        if (!is_valid_utf8(character)) character = component.substr(0, 1);
        bool const valid = is_valid_utf8(character);
        if (valid && !is_unwanted(character))
            clean += character;
        else
            clean += '_';
        component.remove_prefix(character.size());
    }
    return clean.empty() ? "_" : clean;
}

std::string unique_name(std::string const& wanted, std::vector<std::string> const& taken) {
    std::string name = wanted;
    for (std::size_t number = 2; std::find(taken.begin(), taken.end(), name) != taken.end(); ++number)
        name = wanted + " (" + std::to_string(number) + ")";
    return name;
}

bool is_within(std::string_view path, std::string_view folder) {
    return path.starts_with(folder) &&
           (path.size() == folder.size() || folder.ends_with('/') || path[folder.size()] == '/');
}

}  // namespace praline::library
