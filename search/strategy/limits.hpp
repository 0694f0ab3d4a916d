#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "search/strategy/automatic_rules.hpp"

/// The bounds of search/strategy, one struct a strategy.
namespace praline::search::strategy {

struct FloodLimits {
    std::uint8_t default_ttl = 4;  ///< of a query that starts here and names none
    std::uint8_t ttl_max = 4;      ///< of any query that starts here
};

struct RingLimits {
    std::uint8_t ttl_first = 1;                    ///< of the innermost ring
    std::uint8_t ttl_step = 2;                     ///< each ring reaches so much further; 0 counts as 1
    std::uint8_t ttl_max = 7;                      ///< of the outermost; neighbours may allow less
    std::size_t results_wanted = 50;               ///< with so many no further ring is sent
    std::chrono::milliseconds wait_per_hop{2400};  ///< before the next ring, for each hop of the last one
    std::size_t searches_max = 64;                 ///< that wait for a further ring; the oldest is dropped
};

struct WalkLimits {
    std::uint32_t walkers = 32;        ///< that leave together, if the search names no number
    std::uint32_t walkers_max = 1024;  ///< that leave together, whatever a search asks for
    std::uint32_t check_every = 4;     ///< steps; 0: walkers never ask
    std::uint32_t steps_max = 1024;    ///< of one walker, whatever a search asks for or a passing one claims
    bool keep_state = true;
    std::size_t results_wanted = 1;              ///< with so many the next check ends a walker
    std::size_t searches_max = 256;              ///< of ours that are remembered; the oldest is dropped
    std::size_t visited_queries_max = 4096;      ///< queries whose used links are remembered; the oldest is dropped
    std::size_t waiting_max = 4096;              ///< walkers that wait for an answer; further ones end
    std::chrono::milliseconds patience{30'000};  ///< a walker whose question gets no answer in this time ends
};

/// The limits of a walk, with the few walkers that a biased one needs.
[[nodiscard]] constexpr WalkLimits biased_walk_limits() {
    WalkLimits limits;
    limits.walkers = 8;
    return limits;
}

struct DynamicLimits {
    std::size_t results_wanted = 150;              ///< of a query of ours
    std::size_t results_wanted_leaf = 50;          ///< of a leaf of ours
    std::size_t results_wanted_hash = 6;           ///< of a query for content by its hash: its sources are all the same
    std::uint8_t ttl_max = 4;                      ///< neighbours may allow less
    std::size_t probes = 3;                        ///< connections asked at once at the start
    std::uint64_t hosts_max = 200'000;             ///< theoretical hosts asked: with so many a query ends
    std::uint32_t hops_waited_max = 250;           ///< waits for so many hops in all: ten minutes
    std::chrono::milliseconds wait_per_hop{2400};  ///< before the next connection, for each hop of the last one
    std::size_t searches_max = 256;                ///< that wait; the oldest is dropped

    /// @param named  what the search itself asks for.
    [[nodiscard]] constexpr std::size_t wanted_by(bool by_hash, bool for_leaf,
                                                  std::optional<std::uint32_t> named) const {
        return named ? *named : by_hash ? results_wanted_hash : for_leaf ? results_wanted_leaf : results_wanted;
    }
};

struct AutomaticLimits {
    AutomaticRules rules{};
    std::chrono::milliseconds wait_near{2400};     ///< for what one hop brings
    std::chrono::milliseconds wait_per_step{300};  ///< for walkers, for each step they may make: many end early or wait
    std::chrono::milliseconds wait_walk_max{60'000};  ///< for one walk, however far it may go
    std::size_t searches_max = 256;                   ///< that may yet go over to another stage; the oldest is dropped
};

struct KeyLimits {
    std::uint8_t htl = 20;             ///< hops a request of ours may make
    std::uint8_t htl_max = 64;         ///< of any request, whatever it or a user asks for
    std::size_t references_max = 250;  ///< keys whose direction is known; the longest unused is evicted
    std::size_t results_wanted = 1;    ///< with so many no flood follows
    std::size_t searches_max = 64;     ///< of ours that are remembered; the oldest is dropped
    std::size_t passing_max = 1024;    ///< requests of others that wait for an answer; the oldest is forgotten
    std::chrono::milliseconds wait_per_hop{1500};  ///< for an answer, for each hop a request may still make
};

}  // namespace praline::search::strategy
