#pragma once

#include <cstdint>
#include <string>

#include "tools/simulate/graph.hpp"

namespace praline::simulate {

inline constexpr char const* topology_forms =
    "file:PATH (edge list, gzip or plain), random:NODES:LINKS, power-law:NODES:OMEGA:ALPHA, grid:WxH, "
    "two-tier:ULTRAPEERS:DEGREE:LEAVES (leaves of each ultrapeer)";

/// The largest component of what `specification` names; the seed makes it where chance is involved.
/// @throws BadInput: not one of `topology_forms`, or impossible.
[[nodiscard]] Graph make_topology(std::string const& specification, std::uint64_t seed);

}  // namespace praline::simulate
