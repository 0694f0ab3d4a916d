#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "node/base/ids.hpp"

namespace praline::search::strategy {

/// By which links walkers of which queries have left a node. The strategies of one node share it: a walker that comes back
/// to its origin parts from those that set out there.
/// @threads one.
class VisitedLinks {
public:
    /// @param most  queries that are remembered; the oldest is dropped. 0 counts as 1.
    explicit VisitedLinks(std::size_t most) : most_{std::max<std::size_t>(most, 1)} {}

    /// Peers by which walkers of it left, sorted; empty when it is new. Valid until the next call.
    [[nodiscard]] std::vector<PeerId>& of(Guid const& query) {
        auto const known =
            std::find_if(visited_.begin(), visited_.end(), [&](Visited const& one) { return one.query == query; });
        if (known != visited_.end()) return known->used;
        if (visited_.size() >= most_) visited_.erase(visited_.begin());
        visited_.push_back(Visited{query, {}});
        return visited_.back().used;
    }

private:
    struct Visited {
        Guid query;
        std::vector<PeerId> used;
    };
    std::size_t most_;
    std::vector<Visited> visited_;  // in the order they began
};

}  // namespace praline::search::strategy
