#include "search/strategy/expanding_ring.hpp"

#include <algorithm>
#include <utility>

namespace praline::search::strategy {

ExpandingRing::ExpandingRing(RingLimits limits)
    : limits_{limits}, flood_{FloodLimits{limits.ttl_max, limits.ttl_max}} {}

std::vector<ExpandingRing::Search>::iterator ExpandingRing::find(Guid const& guid) {
    return std::find_if(searches_.begin(), searches_.end(), [&](Search const& search) {
        return std::find(search.names.begin(), search.names.end(), guid) != search.names.end();
    });
}

void ExpandingRing::start(QueryContext const& context, RoutingView const& view, ForwardPlans& out) {
    stop_querying(context.guid);
    unsigned const wanted =
        context.ttl == Ttl{0} ? context.parameters.ttl.value_or(limits_.ttl_max) : context.ttl.value();
    unsigned const far = std::min<unsigned>(wanted, limits_.ttl_max);
    RingSchedule const schedule{limits_.ttl_first, limits_.ttl_step, far,
                                context.parameters.results_wanted.value_or(limits_.results_wanted)};
    Search search{context, {context.guid}, schedule, schedule.first(), 0, view.now};
    send_ring(search, view, out);
    if (!schedule.after(search.ttl, 0) || limits_.searches_max == 0) return;
    if (searches_.size() >= limits_.searches_max) searches_.erase(searches_.begin());
    searches_.push_back(std::move(search));
}

void ExpandingRing::relay(QueryContext const& context, RoutingView const& view, ForwardPlans& out) {
    flood_.relay(context, view, out);
}

void ExpandingRing::results(Guid const& guid, std::size_t count) {
    auto const search = find(guid);
    if (search == searches_.end()) return;
    search->found += count;
    if (!search->schedule.after(search->ttl, search->found)) searches_.erase(search);
}

void ExpandingRing::stop_querying(Guid const& guid) {
    if (auto const search = find(guid); search != searches_.end()) searches_.erase(search);
}

bool ExpandingRing::may_query_more(Guid const& guid) const {
    return std::any_of(searches_.begin(), searches_.end(),
                       [&](Search const& search) { return search.names.front() == guid; });
}

void ExpandingRing::send_ring(Search& search, RoutingView const& view, ForwardPlans& out) {
    std::size_t const before = out.size();
    QueryContext ring = search.context;
    ring.guid = search.names.back();
    ring.ttl = Ttl{static_cast<std::uint8_t>(search.ttl)};
    flood_.start(ring, view, out);
    if (search.names.size() > 1)
        for (std::size_t at = before; at < out.size(); ++at) out[at].round_of = search.names.front();
    search.next_ring = view.now + limits_.wait_per_hop * search.ttl;
}

void ExpandingRing::tick(RoutingView const& view, ForwardPlans& out) {
    // Beyond what every neighbour allows, another ring would only repeat the last one.
    unsigned allowed = 0;
    for (Neighbour const& neighbour : view.neighbours) allowed = std::max<unsigned>(allowed, neighbour.max_ttl);
    for (auto search = searches_.begin(); search != searches_.end();) {
        if (view.now < search->next_ring) {
            ++search;
            continue;
        }
        auto const next = search->schedule.after(search->ttl, search->found);
        if (!next || search->ttl >= allowed) {
            search = searches_.erase(search);
            continue;
        }
        search->ttl = *next;
        search->names.push_back(Guid::random(view.rng));
        send_ring(*search, view, out);
        // The last ring needs no memory of its own: nothing follows it.
        search = search->schedule.after(search->ttl, search->found) ? search + 1 : searches_.erase(search);
    }
}

std::optional<Instant> ExpandingRing::next_deadline() const {
    std::optional<Instant> earliest;
    for (Search const& search : searches_)
        if (!earliest || search.next_ring < *earliest) earliest = search.next_ring;
    return earliest;
}

}  // namespace praline::search::strategy
