#pragma once

#include <cstdint>
#include <string>

namespace praline::library {

/// Something that happened to one file of a watched folder, in the order in which it did.
struct FileEvent {
    enum class Kind : std::uint8_t {
        touched,     ///< its times, rights or links were changed, or a program that could write to it has closed it
        moved_from,  ///< it has left this path; `cookie` says for which
        moved_to,
    };
    Kind kind{};
    std::string path;
    std::uint32_t cookie = 0;
};

}  // namespace praline::library
