#pragma once

#include "search/strategy/walking.hpp"

namespace praline::search::strategy {

/// Walkers that take any link with equal chance; with state, any that no walker of the query has left by.
/// @source Lv, Cao, Cohen, Li, Shenker 2002.
class RandomWalk final : public Walking {
public:
    explicit RandomWalk(WalkLimits limits = {}, FloodLimits flood = {}, std::shared_ptr<VisitedLinks> visited = nullptr)
        : Walking{limits, flood, false, std::move(visited)} {}

private:
    [[nodiscard]] std::size_t choose(Links& links, Rng& rng) override;
};

}  // namespace praline::search::strategy
