#pragma once

#include "node/base/rng.hpp"
#include "tools/simulate/world/graph.hpp"

/// Graphs made from chance. The whole graph is given, with every component; same arguments, same graph anywhere.
namespace praline::simulate::world {

/// G(n,M): so many distinct links, each set of them as likely as any other. @throws BadInput: more than there are pairs.
[[nodiscard]] Graph random_graph(Node nodes, std::uint64_t links, Rng rng);

/// The node of rank i = 1, 2, … has max(1, floor(omega / i^alpha)) link ends, matched at random (configuration model);
/// loops and repeats are dropped. @pre omega >= 1, alpha >= 0.
[[nodiscard]] Graph power_law_graph(Node nodes, double omega, double alpha, Rng rng);

/// Grows one node at a time, each with `links_each` links to distinct nodes already there, drawn in proportion to their
/// links so far; begins with links_each + 1 nodes all linked to one another. @pre nodes > links_each >= 1.
/// @source Barabási and Albert 1999.
[[nodiscard]] Graph barabasi_albert_graph(Node nodes, std::uint32_t links_each, Rng rng);

/// A ring in which each node is linked to the degree / 2 nearest on either side; then each link, nearest ones first, keeps
/// its one end and with this probability gets a uniformly drawn other end, never a loop or a repeat.
/// @pre degree is even, 2 <= degree < nodes, 0 <= probability <= 1. @source Watts and Strogatz 1998.
[[nodiscard]] Graph small_world_graph(Node nodes, std::uint32_t degree, double probability, Rng rng);

/// Without wrapping round. Node y·width + x.
[[nodiscard]] Graph grid_graph(Node width, Node height);

/// Ultrapeers first: each has `degree` link ends matched at random among them; then its leaves, each with this one link.
[[nodiscard]] Graph two_tier_graph(Node ultrapeers, std::uint32_t degree, std::uint32_t leaves_each, Rng rng);

}  // namespace praline::simulate::world
