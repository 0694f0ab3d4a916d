#include "search/strategy/flood.hpp"

#include <algorithm>
#include <utility>

namespace praline::search::strategy {
namespace {

/// On its last hop a query is of use only to peers that may have a match. A peer that sent no table gets every query.
bool is_eligible(Neighbour const& neighbour, Ttl ttl, QueryContext const& context) {
    return ttl > Ttl{1} || neighbour.table == nullptr || neighbour.table->matches(*context.terms);
}

void append(ForwardPlan&& plan, ForwardPlans& out) {
    if (!plan.next_hops.empty()) out.push_back(std::move(plan));
}

}  // namespace

void Flood::start(QueryContext const& context, RoutingView const& view, ForwardPlans& out) {
    std::uint8_t const wanted = context.ttl == Ttl{0} ? limits_.default_ttl : context.ttl.value();
    ForwardPlan plan{context, {}};
    for (Neighbour const& neighbour : view.neighbours) {
        Ttl const ttl{std::min({wanted, limits_.ttl_max, neighbour.max_ttl})};
        if (ttl == Ttl{0}) continue;
        // Few tables hold hashes, and a query of our own justifies one message to each neighbour.
        if (context.terms->only_urns() || is_eligible(neighbour, ttl, context))
            plan.next_hops.push_back(Hop{neighbour.peer, ttl});
    }
    append(std::move(plan), out);
}

void Flood::relay(QueryContext const& context, RoutingView const& view, ForwardPlans& out) {
    ForwardPlan plan{context, {}};
    plan.next_hops.reserve(view.neighbours.size());
    flood_to(
        view.neighbours, [&](Neighbour const& neighbour) { return is_eligible(neighbour, context.ttl, context); },
        [&](Neighbour const& neighbour) {
            plan.next_hops.push_back(Hop{neighbour.peer, context.ttl});
        });
    append(std::move(plan), out);
}

}  // namespace praline::search::strategy
