#include "tools/reproduce/targets.hpp"

#include <array>

namespace praline::reproduce {

std::span<Entry const> all_targets() {
    static constexpr std::array entries{
        Entry{"T1", crawl_floods},        Entry{"T2", walks_and_rings},   Entry{"T3", walks_against_floods},
        Entry{"T6", freenet_convergence}, Entry{"T7", freenet_growth},    Entry{"T8", freenet_failures},
        Entry{"T9", replication_costs},   Entry{"T10", path_replication}, Entry{"T13", horizons},
        Entry{"T14", last_hop_filter},    Entry{"T15", pong_caching},     Entry{"T16", hit_caching},
    };
    return entries;
}

}  // namespace praline::reproduce
