#pragma once

#include <cstdint>
#include <vector>

#include "tools/simulate/world/graph.hpp"
#include "tools/simulate/world/node_set.hpp"

namespace praline::simulate::graph {

/// A flood at equal latencies counted without events: breadth first, hop by hop. It is not the simulator, which carries
/// every copy by itself, but a second way to the same counts: for `simulate exact`, which floods from every node to the
/// end, and for whoever checks the totals of the first. @threads one.
class FloodSweep {
public:
    explicit FloodSweep(world::Graph const& graph) : graph_{graph}, seen_{graph.nodes()} {}

    /// Totals up to each hop, the first at 0; it ends at `ttl`, or one hop after everybody was reached.
    struct Hop {
        std::uint64_t messages, reach;
    };
    std::vector<Hop> const& flood(world::Node source, std::uint32_t ttl);

private:
    struct Heard {
        world::Node node, from;
    };
    world::Graph const& graph_;
    world::NodeBits seen_;
    std::vector<Heard> frontier_, next_;
    std::vector<Hop> hops_;
};

}  // namespace praline::simulate::graph
