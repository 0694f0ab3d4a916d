#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/simulate/graph.hpp"
#include "tools/simulate/tally.hpp"

namespace praline::simulate {

enum class StrategyName { flood, expanding_ring, random_walk };

[[nodiscard]] char const* to_string(StrategyName strategy);
/// @throws BadInput naming those that exist.
[[nodiscard]] StrategyName strategy_named(std::string const& name);

/// What `simulate run` is asked to do, but for the topology.
struct RunOptions {
    StrategyName strategy = StrategyName::flood;
    unsigned ttl = 0;                ///< 0: 7 for a flood, 255 (what fits an octet) for the outermost ring
    std::uint32_t walkers = 32;
    std::uint32_t check_every = 4;   ///< 0: never
    bool state = false;
    std::uint32_t steps_max = 1024;
    double replication = 0.01;       ///< share of the nodes that hold a match
    std::uint64_t queries = 1000;
    std::uint64_t seed = 1;
    unsigned threads = 1;

    [[nodiscard]] unsigned effective_ttl() const;
};

/// round(replication · nodes). @throws BadInput: none, or not one is left to ask.
[[nodiscard]] Node replicas_for(double replication, Node nodes);

/// Asks so many queries, each with replicas on distinct uniform nodes drawn afresh and a source drawn among the others.
/// Query number q is the same whatever the strategy, and its outcome whatever the number of threads.
/// @throws BadInput as `replicas_for`.
[[nodiscard]] Tally run(Graph const& graph, RunOptions const& options);

}  // namespace praline::simulate
