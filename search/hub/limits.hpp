#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "search/cache/limits.hpp"
#include "search/routing/limits.hpp"

/// The bounds of search/hub. Whoever builds a SearchHub may set each.
namespace praline::search {

struct HubLimits {
    std::size_t searches_max = 256;               ///< of ours that are open; the oldest gives way
    std::size_t names_max = 16;                   ///< of one search: further rings of it get no hits
    std::chrono::seconds tell_newcomers_for{60};  ///< a neighbour that comes while a search is so young is asked too
    std::chrono::milliseconds walk_quiet_for{30'000};  ///< walkers from whom nothing was heard for so long have ended
    std::size_t checks_max = 4096;                ///< questions of walkers whose answer is awaited; the oldest gives way
    std::chrono::seconds checks_for{60};          ///< and no longer than this
    std::size_t recent_queries_max = 2048;        ///< that went by and whose hits may be kept; the oldest gives way
    std::size_t results_known_max = 4096;         ///< of one search; further ones count as new each time they come
    std::size_t cached_enough = 10;               ///< so many cached records, widely attested: the query goes on with one hop less
    std::size_t cached_hits_max = 32;             ///< messages that answer one query from the cache
    std::chrono::milliseconds refresh_every{250};  ///< what neighbours are like is looked at again
    std::uint32_t degree_assumed = 8;             ///< of a neighbour that does not say how many links it has ...
    std::uint32_t degree_max = 64;                ///< ... and believed of one that does
    std::uint64_t reach_max = 1'000'000'000;      ///< no estimate is above this
};

struct HubOptions {
    Limits router;
    bool hit_cache = true;
    CacheLimits cache{};
    HubLimits limits{};
};

}  // namespace praline::search
