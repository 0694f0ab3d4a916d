#include "search/strategy/dynamic.hpp"

#include <algorithm>

#include "search/strategy/walk_rules.hpp"

namespace praline::search::strategy {
namespace {

template <class Searches>
auto find_search(Searches& searches, Guid const& guid) {
    return std::find_if(searches.begin(), searches.end(),
                        [&](auto const& search) { return search.context.guid == guid; });
}

template <class Sent>
auto place_of(Sent& sent, PeerId peer) {
    return std::lower_bound(sent.begin(), sent.end(), peer,
                            [](auto const& one, PeerId wanted) { return one.first < wanted; });
}

/// Follows from the name of the query and from how long it has gone on: the same in every host.
Rng chance_of(Guid const& guid, std::uint32_t hops_waited) { return WalkChances{guid}.of(0, hops_waited); }

}  // namespace

DynamicRules Dynamic::rules_for(QueryContext const& context) const {
    DynamicRules rules;
    rules.probes = limits_.probes;
    rules.hosts_max = limits_.hosts_max;
    rules.hops_waited_max = limits_.hops_waited_max;
    std::uint8_t const far =
        context.parameters.ttl.value_or(context.ttl == Ttl{0} ? limits_.ttl_max : context.ttl.value());
    rules.ttl_max = std::min(far, limits_.ttl_max);
    rules.results_wanted =
        limits_.wanted_by(context.terms->only_urns(), context.from.has_value(), context.parameters.results_wanted);
    return rules;
}

void Dynamic::look(Search const& search, RoutingView const& view) {
    connections_.clear();
    qrp::QueryTerms const& terms = *search.context.terms;
    for (Neighbour const& neighbour : view.neighbours) {
        auto const sent = place_of(search.sent, neighbour.peer);
        bool const known = sent != search.sent.end() && sent->first == neighbour.peer;
        bool const matches = neighbour.table && neighbour.table->matches(terms);
        connections_.push_back(
            Connection{neighbour.degree, known ? sent->second : std::uint8_t{0}, neighbour.max_ttl, neighbour.load,
                       neighbour.ext_probes, matches,
                       neighbour.table && !matches && !terms.only_urns()});  // few tables hold hashes
    }
}

void Dynamic::start(QueryContext const& context, RoutingView const& view, ForwardPlans& out) {
    stop_querying(context.guid);
    Search search{context, rules_for(context), {}};
    look(search, view);
    Rng chance = chance_of(context.guid, 0);
    std::vector<Reach> reaches = search.rules.probe(connections_, chance);
    if (reaches.empty())
        if (auto const first = search.rules.next(connections_, 0, 0, chance)) reaches.push_back(*first);
    if (!send(search, reaches, view, out) || limits_.searches_max == 0) return;
    if (searches_.size() >= limits_.searches_max) searches_.erase(searches_.begin());
    searches_.push_back(std::move(search));
}

bool Dynamic::send(Search& search, std::vector<Reach> const& reaches, RoutingView const& view, ForwardPlans& out) {
    if (reaches.empty()) return false;
    ForwardPlan plan{search.context, {}};
    unsigned furthest = 0;
    for (Reach const& reach : reaches) {
        Connection& connection = connections_[reach.connection];
        PeerId const peer = view.neighbours[reach.connection].peer;
        search.hosts += std::min(search.rules.gain(connection, reach.ttl), search.rules.hosts_max);
        connection.ttl_sent = reach.ttl;
        auto const sent = place_of(search.sent, peer);
        if (sent != search.sent.end() && sent->first == peer)
            sent->second = reach.ttl;
        else
            search.sent.insert(sent, {peer, reach.ttl});
        plan.next_hops.push_back(Hop{peer, Ttl{reach.ttl}});
        furthest = std::max<unsigned>(furthest, reach.ttl);
    }
    out.push_back(std::move(plan));
    search.hops_waited += furthest;
    search.next = view.now + limits_.wait_per_hop * furthest;
    return search.rules.any_left(connections_) && search.hosts < search.rules.hosts_max &&
           search.hops_waited < search.rules.hops_waited_max;
}

void Dynamic::relay(QueryContext const& context, RoutingView const& view, ForwardPlans& out) {
    flood_.relay(context, view, out);
}

void Dynamic::results(Guid const& guid, std::size_t count) {
    auto const search = find_search(searches_, guid);
    if (search == searches_.end()) return;
    search->found += count;
    if (search->found >= search->rules.results_wanted) searches_.erase(search);
}

void Dynamic::stop_querying(Guid const& guid) {
    if (auto const search = find_search(searches_, guid); search != searches_.end()) searches_.erase(search);
}

bool Dynamic::may_query_more(Guid const& guid) const { return find_search(searches_, guid) != searches_.end(); }

void Dynamic::tick(RoutingView const& view, ForwardPlans& out) {
    for (auto search = searches_.begin(); search != searches_.end();) {
        if (view.now < search->next) {
            ++search;
            continue;
        }
        look(*search, view);
        Rng chance = chance_of(search->context.guid, search->hops_waited);
        auto const next = search->rules.next(connections_, search->found, search->hosts, chance);
        bool const more = next && send(*search, {*next}, view, out);
        search = more ? search + 1 : searches_.erase(search);
    }
}

std::optional<Instant> Dynamic::next_deadline() const {
    std::optional<Instant> earliest;
    for (Search const& search : searches_)
        if (!earliest || search.next < *earliest) earliest = search.next;
    return earliest;
}

}  // namespace praline::search::strategy
