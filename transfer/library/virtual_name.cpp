#include "transfer/library/virtual_name.hpp"

#include <algorithm>
#include <cstdint>

#include "node/base/utf8.hpp"

namespace praline::library {
namespace {

bool is_unwanted(std::uint32_t point) {
    if (point < 0x20 || (point >= 0x7F && point < 0xA0) || point == '/' || point == '\\') return true;
    // What turns the direction of text round, and line ends.
    return point == 0x200E || point == 0x200F || (point >= 0x2028 && point <= 0x202E) ||
           (point >= 0x2066 && point <= 0x2069);
}

}  // namespace

std::string clean_name(std::string_view component) {
    std::string clean;
    while (!component.empty()) {
        auto const character = first_character(component);
        if (character && !is_unwanted(character->code_point))
            clean += character->bytes;
        else
            clean += '_';
        component.remove_prefix(character ? character->bytes.size() : 1);
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
