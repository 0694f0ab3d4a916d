#pragma once

#include <cstdint>

#include "tools/simulate/world/network_model.hpp"
#include "tools/simulate/world/strategy_names.hpp"
#include "tools/simulate/world/workload_options.hpp"

namespace praline::simulate::world {

/// Strategies' decisions on a compact adjacency, or the node's own objects in every node.
enum class Scale : std::uint8_t { graph, full };

/// What `simulate run` is asked to do, but for the topology.
struct RunOptions {
    StrategyName strategy = StrategyName::flood;
    unsigned ttl = 0;  ///< 0: the strategy's own
    std::uint32_t walkers = 32;
    std::uint32_t check_every = 4;  ///< 0: never
    bool state = false;
    std::uint32_t steps_max = 1024;
    double replication = 0.01;  ///< share of the nodes that hold a match; of an item on average, where there are items
    std::uint64_t queries = 1000;
    std::uint64_t seed = 1;
    unsigned threads = 1;
    Scale scale = Scale::graph;
    bool codec = true;  ///< at full scale: messages go as bytes (`FullOptions::codec`)
    WorkloadOptions workload;
    NetworkOptions network;
    bool log_events = false;  ///< times, bytes, the busiest node; always when the network or copying asks for them

    [[nodiscard]] unsigned effective_ttl() const;
    [[nodiscard]] bool logs_events() const;
};

/// What a run can be divided into: trials where there are items, else queries.
[[nodiscard]] std::uint64_t units_of(RunOptions const& options);
/// Units from `begin` up to `end`.
struct Share {
    std::uint64_t begin = 0, end = 0;

    [[nodiscard]] std::uint64_t units() const { return end - begin; }
    /// The part with this number, from 0, of so many that differ by a unit at most. @pre number < parts
    [[nodiscard]] Share part(std::uint64_t number, std::uint64_t parts) const;
    friend bool operator==(Share const&, Share const&) = default;
};

}  // namespace praline::simulate::world
