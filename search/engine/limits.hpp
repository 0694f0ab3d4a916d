#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "search/cache/limits.hpp"
#include "search/strategy/limits.hpp"

/// The bounds of search/engine. The caller that builds a SearchEngine may set each; the defaults are those of a busy
/// ultrapeer.
namespace praline::search {

struct RoutingLimits {
    std::size_t neighbours_max = 1024;          ///< further links are ignored
    std::uint32_t leaf_slots_max = 1U << 21;    ///< of our own table, grown to fit
    std::uint32_t merged_slots_max = 1U << 17;  ///< of the table of an ultrapeer: own words and leaves'
    /// Memory of all tables received together; a table that would exceed it is a fault of the peer that sends it.
    std::size_t received_bytes_max = 32U << 20;
    std::uint8_t default_ttl = 4;         ///< of our own queries
    std::uint8_t hops_and_ttl_max = 4;    ///< of a relayed query: its TTL is trimmed to keep the sum
    std::chrono::seconds table_every{3};  ///< at most one table update to a neighbour in this time
    strategy::RingLimits ring{};          ///< of the strategies, as far as they are not said above
    strategy::WalkLimits walk{};
    strategy::WalkLimits biased_walk = strategy::biased_walk_limits();
    strategy::DynamicLimits dynamic{};
    strategy::KeyLimits key{};
    strategy::AutomaticLimits automatic{};
};

struct EngineLimits {
    std::size_t searches_max = 256;          ///< of ours that are open; the oldest is closed
    std::size_t names_max = 16;              ///< of one search: further rings of it get no hits
    std::chrono::seconds newcomers_for{60};  ///< a link that comes up while a search is so young gets its query too
    std::chrono::milliseconds walk_quiet_for{30'000};  ///< walkers that gave no sign for so long have ended
    std::size_t checks_max = 4096;          ///< questions of walkers whose answer is awaited; the oldest is dropped
    std::chrono::seconds checks_for{60};    ///< and no longer than this
    std::size_t recent_queries_max = 2048;  ///< that went by and whose hits may be kept; the oldest is dropped
    std::size_t results_known_max = 4096;   ///< of one search; further ones count as new each time they come
    std::size_t cached_enough = 10;    ///< so many cached records, widely attested: the query goes on with one hop less
    std::size_t cached_hits_max = 32;  ///< messages that answer one query from the cache
    std::chrono::milliseconds refresh_every{250};  ///< what links say of themselves is read again
    std::uint32_t degree_assumed = 8;              ///< of a neighbour that does not say how many links it has ...
    std::uint32_t degree_max = 64;                 ///< ... and believed of one that does
    std::uint64_t reach_max = 1'000'000'000;       ///< no estimate is above this
};

struct EngineOptions {
    RoutingLimits routing;
    bool hit_cache = true;
    CacheLimits cache{};
    EngineLimits limits{};
};

}  // namespace praline::search
