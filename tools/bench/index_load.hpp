#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/bench/index_group.hpp"

namespace praline::bench {

/// What one stretch of load showed. Times in milliseconds, from when a request was due to its answer.
struct LoadPoint {
    std::size_t servers = 0;
    double rate = 0;  ///< wanted, a second, of all together
    std::uint64_t sent = 0, dropped = 0;
    double mean_ms = 0, p50_ms = 0, p99_ms = 0;
    double messages_per_write = 0;  ///< between servers, of what the paper counts
    [[nodiscard]] double dropped_share() const {
        return sent == 0 ? 0 : static_cast<double>(dropped) / static_cast<double>(sent);
    }
};

enum class LoadKind : std::uint8_t { writes, reads };

/// Requests at the times of a Poisson process, to random nodes of `nodes`, evenly spread over the servers.
[[nodiscard]] LoadPoint run_load(IndexGroup& group, LoadKind kind, std::uint32_t nodes, double rate, double seconds,
                                 std::uint64_t seed);

}  // namespace praline::bench
