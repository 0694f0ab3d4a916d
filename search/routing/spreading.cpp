#include <algorithm>
#include <utility>

#include "search/routing/query_router_impl.hpp"

/// Queries: those that start here, those that pass, and what comes back to either.
namespace praline::search {

using strategy::Asked;
using strategy::Kind;

namespace {

/// A walker may make more hops than a header can count; what is at the end of the scale would be too far for every
/// neighbour's Hops Flow.
constexpr Hops step_hops_max{254};

bool walks(Kind kind) { return kind == Kind::random_walk || kind == Kind::biased_walk; }

}  // namespace

std::shared_ptr<qrp::QueryTerms const> QueryRouter::Impl::terms_of(QueryView const& view, bool needed) const {
    static std::shared_ptr<qrp::QueryTerms const> const none = std::make_shared<qrp::QueryTerms const>();
    if (!view.query || !needed) return none;
    return std::make_shared<qrp::QueryTerms const>(qrp::QueryTerms::of(*view.query));
}

std::optional<strategy::Walker> QueryRouter::Impl::bounded(strategy::Walker walker) {
    ++counters.walkers_in;
    walker.step = std::max(walker.step, 1U);
    walker.steps_max = std::min(walker.steps_max, limits.walk.steps_max);
    if (walker.number < limits.walk.walkers_max && walker.step <= limits.walk.steps_max) return walker;
    ++counters.walkers_refused;
    return std::nullopt;
}

void QueryRouter::Impl::on(QueryArrived const& event, Instant now, Actions& out) {
    Link const* const from = find(event.from);
    if (!ultrapeer || from == nullptr) return;
    bool const steps = event.walker || event.trip;
    std::uint8_t const hops = event.hops.value();
    if (hops > limits.hops_and_ttl_max && !steps) return;
    // Without any table there is nothing that terms could be compared with.
    Asked asked{event.guid, Ttl{1}, std::min(event.hops, step_hops_max), event.from, event.query.query, event.query.body,
                terms_of(event.query, steps || received_bytes > 0)};
    asked.again = event.again;
    asked.answered_here = event.answered_here;
    if (!steps) {
        asked.ttl = Ttl{std::min<std::uint8_t>(event.ttl.value(), static_cast<std::uint8_t>(limits.hops_and_ttl_max - hops))};
        // A leaf's query starts here. One whose TTL has run out must not be taken for one that leaves it to the strategy.
        if (asked.ttl != Ttl{0}) from->neighbour.ultrapeer ? relay(asked, now, out) : start(Kind::flood, asked, now, out);
    } else {
        if (event.walker) asked.walker = bounded(*event.walker);
        if (event.trip && !asked.walker) {
            ++counters.keys_in;
            asked.trip = event.trip;
        }
        if (asked.walker || asked.trip) relay(asked, now, out);
        if (!event.again) to_strangers(asked, out);
    }
    if (!event.again) to_leaves(asked, !steps && !from->neighbour.ultrapeer, out);
}

void QueryRouter::Impl::on(StartQuery const& event, Instant now, Actions& out) {
    Kind const kind = event.parameters.kind;
    Asked asked{event.guid, event.ttl, Hops{0}, std::nullopt, event.query.query, event.query.body, terms_of(event.query, true)};
    asked.parameters = event.parameters;
    // How far a key request goes is no TTL.
    if (asked.ttl == Ttl{0} && kind != Kind::key) asked.ttl = Ttl{event.parameters.ttl.value_or(0)};
    start(kind, asked, now, out);
    if (ultrapeer) to_leaves(asked, true, out);
}

void QueryRouter::Impl::start(Kind kind, Asked const& asked, Instant now, Actions& out) {
    strategy::Surroundings around = surroundings(asked.from, asked.hops, now);
    strategy::Strategy& chosen = strategies.of(kind);
    chosen.start(asked, around, spreads);
    // Walkers go to nodes of ours only; where they do, strangers are asked in the one way they understand.
    if (walks(kind) && std::any_of(candidates.begin(), candidates.end(), [](auto const& one) { return one.walks; })) {
        std::erase_if(candidates, [](auto const& one) { return one.walks; });
        strategies.of(Kind::flood).start(asked, strategy::Surroundings{candidates, now, rng}, spreads);
    }
    emit_spreads(out);
    drain(chosen, kind, asked.from, now, out);
}

void QueryRouter::Impl::relay(Asked const& asked, Instant now, Actions& out) {
    strategy::Surroundings const around = surroundings(asked.from, asked.hops, now);
    strategy::Strategy& chosen = strategies.relay_for(asked);
    bool const last_hop = !asked.walker && !asked.trip && asked.ttl == Ttl{1};
    std::size_t const able = candidates.size();
    chosen.relay(asked, around, spreads);
    if (last_hop) {
        std::size_t copies = 0;
        for (auto const& spread : spreads) copies += spread.copies.size();
        counters.held_by_tables += able - std::min(copies, able);
    }
    emit_spreads(out);
    if (asked.walker || asked.trip)
        drain(chosen, asked.trip ? Kind::key : asked.walker->biased ? Kind::biased_walk : Kind::random_walk, asked.from, now, out);
}

strategy::Candidate QueryRouter::Impl::candidate(Link const& link) const {
    Neighbour const& one = link.neighbour;
    auto const* const table = one.query_routing ? link.table() : nullptr;
    return {one.peer, one.max_ttl, table, one.praline, one.degree, one.capacity_kbits, one.load, one.ext_probes};
}

void QueryRouter::Impl::find_candidates(std::optional<PeerId> from, Hops hops) {
    candidates.clear();
    candidates.reserve(links.size());
    for (Link const& link : links)
        if (link.neighbour.ultrapeer && link.peer() != from && link.takes(hops)) candidates.push_back(candidate(link));
}

strategy::Surroundings QueryRouter::Impl::surroundings(std::optional<PeerId> from, Hops hops, Instant now) {
    find_candidates(from, hops);
    spreads.clear();
    std::optional<strategy::Candidate> back;
    if (Link const* const link = from ? find(*from) : nullptr; link && link->neighbour.ultrapeer && link->takes(hops))
        back = candidate(*link);
    return {candidates, now, rng, back};
}

void QueryRouter::Impl::emit_spreads(Actions& out) {
    for (strategy::Spread& spread : spreads) {
        if (spread.round_of) out.emplace_back(Renamed{*spread.round_of, spread.asked.guid});
        emit_spread(spread, out);
    }
    spreads.clear();
}

void QueryRouter::Impl::emit_spread(strategy::Spread& spread, Actions& out) {
    // One action for each TTL, as a Forward has one envelope; each walker and each key request is one of its own.
    // Most are in order as they come, and sorting what is sorted would take memory for nothing.
    auto const further = [](strategy::Copy const& a, strategy::Copy const& b) { return a.ttl > b.ttl; };
    if (!std::is_sorted(spread.copies.begin(), spread.copies.end(), further))
        std::stable_sort(spread.copies.begin(), spread.copies.end(), further);
    for (std::size_t at = 0; at < spread.copies.size();) {
        strategy::Copy const& first = spread.copies[at];
        Forward forward{spread.asked.guid, {}, first.ttl, spread.hops, {spread.asked.query, spread.asked.body}, first.walker, first.trip};
        if (!first.walker && !first.trip) forward.to.reserve(spread.copies.size() - at);
        do {
            if (Link const* const link = find(spread.copies[at].to); link != nullptr && link->takes(spread.hops))
                forward.to.push_back(link->peer());
            ++at;
        } while (at < spread.copies.size() && spread.copies[at].ttl == forward.ttl && !forward.walker && !forward.trip &&
                 !spread.copies[at].walker && !spread.copies[at].trip);
        if (!forward.to.empty()) out.emplace_back(std::move(forward));
    }
}

/// What a strategy has to say besides copies.
void QueryRouter::Impl::drain(strategy::Strategy& one, Kind kind, std::optional<PeerId> from, Instant now, Actions& out) {
    strategy::Checks checks;
    one.take_checks(checks);
    for (strategy::Check const& check : checks) {
        std::erase_if(waiting, [&](WaitingWalker const& walker) { return walker.until <= now; });
        if (waiting.size() >= std::max<std::size_t>(limits.walk.waiting_max, 1)) waiting.erase(waiting.begin());
        waiting.push_back(WaitingWalker{check, from, kind, now + limits.walk.patience});
        out.emplace_back(AskOrigin{check});
    }
    strategy::Returns returns;
    one.take_returns(returns);
    for (strategy::Return const& back : returns) {
        ++counters.key_returns;
        out.emplace_back(ReturnKey{back.guid, back.to, back.htl});
    }
}

/// A node of ours that a walker visits asks on behalf of the strangers beside it, to whom no walker comes.
void QueryRouter::Impl::to_strangers(Asked const& asked, Actions& out) {
    Forward forward{asked.guid, {}, Ttl{1}, asked.hops, {asked.query, asked.body}};
    for (Link const& link : links) {
        if (!link.neighbour.ultrapeer || link.neighbour.praline || link.peer() == asked.from || !link.takes(asked.hops)) continue;
        auto const* const table = link.neighbour.query_routing ? link.table() : nullptr;
        if (table == nullptr || table->matches(*asked.terms)) forward.to.push_back(link.peer());
        else ++counters.held_by_tables;
    }
    if (!forward.to.empty()) out.emplace_back(std::move(forward));
}

void QueryRouter::Impl::to_leaves(Asked const& asked, bool starts, Actions& out) {
    // Nobody's table holds hashes for sure; a query for one that starts here is rare enough to be asked of every leaf
    // that shares something. Passing ones would wake all leaves of the network.
    bool const all = starts && asked.terms->only_urns();
    Forward forward{asked.guid, {}, Ttl{1}, asked.hops, {asked.query, asked.body}};
    for (Link const& link : links) {
        if (link.neighbour.ultrapeer || link.peer() == asked.from || !link.takes(asked.hops)) continue;
        auto const* const table = link.table();
        if (table == nullptr) continue;
        if ((all && !table->empty()) || table->matches(*asked.terms)) forward.to.push_back(link.peer());
        else ++counters.held_from_leaves;
    }
    counters.leaves_asked += forward.to.size();
    if (!forward.to.empty()) out.emplace_back(std::move(forward));
}

// ---- what comes back ----

void QueryRouter::Impl::on(StopQuery const& event, Instant, Actions&) {
    strategies.for_each([&](strategy::Strategy& one) { one.stop(event.guid); });
}

void QueryRouter::Impl::on(ResultsCame const& event, Instant, Actions&) {
    strategies.for_each([&](strategy::Strategy& one) { one.results(event.guid, event.count); });
}

void QueryRouter::Impl::on(HitCame const& event, Instant, Actions&) {
    strategies.for_each([&](strategy::Strategy& one) { one.hit_passed(event.guid, event.via); });
}

void QueryRouter::Impl::on(AnswerArrived const& event, Instant now, Actions& out) {
    auto const held = std::find_if(waiting.begin(), waiting.end(), [&](WaitingWalker const& one) {
        return one.check.guid == event.guid && one.check.walker.number == event.number && one.check.walker.step == event.step;
    });
    if (held == waiting.end()) return;
    WaitingWalker const walker = std::move(*held);
    waiting.erase(held);
    // It has made a hop for each step, as far as hops can be counted.
    auto const hops = std::min<std::uint32_t>(walker.check.walker.step, step_hops_max.value());
    strategy::Surroundings const around = surroundings(walker.from, Hops{static_cast<std::uint8_t>(hops)}, now);
    strategy::Strategy& one = strategies.of(walker.kind);
    one.check_answered(walker.check, event.go_on, around, spreads);
    emit_spreads(out);
    drain(one, walker.kind, walker.from, now, out);
}

void QueryRouter::Impl::on(KeyReturned const& event, Instant now, Actions& out) {
    if (find(event.from) == nullptr) return;
    strategy::Surroundings const around = surroundings(std::nullopt, Hops{0}, now);
    strategy::Strategy& key = strategies.of(Kind::key);
    key.returned(strategy::Return{event.guid, event.from, event.htl}, event.from, around, spreads);
    emit_spreads(out);
    drain(key, Kind::key, std::nullopt, now, out);
}

void QueryRouter::Impl::on(Tick const&, Instant now, Actions& out) {
    strategies.for_each([&](strategy::Strategy& one) {
        if (auto const due = one.next_deadline(); !due || now < *due) return;
        one.tick(surroundings(std::nullopt, Hops{0}, now), spreads);
        emit_spreads(out);
        // Walkers ask when they arrive, so only key requests are left to go back.
        drain(one, Kind::key, std::nullopt, now, out);
    });
}

}  // namespace praline::search
