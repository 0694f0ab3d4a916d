#pragma once

#include <cstdint>

#include "node/base/rng.hpp"

namespace praline::simulate::world {

enum class Purpose : std::uint64_t {
    topology = 1,
    query = 2,
    network = 3,
    overlay = 4,
    search = 5,
    servent = 6,
    placement = 7,
    facts = 8
};

/// The generator of one purpose of a run. Streams of neighbouring seeds and numbers have nothing in common: a
/// generator seeded with s + 1 alone would only be one step ahead of that of s.
[[nodiscard]] constexpr Rng stream_of(std::uint64_t seed, Purpose purpose, std::uint64_t number = 0) {
    std::uint64_t const mixed = Rng{Rng{seed}.next() ^ static_cast<std::uint64_t>(purpose)}.next();
    return Rng{Rng{mixed ^ number}.next()};
}

}  // namespace praline::simulate::world
