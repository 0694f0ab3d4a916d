#pragma once

#include "node/base/rng.hpp"
#include "tools/simulate/graph.hpp"

/// Graphs made from chance. The whole graph is given, with every component; same arguments, same graph anywhere.
namespace praline::simulate {

/// G(n,M): so many distinct links, each set of them as likely as any other. @throws BadInput: more than there are pairs.
[[nodiscard]] Graph random_graph(Node nodes, std::uint64_t links, Rng rng);

/// The node of rank i = 1, 2, … has max(1, floor(omega / i^alpha)) link ends, matched at random (configuration model);
/// loops and repeats are dropped. @pre omega >= 1, alpha >= 0.
[[nodiscard]] Graph power_law_graph(Node nodes, double omega, double alpha, Rng rng);

/// Without wrapping round. Node y·width + x.
[[nodiscard]] Graph grid_graph(Node width, Node height);

/// Ultrapeers first: each has `degree` link ends matched at random among them; then its leaves, each with this one link.
[[nodiscard]] Graph two_tier_graph(Node ultrapeers, std::uint32_t degree, std::uint32_t leaves_each, Rng rng);

}  // namespace praline::simulate
