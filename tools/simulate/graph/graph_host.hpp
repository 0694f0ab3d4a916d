#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "node/base/rng.hpp"
#include "search/strategy/automatic_rules.hpp"
#include "search/strategy/dynamic_rules.hpp"
#include "search/strategy/ring_schedule.hpp"
#include "tools/simulate/graph/probes.hpp"
#include "tools/simulate/graph/query_transit.hpp"
#include "tools/simulate/graph/walkers.hpp"
#include "tools/simulate/world/graph.hpp"
#include "tools/simulate/world/network_model.hpp"
#include "tools/simulate/world/node_set.hpp"
#include "tools/simulate/world/outcome.hpp"

namespace praline::simulate::graph {

/// Hosts the strategies of search/strategy on one adjacency instead of on a node each. Every copy of a query is an event
/// of its own in a calendar, in order of time and sequence; nothing is counted by a formula. What a node decides comes
/// from the functions that the node's strategies call too: `flood_to`, `RingSchedule`, `WalkRules`, `WalkChances`,
/// `any_link`, `unused_link`, `biased_link`, `weighted_link` and `DynamicRules`. What the host replaces is what a strategy
/// keeps between events (which nodes have heard the query, which walker stands where, which links are used), as arrays
/// over all nodes: a bit a node and 8 bytes a copy on its way; 8 bytes a node more with state, with an event log and with
/// dynamic querying. A unit test carries the messages of one strategy object a node on the same graphs and finds the same
/// counts.
///
/// Conventions. Flood: the source sends on every link; a node that hears the query for the first time with TTL left sends
/// it on every link but the one it came by; it does not stop at a match. The first copy to come counts: one that comes later is
/// a duplicate, though it may have more TTL left. Ring: floods from scratch until one finds a match. Walk: a walker that
/// comes to a match ends, the others when a check tells them so; a check takes no time.
/// Without a model each hop takes one unit of time. With one: a ring waits as the node's strategy does before the next one
/// begins; the asker cannot tell a lie from a result, so rings and walkers stop for either, but only a true one is found.
/// One object a thread; graph and model are shared. @source Lv, Cao, Cohen, Li, Shenker 2002.
class GraphHost {
public:
    explicit GraphHost(world::Graph const& graph);
    /// @pre detail is events, or the model's options are faultless. The model outlives the host.
    GraphHost(world::Graph const& graph, world::NetworkModel const& model, Detail detail = Detail::events);

    /// The number of the query that comes next: what the network does to it follows from that.
    void number_query(std::uint64_t number) { query_.number_query(number); }

    /// @param ttl  at most `ttl_max`. @param holders  nodes with a match; not the source.
    world::Outcome flood(world::Node source, unsigned ttl, world::NodeSet const& holders);
    world::Outcome expanding_ring(world::Node source, search::strategy::RingSchedule const& schedule,
                                  world::NodeSet const& holders);
    /// The query's GUID is drawn from `rng`, and what walkers choose follows from it.
    world::Outcome random_walk(world::Node source, Walk const& walk, world::NodeSet const& holders, Rng& rng);

    /// Every node takes a query from the same neighbour again with a higher TTL: it passes it on and does not answer again.
    /// No connection allows less than the rules. @param give_up  a connection behind which no copy was held up by its TTL is
    /// not asked again: a real node cannot know that it would find nothing. Not where the network has faults.
    world::Outcome dynamic(world::Node source, search::strategy::DynamicRules const& rules,
                           world::NodeSet const& holders, Rng& rng, bool give_up = true);

    /// Each neighbour takes walkers; none has a routing table. One result is enough. @param wide  of its last stage.
    world::Outcome automatic(world::Node source, search::strategy::AutomaticRules const& rules,
                             search::strategy::DynamicRules const& wide, world::NodeSet const& holders, Rng& rng,
                             bool give_up = true);

    // With an event log, of the last query; for copies of what was found.
    /// From the node whose match was found first to the last before the source; empty: nothing was found.
    [[nodiscard]] std::vector<world::Node> way_of_find();
    /// Nodes to which a message of it came, in the order in which the first did. @pre it has an event log.
    [[nodiscard]] std::span<world::Node const> visited() const { return query_.log().busy(); }

    // For strategies that flood in steps, each beginning when the last has come to rest.
    /// A query of `source` begins. What is known of the last one is forgotten.
    void begin(world::Node source) { query_.begin(source); }
    /// The source sends it to some of its neighbours, and all copies are carried until none is on its way.
    void carry(std::span<world::Node const> to, unsigned ttl, world::NodeSet const& holders);
    /// Of the query as it is now.
    [[nodiscard]] world::Outcome outcome() { return query_.outcome(); }

    // For strategies that are hosted elsewhere on the same graph.
    [[nodiscard]] QueryTransit& query() { return query_; }
    [[nodiscard]] Probes& probes() { return probes_; }

    /// Bytes of what it keeps beyond the graph. The most so far: nothing is given back.
    [[nodiscard]] std::size_t bytes() const { return query_.bytes() + walkers_.bytes() + probes_.bytes(); }

private:
    [[nodiscard]] world::Outcome outcome_of_stages();

    QueryTransit query_;
    Walkers walkers_;
    Probes probes_;
};

}  // namespace praline::simulate::graph
