#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "search/strategy/walk_rules.hpp"
#include "tools/simulate/graph/copies.hpp"
#include "tools/simulate/graph/query_transit.hpp"
#include "tools/simulate/graph/trails.hpp"
#include "tools/simulate/world/node_set.hpp"

namespace praline::simulate::graph {

/// Walkers of one query.
struct Walk {
    std::uint32_t walkers = 32;
    search::strategy::WalkRules rules;
    bool keep_state = false;
    bool biased = false;  ///< towards neighbours with many links; nothing else is known of them here
};

/// Carries the walkers of a query: where each is, and which links those that keep state have used.
class Walkers {
public:
    /// No link has been used.
    void forget_trails(world::Graph const& graph) { trails_.clear(graph); }
    /// Carries walkers from the query's source until none is on its way. In each moment all walkers that arrive look
    /// first; those that found nothing then ask, if it is time, and go on.
    /// @param first  their numbers begin with it. @pre trails forgotten once, if the walk keeps state.
    void carry(QueryTransit& query, Walk const& walk, std::uint32_t first, search::strategy::WalkChances const& chances,
               world::NodeSet const& holders);
    [[nodiscard]] std::size_t bytes() const;

private:
    void step_on(QueryTransit& query, world::Node at, std::uint32_t number, std::uint32_t step, Walk const& walk,
                 search::strategy::WalkChances const& chances);
    void came(QueryTransit& query, WalkCopy copy, world::NodeSet const& holders);
    [[nodiscard]] std::span<world::Node const> links_there(QueryTransit const& query, world::Node at);
    [[nodiscard]] std::optional<world::Node> next_of(QueryTransit const& query, world::Node at, bool keep_state,
                                                     Rng& rng);
    [[nodiscard]] std::optional<world::Node> biased_next_of(QueryTransit const& query, world::Node at,
                                                            world::Node came_from, bool keep_state, Rng& rng);

    std::vector<world::Node> stands_;  // where each walker is, or was last
    std::vector<WalkCopy> arrived_;    // walkers that go on, of this moment
    std::vector<world::Node> links_;   // scratch
    Trails trails_;
};

}  // namespace praline::simulate::graph
