#pragma once

#include <cstdint>

namespace praline {

/// Split-mix generator: 8 bytes, integers only, the same numbers on every machine.
/// Not for secrets: tokens and keys come from the shell's entropy.
class Rng {
public:
    explicit constexpr Rng(std::uint64_t seed) : state_{seed} {}
    /// The generator of one node of a run.
    constexpr Rng(std::uint64_t run_seed, std::uint64_t node) : state_{run_seed * 0x9E3779B97F4A7C15ULL + node} {
        next();
    }
    constexpr std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }
    /// Uniform in [0, bound). @pre bound > 0.
    constexpr std::uint64_t below(std::uint64_t bound) {
        std::uint64_t const threshold = (0 - bound) % bound;
        for (;;) {
            std::uint64_t const draw = next();
            if (draw >= threshold) return draw % bound;
        }
    }

private:
    std::uint64_t state_;
};

}  // namespace praline
