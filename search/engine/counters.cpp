#include "search/engine/counters.hpp"

namespace praline::search {

std::vector<std::pair<std::string, std::uint64_t>> named(EngineCounters const& counters) {
    return {
        {"walkers_in", counters.walkers_in},
        {"walkers_ended", counters.walkers_ended},
        {"walkers_refused", counters.walkers_refused},
        {"checks_in", counters.checks_in},
        {"checks_answered", counters.checks_answered},
        {"keys_in", counters.keys_in},
        {"key_returns", counters.key_returns},
        {"hit_cache_hits", counters.hit_cache_hits},
        {"hit_cache_misses", counters.hit_cache_misses},
        {"hit_cache_stored", counters.hit_cache_stored},
        {"hit_cache_refused", counters.hit_cache_refused},
        {"hit_cache_invalidated", counters.hit_cache_invalidated},
        {"queries_held_by_cache", counters.queries_held_by_cache},
        {"queries_shortened_by_cache", counters.queries_shortened_by_cache},
        {"queries_held_by_qrp", counters.queries_held_by_qrp},
        {"leaf_queries_held_by_qrp", counters.leaf_queries_held_by_qrp},
        {"leaf_queries_sent", counters.leaf_queries_sent},
        {"tables_sent", counters.tables_sent},
        {"table_messages_in", counters.table_messages_in},
        {"tables_refused", counters.tables_refused},
    };
}

}  // namespace praline::search
