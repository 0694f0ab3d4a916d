#pragma once

#include <cstdint>
#include <vector>

#include "node/base/rng.hpp"
#include "search/strategy/ring_schedule.hpp"
#include "search/strategy/walk_rules.hpp"
#include "tools/simulate/graph.hpp"
#include "tools/simulate/marks.hpp"

namespace praline::simulate {

/// What one query did and cost. One hop takes one unit of time on every link.
struct Outcome {
    bool found = false;
    std::uint32_t hops = 0;         ///< made by the copy that was first to find a match; 0 when none did
    std::uint32_t waited_hops = 0;  ///< the same, and those of the rings before
    std::uint64_t messages = 0;     ///< copies of the query sent, duplicates too, checks not
    std::uint64_t reach = 0;        ///< nodes other than the source that got a copy, each counted once
    std::uint64_t checks = 0;       ///< questions of walkers whether to go on
};

/// Walkers of one query.
struct Walk {
    std::uint32_t walkers = 32;
    search::strategy::WalkRules rules;
    bool keep_state = false;
};

/// Hosts the strategies of search/strategy on one adjacency instead of on a node each. Every copy of a query is carried
/// by itself, in time order; nothing is counted by a formula. What a node decides comes from the functions that the
/// node's strategies call too: `flood_to`, `RingSchedule`, `WalkRules`, `any_link` and `unused_link`. What the host
/// replaces is what a strategy keeps between events (which nodes have heard the query, which walker stands where,
/// which links are used), as arrays over all nodes: 13 octets a node at most, and 8 more with state. A unit test
/// carries the messages of one strategy object a node on the same graphs and finds the same counts.
///
/// Conventions. Flood: the source sends on every link; who hears the query for the first time with TTL left sends it on
/// every link but the one it came by; it does not stop at a match. Ring: floods from scratch until one finds a
/// match. Walk: a walker that comes to a match ends, the others when a check tells them so.
/// One object a thread; the graph is shared. @source Lv, Cao, Cohen, Li, Shenker 2002.
class GraphHost {
public:
    explicit GraphHost(Graph const& graph);

    /// @param holders  nodes with a match; not the source.
    Outcome flood(Node source, unsigned ttl, Marks const& holders);
    Outcome expanding_ring(Node source, search::strategy::RingSchedule const& schedule, Marks const& holders);
    /// The query's GUID is drawn from `rng`, and what walkers choose follows from it.
    Outcome random_walk(Node source, Walk const& walk, Marks const& holders, Rng& rng);

    /// Of the last flood: totals up to each hop it made, the first at 0.
    struct Hop { std::uint64_t messages, reach; };
    [[nodiscard]] std::vector<Hop> const& hops() const { return hops_; }

private:
    struct Heard { Node node, from; };
    struct Walking { Node at; std::uint32_t number; };
    [[nodiscard]] Node step(Node at, bool keep_state, Rng& rng);
    [[nodiscard]] bool exhausted() const { return frontier_.empty(); }
    void forget_trails();

    Graph const& graph_;
    Marks seen_;
    std::vector<Heard> frontier_, next_;
    std::vector<Hop> hops_;
    std::vector<Walking> walkers_;            // those that are alive, in order of their numbers
    std::vector<std::uint32_t> bits_begin_;   // of each node in used_bits_; made when a walk keeps state
    std::vector<std::uint64_t> used_bits_;
    std::vector<Node> trails_;                // nodes with bits set
    Marks has_trail_;
};

}  // namespace praline::simulate
