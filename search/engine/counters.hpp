#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace praline::search {

struct EngineCounters {
    std::uint64_t walkers_in = 0, walkers_ended = 0, walkers_refused = 0, checks_in = 0, checks_answered = 0,
                  keys_in = 0, key_returns = 0, hit_cache_hits = 0, hit_cache_misses = 0, hit_cache_stored = 0,
                  hit_cache_invalidated = 0, hit_cache_refused = 0, queries_held_by_cache = 0,
                  queries_shortened_by_cache = 0, queries_held_by_qrp = 0, leaf_queries_held_by_qrp = 0,
                  leaf_queries_sent = 0, tables_sent = 0, table_messages_in = 0, tables_refused = 0;
};

/// All of them by their names, which stay: "walkers_in", …
[[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> named(EngineCounters const& counters);

}  // namespace praline::search
