#pragma once

#include <span>

#include "search/strategy/limits.hpp"
#include "search/strategy/strategy.hpp"

namespace praline::search::strategy {

/// The choice of a flood at one node: each eligible neighbour gets a copy. It stands apart from `Flood` so that
/// a host with a million nodes in one adjacency makes the very same choice without an object and a candidate list each.
template <class Link, class Eligible, class Send>
constexpr void flood_to(std::span<Link const> links, Eligible eligible, Send send) {
    for (Link const& link : links)
        if (eligible(link)) send(link);
}

/// To every neighbour, until the TTL runs out. The last hop is saved where a routing table rules a match out.
/// Keeps nothing between queries.
/// @source Gnutella 0.6; node/wire/protocol/routing.md; node/wire/protocol/query-routing.md
class Flood final : public Strategy {
public:
    explicit Flood(FloodLimits limits = {}) : limits_{limits} {}
    void start(QueryContext const& context, RoutingView const& view, ForwardPlans& out) override;
    void relay(QueryContext const& context, RoutingView const& view, ForwardPlans& out) override;

private:
    FloodLimits limits_;
};

}  // namespace praline::search::strategy
