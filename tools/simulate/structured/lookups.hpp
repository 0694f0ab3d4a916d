#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/simulate/structured/geometry.hpp"

/// Lookups of random keys by random nodes, counted.
namespace praline::simulate::structured {

struct Overlay {
    std::string_view name;
    std::unique_ptr<RoutingGeometry> (*make)(Settings const& settings);
};
[[nodiscard]] std::span<Overlay const> overlays();
[[nodiscard]] Overlay const* overlay_named(std::string_view name);

struct Experiment {
    Settings settings;
    std::uint64_t lookups = 10'000;
    double failed = 0;      ///< so many of the nodes have failed, and nothing is repaired yet; some are up
    bool of_nodes = false;  ///< keys are those of random nodes that are up, instead of any. Not for CAN
    unsigned threads = 1;
};

/// Which nodes are up in it.
[[nodiscard]] Live live_of(Experiment const& experiment);

/// Means are of the lookups that ended at the owner; empty: none did.
struct Outcome {
    std::optional<double> hops_mean, timeouts_mean;
    std::uint64_t hops_max = 0;
    std::vector<std::uint64_t> by_hops;  ///< lookups that took 0, 1, … hops
    double success_rate = 0;             ///< of lookups that ended at the node that has the key
    double entries_mean = 0;             ///< of tables, over all nodes
    std::optional<double> stretch_mean;  ///< length of all ways over that of all straight ones
};

/// The same with any number of threads.
[[nodiscard]] Outcome look_up(RoutingGeometry const& geometry, Experiment const& experiment);

}  // namespace praline::simulate::structured
