#pragma once

#include <cstdint>
#include <vector>

#include "tools/simulate/world/graph.hpp"
#include "tools/simulate/world/node_set.hpp"

namespace praline::simulate::full {

/// Which nodes a query reached, in order, and how many messages came to each.
class Coverage {
public:
    explicit Coverage(world::Node nodes) : seen_{nodes}, came_(nodes, 0) {}

    void begin(world::Node source) {
        begin_round(source);
        for (world::Node const node : busy_) came_[node] = 0;
        busy_.clear();
    }
    /// Nodes may be reached again; messages that came still count.
    void begin_round(world::Node source) {
        seen_.clear();
        seen_.add(source);
        reached_.clear();
    }
    /// @return whether it is new.
    bool reach(world::Node node) {
        if (!seen_.add(node)) return false;
        reached_.push_back(node);
        return true;
    }
    /// A message comes. @return how many have.
    std::uint32_t message_to(world::Node node) {
        if (came_[node]++ == 0) busy_.push_back(node);
        return came_[node];
    }
    void prefetch(world::Node node) const {
        __builtin_prefetch(&came_[node]);
        seen_.prefetch(node);
    }
    [[nodiscard]] bool has_reached(world::Node node) const { return seen_.has(node); }
    [[nodiscard]] std::vector<world::Node> const& reached() const { return reached_; }

private:
    world::NodeSet seen_;
    std::vector<world::Node> reached_;
    std::vector<std::uint32_t> came_;  // messages, of the nodes in busy_
    std::vector<world::Node> busy_;
};

}  // namespace praline::simulate::full
