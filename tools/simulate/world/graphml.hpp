#pragma once

#include <string_view>

#include "tools/simulate/world/graph.hpp"

namespace praline::simulate::world {

/// The nodes and edges of a GraphML document, in the order in which its nodes stand; edges may name nodes that have no
/// element of their own. Directions, data and ports are ignored; an edge of several ends (hyperedge) or a graph within a
/// node is refused.   @throws BadInput   @source GraphML
[[nodiscard]] Graph parse_graphml(std::string_view document);

}  // namespace praline::simulate::world
