#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "search/strategy/limits.hpp"

/// The bounds of search/routing. Who builds a QueryRouter may set each; the defaults are those of a busy ultrapeer.
namespace praline::search {

struct Limits {
    std::size_t neighbours_max = 1024;             ///< further NeighbourUp events are ignored
    std::uint32_t leaf_slots_max = 1U << 21;       ///< of our own table, grown to fit
    std::uint32_t merged_slots_max = 1U << 17;     ///< of the table of an ultrapeer: own words and leaves'
    /// Memory of all tables received together; a table that would exceed it is a fault of whoever sends it.
    std::size_t received_bytes_max = 32U << 20;
    std::uint8_t default_ttl = 4;                  ///< of our own queries
    std::uint8_t hops_and_ttl_max = 4;             ///< of a relayed query: its TTL is trimmed to keep the sum
    std::chrono::seconds table_every{3};           ///< at most one table update to a neighbour in this time
    strategy::RingLimits ring{};                   ///< of the strategies, as far as they are not said above
    strategy::WalkLimits walk{};
    strategy::WalkLimits biased_walk = strategy::biased_walk_limits();
    strategy::DynamicLimits dynamic{};
    strategy::KeyLimits key{};
    strategy::AutomaticLimits automatic{};
};

}  // namespace praline::search
