#pragma once

#include "search/strategy/biased_rules.hpp"
#include "search/strategy/walking.hpp"

namespace praline::search::strategy {

/// Walkers that go where many links and much capacity are, and past busy neighbours: `attraction` says how these are
/// weighed. With state they never take a link twice in either direction while another is left, so that they part at
/// the first node that they share; without, each link is as likely as it is attractive.
/// @source Adamic, Lukose, Puniyani, Huberman 2001 (degree); Gia (capacity, flow control).
class BiasedWalk final : public Walking {
public:
    explicit BiasedWalk(WalkLimits limits = biased_walk_limits(), FloodLimits flood = {},
                        std::shared_ptr<VisitedLinks> visited = nullptr)
        : Walking{limits, flood, true, std::move(visited)} {}

private:
    [[nodiscard]] std::size_t choose(Links& links, Rng& rng) override;
};

}  // namespace praline::search::strategy
