#include "tools/reproduce/targets.hpp"

#include <array>

namespace praline::reproduce {

std::span<Entry const> all_targets() {
    static constexpr std::array entries{
        Entry{"T1", crawl_floods},      Entry{"T2", walks_and_rings},   Entry{"T3", walks_against_floods},
        Entry{"T4", pastry_routes},     Entry{"T5", pastry_failures},   Entry{"T6", freenet_convergence},
        Entry{"T7", freenet_growth},    Entry{"T8", freenet_failures},  Entry{"T9", replication_costs},
        Entry{"T10", path_replication}, Entry{"T11", kademlia_lookups}, Entry{"T13", horizons},
        Entry{"T14", last_hop_filter},  Entry{"T15", pong_caching},     Entry{"T16", hit_caching},
        Entry{"T19", volunteers},       Entry{"T20", leaf_sets},        Entry{"T22", nearest_of_five},
        Entry{"T23", chord_paths},      Entry{"T24", chord_failures},   Entry{"T25", chord_lost_keys},
        Entry{"T26", can_paths},        Entry{"T28", object_location},  Entry{"T30", storage},
        Entry{"T31", web_cache},        Entry{"T37", work_units},
    };
    return entries;
}

}  // namespace praline::reproduce
