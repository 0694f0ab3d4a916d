#include "tools/simulate/full/presence.hpp"

#include <algorithm>
#include <utility>

namespace praline::simulate::full {

void Presence::leave(world::Node node, world::Node nodes) {
    if (lives_.empty()) lives_.assign(nodes, 0), away_.assign(nodes, false);
    away_[node] = true;
}

std::uint32_t Presence::come(world::Node node) {
    away_[node] = false;
    return ++lives_[node];
}

void Presence::plan(std::vector<Change> changes) {
    changes_ = std::move(changes);
    std::sort(changes_.begin(), changes_.end(), [](Change const& one, Change const& other) {
        return std::pair{one.at, one.node} > std::pair{other.at, other.node};
    });
}

std::optional<world::Node> Presence::next_due(Instant now) {
    if (changes_.empty() || changes_.back().at > now) return std::nullopt;
    world::Node const node = changes_.back().node;
    changes_.pop_back();
    return node;
}

}  // namespace praline::simulate::full
