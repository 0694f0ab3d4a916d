#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "unit/index/replica/group_publisher.hpp"

namespace praline::index::replica::group {

/// How a run goes. Everything else follows from the seed.
struct Story {
    std::uint64_t seed = 1;
    std::size_t servers_min = 2, servers_max = 5, publishers_max = 5;
    Duration bad_times = std::chrono::seconds{40};
    std::uint32_t mishap_every_ms = 1500;
    std::optional<Duration> forget_after;  ///< servers are forgotten in bad times already
    bool crashes = true, disk_losses = true, broken_wires = true, silent_wires = true, joins = true, late = true,
         drains = true, odd_clocks = false;
};

struct Ending {
    std::string fault;  ///< empty: every promise was kept
    std::uint64_t events = 0, messages = 0, acknowledgements = 0, crashes = 0;
    std::uint64_t trace = 0;  ///< the same for the same seed
};

[[nodiscard]] ReplicaOptions quick_options();

/// Act one: bad times, with safety checked after every step. Act two: all is mended; then everything must be the same
/// everywhere, and what was acknowledged of those who live must be there.
[[nodiscard]] Ending run(Story const& story);

}  // namespace praline::index::replica::group
