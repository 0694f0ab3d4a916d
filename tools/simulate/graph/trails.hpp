#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tools/simulate/world/graph.hpp"
#include "tools/simulate/world/node_set.hpp"

namespace praline::simulate::graph {

/// Which links of each node walkers that keep state have used: a bit a link. Made when a walk needs it first.
class Trails {
public:
    /// A walk begins: no link has been used.
    void clear(world::Graph const& graph);
    /// The bits of the node's links, in the order of its neighbours, to be read and written. @pre cleared once.
    [[nodiscard]] std::span<std::uint64_t> of(world::Graph const& graph, world::Node node);
    [[nodiscard]] std::size_t bytes() const;

private:
    std::vector<std::uint32_t> begin_;  // of each node in bits_
    std::vector<std::uint64_t> bits_;
    std::vector<world::Node> nodes_;  // with bits set
    world::NodeBits has_bits_{0};
};

}  // namespace praline::simulate::graph
