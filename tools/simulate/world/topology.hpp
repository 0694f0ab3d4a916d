#pragma once

#include <cstdint>
#include <string>

#include "tools/simulate/world/graph.hpp"

namespace praline::simulate::world {

inline constexpr char const* topology_forms =
    "file:PATH (edge list or GraphML; plain, gzip or zstd), names:PATH (edge list of nodes that have names), "
    "random:NODES:LINKS, power-law:NODES:OMEGA:ALPHA, grid:WxH, "
    "barabasi-albert:NODES:LINKS_EACH, "
    "small-world:NODES:DEGREE:BETA, "
    "two-tier:ULTRAPEERS:DEGREE:LEAVES (leaves of each ultrapeer)";

/// Empty, or a sentence that says why no topology can be made of it. Files are not looked at.
[[nodiscard]] std::string why_no_topology(std::string const& specification);

/// It is read from a file.
[[nodiscard]] bool is_of_file(std::string const& specification);

/// What is searched, and what was left out of it.
struct Topology {
    Graph graph;
    Node components = 1;  ///< of all that was made or read; only the largest is kept
    Node nodes_left_out = 0;

    /// "2 components; 3 of 9 nodes are outside the largest and are left out"; empty when nothing was left out.
    [[nodiscard]] std::string what_is_left_out() const;
};
/// As `make_topology`, and says what was left out.
[[nodiscard]] Topology make_whole_topology(std::string const& specification, std::uint64_t seed);

/// The largest component of what `specification` names; the seed makes it where chance is involved.
/// @throws BadInput: not one of `topology_forms`, or impossible.
[[nodiscard]] Graph make_topology(std::string const& specification, std::uint64_t seed);

}  // namespace praline::simulate::world
