#pragma once

#include <cstdint>
#include <queue>
#include <vector>

#include "tools/simulate/graph/copies.hpp"
#include "tools/simulate/world/graph.hpp"
#include "tools/simulate/world/network_model.hpp"
#include "tools/simulate/world/node_set.hpp"

namespace praline::bench {

/// The baseline of `bench simulate`: the same flood with the calendar that a simulator usually has, a binary heap ordered
/// by (time, sequence), one event after the other. What a node does with a copy is the same.
class HeapFlood {
public:
    /// @param model  null: each hop takes one unit of time.
    HeapFlood(simulate::world::Graph const& graph, simulate::world::NetworkModel const* model)
        : graph_{graph}, model_{model}, seen_{graph.nodes()} {}

    struct Totals {
        std::uint64_t messages = 0, reach = 0;
        friend bool operator==(Totals const&, Totals const&) = default;
    };
    Totals flood(simulate::world::Node source, unsigned ttl, std::uint64_t query);

private:
    struct Due {
        std::uint64_t at, sequence;
        simulate::graph::PackedEvent event;
        friend bool operator>(Due const& one, Due const& other) {
            return one.at != other.at ? one.at > other.at : one.sequence > other.sequence;
        }
    };
    simulate::world::Graph const& graph_;
    simulate::world::NetworkModel const* model_;
    simulate::world::NodeBits seen_;
    std::priority_queue<Due, std::vector<Due>, std::greater<>> calendar_;
};

}  // namespace praline::bench
