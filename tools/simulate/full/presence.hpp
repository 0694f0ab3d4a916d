#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "node/base/time.hpp"
#include "tools/simulate/world/graph.hpp"

namespace praline::simulate::full {

/// Who is there at full scale, how often each node has come back, and which changes are to come. It costs nothing as
/// long as no node leaves.
class Presence {
public:
    /// At that moment a node that is there leaves, and one that is away comes.
    struct Change {
        Instant at;
        world::Node node;
    };

    [[nodiscard]] bool nobody_ever_left() const { return away_.empty(); }
    [[nodiscard]] bool there(world::Node node) const { return away_.empty() || !away_[node]; }
    /// @pre there(node)
    void leave(world::Node node, world::Node nodes);
    /// @pre !there(node). @return how often it has come back, this time included.
    std::uint32_t come(world::Node node);

    /// In place of what was planned before.
    void plan(std::vector<Change> changes);
    /// The next node whose change is due; it is taken off the plan.
    [[nodiscard]] std::optional<world::Node> next_due(Instant now);

private:
    std::vector<bool> away_;            // empty: no node has ever left
    std::vector<std::uint32_t> lives_;  // how often each node has come back
    std::vector<Change> changes_;       // those to come, the next one last
};

}  // namespace praline::simulate::full
