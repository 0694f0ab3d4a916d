#pragma once

#include <cstdint>

#include "tools/simulate/world/graph.hpp"
#include "tools/simulate/world/limits.hpp"

/// The messages of the graph host as events: 8 bytes each, the fewer the faster.
namespace praline::simulate::graph {

using PackedEvent = std::uint64_t;

inline constexpr unsigned node_bits = 26, ttl_bits = 8, step_bits = 20, walker_bits = 16;
static_assert(world::nodes_max <= std::uint64_t{1} << node_bits && world::ttl_max < 1U << ttl_bits &&
              world::steps_max < 1U << step_bits && world::walkers_max <= 1U << walker_bits);
static_assert(2 * node_bits + ttl_bits <= 64 && node_bits + step_bits + walker_bits <= 64);

/// One copy of a flooded query on its way.
struct FloodCopy {
    world::Node to, from;
    unsigned ttl;  ///< as sent

    [[nodiscard]] static constexpr PackedEvent pack(world::Node to, world::Node from, unsigned ttl) {
        return PackedEvent{ttl} << (2 * node_bits) | PackedEvent{from} << node_bits | to;
    }
    [[nodiscard]] static constexpr world::Node to_of(PackedEvent event) {
        return static_cast<world::Node>(event & ((1U << node_bits) - 1));
    }
    [[nodiscard]] static constexpr FloodCopy unpack(PackedEvent event) {
        return {to_of(event), static_cast<world::Node>(event >> node_bits & ((1U << node_bits) - 1)),
                static_cast<unsigned>(event >> (2 * node_bits))};
    }
};

/// One walker on its way.
struct WalkCopy {
    world::Node to;
    std::uint32_t step;  ///< that it makes
    std::uint32_t number;

    [[nodiscard]] constexpr PackedEvent pack() const {
        return PackedEvent{number} << (node_bits + step_bits) | PackedEvent{step} << node_bits | to;
    }
    [[nodiscard]] static constexpr WalkCopy unpack(PackedEvent event) {
        return {FloodCopy::to_of(event), static_cast<std::uint32_t>(event >> node_bits & ((1U << step_bits) - 1)),
                static_cast<std::uint32_t>(event >> (node_bits + step_bits))};
    }
};

}  // namespace praline::simulate::graph
