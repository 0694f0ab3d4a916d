#pragma once

#include "tools/simulate/graph.hpp"
#include "tools/simulate/run_options.hpp"
#include "tools/simulate/strategies.hpp"
#include "tools/simulate/tally.hpp"
#include "tools/simulate/watch.hpp"

namespace praline::simulate {

/// round(replication · nodes). @throws BadInput: none, or not one is left to ask.
[[nodiscard]] Node replicas_for(double replication, Node nodes);

/// Asks so many queries. Without items each has replicas on distinct uniform nodes drawn afresh and a source drawn among the
/// others; query number q is the same whatever the strategy. With items queries are dealt out to trials, each with a
/// `Catalogue` of its own; those of a trial are asked in order, and as long as nothing is copied they too are the same
/// whatever the strategy. The outcome is the same whatever the number of threads.
/// @param watch  may end it early; then the tally is of the queries that were asked.
/// @throws BadInput as `replicas_for`, `Catalogue` and `NetworkModel`.
[[nodiscard]] Tally run(Graph const& graph, RunOptions const& options, Watch* watch = nullptr);

}  // namespace praline::simulate
