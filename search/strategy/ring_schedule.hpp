#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>

namespace praline::search::strategy {

/// How far each ring of an expanding ring reaches, and when to stop. The node's strategy and the simulator's graph
/// host share it.
struct RingSchedule {
    unsigned ttl_first = 1;
    unsigned ttl_step = 2;
    unsigned ttl_max = 7;
    std::size_t results_wanted = 1;

    [[nodiscard]] constexpr unsigned first() const { return std::clamp(ttl_first, 1U, std::max(ttl_max, 1U)); }
    /// The TTL of the ring after one of `ttl` that left us with `found` results; empty: there is none.
    [[nodiscard]] constexpr std::optional<unsigned> after(unsigned ttl, std::size_t found) const {
        if (found >= results_wanted || ttl >= ttl_max) return std::nullopt;
        return std::min(ttl + std::max(ttl_step, 1U), ttl_max);
    }
};

}  // namespace praline::search::strategy
