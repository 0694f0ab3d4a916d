#pragma once

#include "tools/simulate/report/tally.hpp"
#include "tools/simulate/strategies.hpp"
#include "tools/simulate/watch.hpp"
#include "tools/simulate/world/graph.hpp"
#include "tools/simulate/world/run_options.hpp"

namespace praline::simulate {

/// Asks so many queries. Without items each has replicas on distinct uniform nodes drawn afresh and a source drawn among the
/// others; query number q is the same whatever the strategy. With items queries are dealt out to trials, each with a
/// `Catalogue` of its own; those of a trial are asked in order, and as long as nothing is copied they too are the same
/// whatever the strategy. The outcome is the same whatever the number of threads.
/// @param share  of the units: the tallies of shares, added in their order, are the tally of the whole.
/// @param watch  may end it early; then the tally is of the queries that were asked.
/// @throws BadInput as `replicas_for`, `Catalogue` and `NetworkModel`.
[[nodiscard]] report::Tally run(world::Graph const& graph, world::RunOptions const& options, world::Share share,
                                Watch* watch = nullptr);
/// All units.
[[nodiscard]] report::Tally run(world::Graph const& graph, world::RunOptions const& options, Watch* watch = nullptr);

}  // namespace praline::simulate
