#pragma once

#include <span>

#include "search/strategy/limits.hpp"
#include "search/strategy/strategy.hpp"

namespace praline::search::strategy {

/// The choice of a flood at one node: each neighbour that is worth a copy gets one. It stands apart from `Flood` so that
/// a host with a million nodes in one adjacency makes the very same choice without an object and a candidate list each.
template <class Neighbour, class Worth, class Send>
constexpr void flood_to(std::span<Neighbour const> neighbours, Worth worth, Send send) {
    for (Neighbour const& neighbour : neighbours)
        if (worth(neighbour)) send(neighbour);
}

/// To every neighbour, until the TTL runs out. The last hop is saved where a routing table rules a match out.
/// Keeps nothing between queries.
/// @source Gnutella 0.6; node/wire/protocol/routing.md; node/wire/protocol/query-routing.md
class Flood final : public Strategy {
public:
    explicit Flood(FloodLimits limits = {}) : limits_{limits} {}
    void start(Asked const& asked, Surroundings const& around, Spreads& out) override;
    void relay(Asked const& asked, Surroundings const& around, Spreads& out) override;

private:
    FloodLimits limits_;
};

}  // namespace praline::search::strategy
