#pragma once

#include <cstdint>

#include "tools/simulate/graph.hpp"
#include "tools/simulate/limits.hpp"

/// The messages of the graph host as events: 8 octets each, the fewer the faster.
namespace praline::simulate {

using PackedEvent = std::uint64_t;

inline constexpr unsigned node_bits = 26, ttl_bits = 8, step_bits = 20, walker_bits = 16;
static_assert(nodes_max <= std::uint64_t{1} << node_bits && ttl_max < 1U << ttl_bits && steps_max < 1U << step_bits &&
              walkers_max <= 1U << walker_bits);
static_assert(2 * node_bits + ttl_bits <= 64 && node_bits + step_bits + walker_bits <= 64);

/// One copy of a flooded query on its way.
struct FloodCopy {
    Node to, from;
    unsigned ttl;  ///< as sent

    [[nodiscard]] static constexpr PackedEvent pack(Node to, Node from, unsigned ttl) {
        return PackedEvent{ttl} << (2 * node_bits) | PackedEvent{from} << node_bits | to;
    }
    [[nodiscard]] static constexpr Node to_of(PackedEvent event) {
        return static_cast<Node>(event & ((1U << node_bits) - 1));
    }
    [[nodiscard]] static constexpr FloodCopy unpack(PackedEvent event) {
        return {to_of(event), static_cast<Node>(event >> node_bits & ((1U << node_bits) - 1)),
                static_cast<unsigned>(event >> (2 * node_bits))};
    }
};

/// One walker on its way.
struct WalkCopy {
    Node to;
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

}  // namespace praline::simulate
