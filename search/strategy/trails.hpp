#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "node/base/ids.hpp"

namespace praline::search::strategy {

/// By which links walkers of which queries have left a node. The strategies of one node share it: a walker that comes home
/// to its asker parts from those that set out there.
/// @threads one.
class Trails {
public:
    /// @param most  queries that are remembered; the oldest gives way. 0 counts as 1.
    explicit Trails(std::size_t most) : most_{std::max<std::size_t>(most, 1)} {}

    /// Peers by which walkers of it left, sorted; empty when it is new. Valid until the next call.
    [[nodiscard]] std::vector<PeerId>& of(Guid const& query) {
        auto const known = std::find_if(trails_.begin(), trails_.end(), [&](Trail const& one) { return one.query == query; });
        if (known != trails_.end()) return known->used;
        if (trails_.size() >= most_) trails_.erase(trails_.begin());
        trails_.push_back(Trail{query, {}});
        return trails_.back().used;
    }

private:
    struct Trail { Guid query; std::vector<PeerId> used; };
    std::size_t most_;
    std::vector<Trail> trails_;  // in the order they began
};

}  // namespace praline::search::strategy
