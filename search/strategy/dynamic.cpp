#include "search/strategy/dynamic.hpp"

#include <algorithm>

#include "search/strategy/walk_rules.hpp"

namespace praline::search::strategy {
namespace {

template <class Searches>
auto find_search(Searches& searches, Guid const& guid) {
    return std::find_if(searches.begin(), searches.end(), [&](auto const& search) { return search.asked.guid == guid; });
}

template <class Sent>
auto place_of(Sent& sent, PeerId peer) {
    return std::lower_bound(sent.begin(), sent.end(), peer, [](auto const& one, PeerId wanted) { return one.first < wanted; });
}

/// Follows from the name of the query and from how long it has gone on: the same in every host.
Rng chance_of(Guid const& guid, std::uint32_t hops_waited) { return WalkChances{guid}.of(0, hops_waited); }

}  // namespace

DynamicRules Dynamic::rules_for(Asked const& asked) const {
    DynamicRules rules;
    rules.probes = limits_.probes;
    rules.hosts_max = limits_.hosts_max;
    rules.hops_waited_max = limits_.hops_waited_max;
    std::uint8_t const far = asked.parameters.ttl.value_or(asked.ttl == Ttl{0} ? limits_.ttl_max : asked.ttl.value());
    rules.ttl_max = std::min(far, limits_.ttl_max);
    rules.results_wanted = limits_.wanted_by(asked.terms->only_urns(), asked.from.has_value(), asked.parameters.results_wanted);
    return rules;
}

void Dynamic::look(Search const& search, Surroundings const& around) {
    connections_.clear();
    qrp::QueryTerms const& terms = *search.asked.terms;
    for (Candidate const& candidate : around.candidates) {
        auto const sent = place_of(search.sent, candidate.peer);
        bool const known = sent != search.sent.end() && sent->first == candidate.peer;
        bool const matches = candidate.table && candidate.table->matches(terms);
        connections_.push_back(Connection{candidate.degree, known ? sent->second : std::uint8_t{0}, candidate.max_ttl,
                                          candidate.load, candidate.probes, matches,
                                          candidate.table && !matches && !terms.only_urns()});  // few tables hold hashes
    }
}

void Dynamic::start(Asked const& asked, Surroundings const& around, Spreads& out) {
    stop(asked.guid);
    Search search{asked, rules_for(asked), {}};
    look(search, around);
    Rng chance = chance_of(asked.guid, 0);
    std::vector<Reach> reaches = search.rules.probe(connections_, chance);
    if (reaches.empty())
        if (auto const first = search.rules.next(connections_, 0, 0, chance)) reaches.push_back(*first);
    if (!send(search, reaches, around, out) || limits_.searches_max == 0) return;
    if (searches_.size() >= limits_.searches_max) searches_.erase(searches_.begin());
    searches_.push_back(std::move(search));
}

bool Dynamic::send(Search& search, std::vector<Reach> const& reaches, Surroundings const& around, Spreads& out) {
    if (reaches.empty()) return false;
    Spread spread{search.asked, search.asked.hops, {}};
    unsigned furthest = 0;
    for (Reach const& reach : reaches) {
        Connection& connection = connections_[reach.connection];
        PeerId const peer = around.candidates[reach.connection].peer;
        search.hosts += std::min(search.rules.gain(connection, reach.ttl), search.rules.hosts_max);
        connection.ttl_sent = reach.ttl;
        auto const sent = place_of(search.sent, peer);
        if (sent != search.sent.end() && sent->first == peer) sent->second = reach.ttl;
        else search.sent.insert(sent, {peer, reach.ttl});
        spread.copies.push_back(Copy{peer, Ttl{reach.ttl}});
        furthest = std::max<unsigned>(furthest, reach.ttl);
    }
    out.push_back(std::move(spread));
    search.hops_waited += furthest;
    search.next = around.now + limits_.wait_per_hop * furthest;
    return search.rules.any_left(connections_) && search.hosts < search.rules.hosts_max &&
           search.hops_waited < search.rules.hops_waited_max;
}

void Dynamic::relay(Asked const& asked, Surroundings const& around, Spreads& out) { flood_.relay(asked, around, out); }

void Dynamic::results(Guid const& guid, std::size_t count) {
    auto const search = find_search(searches_, guid);
    if (search == searches_.end()) return;
    search->found += count;
    if (search->found >= search->rules.results_wanted) searches_.erase(search);
}

void Dynamic::stop(Guid const& guid) {
    if (auto const search = find_search(searches_, guid); search != searches_.end()) searches_.erase(search);
}

bool Dynamic::asks_more(Guid const& guid) const { return find_search(searches_, guid) != searches_.end(); }

void Dynamic::tick(Surroundings const& around, Spreads& out) {
    for (auto search = searches_.begin(); search != searches_.end();) {
        if (around.now < search->next) {
            ++search;
            continue;
        }
        look(*search, around);
        Rng chance = chance_of(search->asked.guid, search->hops_waited);
        auto const next = search->rules.next(connections_, search->found, search->hosts, chance);
        bool const more = next && send(*search, {*next}, around, out);
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
