#pragma once

#include <source_location>

namespace praline {

[[noreturn]] void check_failed(std::source_location where) noexcept;

/// For our own mistakes only, on in every build. Never for what a peer, a user or a disk did.
inline void check(bool condition, std::source_location where = std::source_location::current()) noexcept {
    if (!condition) [[unlikely]]
        check_failed(where);
}

}  // namespace praline
