#pragma once

#include "tools/simulate/graph.hpp"
#include "tools/simulate/run_options.hpp"
#include "tools/simulate/strategies.hpp"
#include "tools/simulate/tally.hpp"

namespace praline::simulate {

/// round(replication · nodes). @throws BadInput: none, or not one is left to ask.
[[nodiscard]] Node replicas_for(double replication, Node nodes);

/// Asks so many queries, each with replicas on distinct uniform nodes drawn afresh and a source drawn among the others.
/// Query number q is the same whatever the strategy, and its outcome whatever the number of threads.
/// @throws BadInput as `replicas_for`.
[[nodiscard]] Tally run(Graph const& graph, RunOptions const& options);

}  // namespace praline::simulate
