#pragma once

#include <cstdint>
#include <vector>

#include "tools/simulate/world/graph.hpp"

namespace praline::simulate::world {

/// What describes an overlay.
struct GraphFacts {
    Node nodes = 0;
    std::uint64_t links = 0;
    double degree_mean = 0;
    std::uint32_t degree_median = 0, degree_max = 0;
    std::vector<std::uint64_t> degrees;  ///< nodes with 0, 1, 2, … links
    // Estimated from some nodes, drawn from the seed; exact when there are no more than these.
    std::uint32_t distance_sources = 0;
    double distance_mean = 0;
    std::vector<std::uint64_t> distances;  ///< pairs of a source and another node that are 0, 1, 2, … hops apart
    std::uint32_t clustering_nodes = 0;    ///< with two links at least
    double clustering = 0;  ///< mean share of a node's pairs of neighbours that are neighbours themselves
};

[[nodiscard]] GraphFacts facts_of(Graph const& graph, std::uint64_t seed);

}  // namespace praline::simulate::world
