#pragma once

#include <span>

#include "tools/simulate/graph/query_transit.hpp"
#include "tools/simulate/world/node_set.hpp"

namespace praline::simulate::graph {

/// The source sends its query to some of its neighbours, and all copies are carried until none is on its way. A node
/// that hears the query for the first time with TTL left sends it on every link but the one it came by.
/// @param ttl  at most `ttl_max`. @param holders  nodes with a match; not the source.
void carry_flood(QueryTransit& query, std::span<world::Node const> to, unsigned ttl, world::NodeSet const& holders);

}  // namespace praline::simulate::graph
