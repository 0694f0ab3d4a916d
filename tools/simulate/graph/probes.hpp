#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "search/strategy/dynamic_rules.hpp"
#include "search/strategy/walk_rules.hpp"
#include "tools/simulate/graph/copies.hpp"
#include "tools/simulate/graph/query_transit.hpp"
#include "tools/simulate/world/node_set.hpp"

namespace praline::simulate::graph {

/// Carries floods that come again with a higher TTL: each node remembers from whom it heard the query first, and takes
/// it from there again when it may go further. So dynamic querying asks one connection after the other, and further
/// each time. 8 bytes a node, from the first probe on.
class Probes {
public:
    /// Asks the source's connections as the rules say until they are content or none is left. No connection allows less
    /// than the rules.
    /// @param give_up  a connection behind which no copy was held up by its TTL is not asked again: a real node cannot
    /// know that it would find nothing. Not where the network has faults.
    void widen(QueryTransit& query, search::strategy::DynamicRules const& rules,
               search::strategy::WalkChances const& chances, bool give_up, world::NodeSet const& holders);

    /// The source is about to probe: what is known of other queries is forgotten.
    void begin(QueryTransit const& query);
    /// Carries all copies until none is on its way.
    void carry(QueryTransit& query, world::NodeSet const& holders);
    /// Of a node that has heard the query since `begin`.
    [[nodiscard]] world::Node heard_from(world::Node node) const { return heard_[node].from; }
    [[nodiscard]] std::size_t bytes() const { return heard_.capacity() * sizeof(Heard); }

private:
    struct Heard {
        world::Node from;
        std::uint8_t ttl;   // the highest that came from there
        std::uint8_t hops;  // made by the first copy
    };
    struct Widening;
    void ask(QueryTransit& query, Widening& widening, std::span<search::strategy::Reach const> reaches,
             world::NodeSet const& holders);
    void came(QueryTransit& query, FloodCopy copy, world::NodeSet const& holders);

    std::vector<Heard> heard_;  // of each node
};

}  // namespace praline::simulate::graph
