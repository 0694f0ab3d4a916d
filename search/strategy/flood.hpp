#pragma once

#include "search/strategy/limits.hpp"
#include "search/strategy/strategy.hpp"

namespace praline::search::strategy {

/// To every neighbour, until the TTL runs out. The last hop is saved where a routing table rules a match out.
/// Keeps nothing between queries.
/// @source 02-messages section 9, 03-search section 1.5.
class Flood final : public Strategy {
public:
    explicit Flood(FloodLimits limits = {}) : limits_{limits} {}
    void start(Asked const& asked, Surroundings const& around, Spreads& out) override;
    void relay(Asked const& asked, Surroundings const& around, Spreads& out) override;

private:
    FloodLimits limits_;
};

}  // namespace praline::search::strategy
