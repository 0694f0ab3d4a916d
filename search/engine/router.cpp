#include "search/engine/router.hpp"

#include <algorithm>
#include <utility>

namespace praline::search {

using strategy::Kind;
using strategy::QueryContext;

namespace {

/// A walker may make more hops than a header can count; what is at the end of the scale would be too far for every
/// neighbour's Hops Flow.
constexpr Hops step_hops_max{254};

std::shared_ptr<qrp::QueryTerms const> terms_of(wire::QueryPtr const& query, bool needed) {
    static std::shared_ptr<qrp::QueryTerms const> const none = std::make_shared<qrp::QueryTerms const>();
    if (!query || !needed) return none;
    return std::make_shared<qrp::QueryTerms const>(qrp::QueryTerms::of(query->query));
}

/// The query as it goes out: with the walker or key request it goes as, or without any.
wire::QueryPtr as_sent(wire::QueryPtr const& query, strategy::Hop const& as) {
    if (!query || (!as.walker && !as.key_request && !wire::carries_steps(query->query))) return query;
    wire::Query fresh = query->query;
    (void)wire::remove_steps(fresh);
    if (as.walker)
        wire::put(fresh, *as.walker);
    else if (as.key_request)
        wire::put(fresh, *as.key_request);
    return wire::routed(std::move(fresh));
}

/// Whether a walker left, or asked, by one of these.
bool walker_lives(std::vector<overlay::Event> const& events, std::size_t from) {
    return std::any_of(events.begin() + static_cast<std::ptrdiff_t>(from), events.end(),
                       [](overlay::Event const& event) {
                           auto const* const forward = std::get_if<overlay::ForwardQuery>(&event);
                           return std::holds_alternative<overlay::SendNote>(event) ||
                                  (forward != nullptr && wire::walker_of(forward->query->query));
                       });
}

bool is_step(QueryContext const& context) { return context.walker || context.key_request; }

}  // namespace

/// What a strategy sees of the neighbours for one query, and its plans. Made for each query: among many nodes, memory that
/// this one used long ago is far away.
struct QueryRouter::Decision {
    Decision(Neighbourhood const& neighbourhood, std::optional<PeerId> from, Hops hops, Instant now, Rng& rng)
        : neighbours{neighbourhood.candidates(from, hops)},
          view{neighbours, now, rng, neighbourhood.reverse_path(from, hops)} {}
    Decision(Decision const&) = delete;
    Decision& operator=(Decision const&) = delete;

    std::vector<Neighbour> neighbours;
    strategy::RoutingView view;
    strategy::ForwardPlans plans;
};

// ---- queries of others ----

std::optional<wire::WalkerItem> QueryRouter::bounded(wire::WalkerItem walker) {
    strategy::WalkLimits const& limits = parts_.limits.walk;
    ++counters_.walkers_in;
    walker.step = std::max(walker.step, 1U);
    walker.steps_max = std::min(walker.steps_max, limits.steps_max);
    if (walker.number < limits.walkers_max && walker.step <= limits.steps_max) return walker;
    ++counters_.walkers_refused;
    return std::nullopt;
}

QueryContext QueryRouter::context_of(overlay::QueryArrived const& query, Passing const& passing) {
    // Without any table there is nothing that terms could be compared with.
    bool const needs_terms = passing.is_step() || parts_.tables.any_received();
    QueryContext context{query.guid, Ttl{1},      std::min(query.hops, step_hops_max),
                         query.from, query.query, terms_of(query.query, needs_terms)};
    context.again = query.again;
    context.answered_here = passing.answered_here;
    if (passing.walker) context.walker = bounded(*passing.walker);
    if (passing.key_request && !context.walker) {
        ++counters_.keys_in;
        context.key_request = passing.key_request;
    }
    return context;
}

void QueryRouter::relay(overlay::QueryArrived const& query, Passing const& passing, Turn const& turn) {
    std::size_t const before = turn.out.overlay.size();
    Neighbour const* const from = parts_.neighbourhood.find(query.from);
    std::uint8_t const hops = query.hops.value(), most = parts_.limits.hops_and_ttl_max;
    bool const goes_on = parts_.neighbourhood.is_ultrapeer() && from != nullptr && (passing.is_step() || hops <= most);
    if (goes_on) {
        QueryContext context = context_of(query, passing);
        if (!passing.is_step()) {
            context.ttl = Ttl{std::min<std::uint8_t>(passing.ttl.value(), static_cast<std::uint8_t>(most - hops))};
            // A leaf's query starts here. One whose TTL has run out must not be taken for one that leaves it to the strategy.
            if (context.ttl != Ttl{0})
                from->ultrapeer ? relay(context, passing.route, turn) : start(Kind::flood, context, turn);
        } else {
            if (is_step(context)) relay(context, passing.route, turn);
            if (!query.again) to_foreign_peers(context, turn);
        }
        if (!query.again) to_leaves(context, !passing.is_step() && !from->ultrapeer, turn);
    }
    if (passing.walker && !walker_lives(turn.out.overlay, before)) ++counters_.walkers_ended;
}

void QueryRouter::relay(QueryContext const& context, std::optional<PeerId> route, Turn const& turn) {
    Decision decision{parts_.neighbourhood, context.from, context.hops, turn.now, rng_};
    Kind const kind = Strategies::kind_of_passing(context);
    strategy::Strategy& chosen = parts_.strategies.of(kind);
    chosen.relay(context, decision.view, decision.plans);
    if (!is_step(context) && context.ttl == Ttl{1}) {
        std::size_t const able = decision.neighbours.size();
        std::size_t copies = 0;
        for (auto const& plan : decision.plans) copies += plan.next_hops.size();
        counters_.held_by_tables += able - std::min(copies, able);
    }
    carry_out(decision, turn);
    if (!is_step(context)) return;
    ask_origins(chosen, kind, context, route, turn);
    return_keys(chosen, turn);
}

// ---- queries that start here ----

void QueryRouter::start(OwnSearch const& search, Turn const& turn) {
    strategy::Parameters const& parameters = search.parameters();
    QueryContext context{search.guid(), Ttl{0}, Hops{0}, std::nullopt, search.query(), terms_of(search.query(), true)};
    context.parameters = parameters;
    // How far a key request goes is no TTL.
    if (parameters.kind != Kind::key) context.ttl = Ttl{parameters.ttl.value_or(0)};
    start(parameters.kind, context, turn);
    if (parts_.neighbourhood.is_ultrapeer()) to_leaves(context, true, turn);
}

void QueryRouter::start(Kind kind, QueryContext const& context, Turn const& turn) {
    Decision decision{parts_.neighbourhood, context.from, context.hops, turn.now, rng_};
    strategy::Strategy& chosen = parts_.strategies.of(kind);
    chosen.start(context, decision.view, decision.plans);
    // Walkers go to Praline peers only; where they do, foreign ones are asked in the one way they understand.
    std::vector<Neighbour>& neighbours = decision.neighbours;
    if (strategy::is_walk(kind) &&
        std::any_of(neighbours.begin(), neighbours.end(), [](auto const& one) { return one.praline; })) {
        std::erase_if(neighbours, [](auto const& one) { return one.praline; });
        parts_.strategies.of(Kind::flood)
            .start(context, strategy::RoutingView{neighbours, turn.now, rng_}, decision.plans);
    }
    carry_out(decision, turn);
    return_keys(chosen, turn);
}

void QueryRouter::send_to_newcomer(OwnSearch const& search, Neighbour const& newcomer, Turn const& turn) {
    std::uint8_t const wanted = search.parameters().ttl.value_or(parts_.limits.default_ttl);
    Ttl const ttl{std::min({wanted, parts_.limits.hops_and_ttl_max, std::max<std::uint8_t>(newcomer.max_ttl, 1)})};
    if (ttl == Ttl{0}) return;
    QueryContext context;
    context.guid = search.guid();
    context.query = search.query();
    send(context, {newcomer.peer}, strategy::Hop{newcomer.peer, ttl}, turn);
}

// ---- what the strategies decided ----

void QueryRouter::carry_out(Decision& decision, Turn const& turn) {
    for (strategy::ForwardPlan& plan : decision.plans) {
        // Hits for a further ring come under its name, so that goes before the ring.
        if (plan.round_of && parts_.searches.add_name(*plan.round_of, plan.context.guid))
            turn.emit(overlay::OpenQuery{plan.context.guid});
        carry_out(plan, turn);
    }
    decision.plans.clear();
}

void QueryRouter::carry_out(strategy::ForwardPlan& plan, Turn const& turn) {
    // One action for each TTL, as a ForwardQuery has one envelope; each walker and each key request is one of its own.
    // Most are in order as they come, and sorting what is sorted would take memory for nothing.
    std::vector<strategy::Hop>& hops = plan.next_hops;
    auto const further = [](strategy::Hop const& a, strategy::Hop const& b) { return a.ttl > b.ttl; };
    if (!std::is_sorted(hops.begin(), hops.end(), further)) std::stable_sort(hops.begin(), hops.end(), further);
    auto const is_plain = [](strategy::Hop const& hop) { return !hop.walker && !hop.key_request; };
    for (std::size_t at = 0; at < hops.size();) {
        strategy::Hop const& first = hops[at];
        std::vector<PeerId> to;
        if (is_plain(first)) to.reserve(hops.size() - at);
        do {
            Neighbour const* const one = parts_.neighbourhood.find(hops[at].to);
            if (one != nullptr && one->takes(plan.context.hops)) to.push_back(one->peer);
            ++at;
        } while (at < hops.size() && hops[at].ttl == first.ttl && is_plain(first) && is_plain(hops[at]));
        if (!to.empty()) send(plan.context, std::move(to), first, turn);
    }
}

void QueryRouter::send(QueryContext const& context, std::vector<PeerId> to, strategy::Hop const& as, Turn const& turn) {
    wire::QueryPtr query = as_sent(context.query, as);
    if (!query) return;
    parts_.searches.count_copies(context.guid, to, as, query->payload->size());
    turn.emit(overlay::ForwardQuery{context.guid, std::move(to), as.ttl, context.hops, std::move(query)});
}

/// A Praline peer that a walker visits asks on behalf of the foreign peers beside it, to which no walker comes.
void QueryRouter::to_foreign_peers(QueryContext const& context, Turn const& turn) {
    std::vector<PeerId> to;
    for (Neighbour const& one : parts_.neighbourhood.all()) {
        if (!one.ultrapeer || one.praline || one.peer == context.from || !one.takes(context.hops)) continue;
        if (one.table == nullptr || one.table->matches(*context.terms))
            to.push_back(one.peer);
        else
            ++counters_.held_by_tables;
    }
    if (!to.empty()) send(context, std::move(to), strategy::Hop{PeerId{0}, Ttl{1}}, turn);
}

void QueryRouter::to_leaves(QueryContext const& context, bool starts, Turn const& turn) {
    // No table holds hashes for sure; a query for one that starts here is rare enough to go to every leaf that shares
    // something. Passing ones would wake all leaves of the network.
    bool const all = starts && context.terms->only_urns();
    std::vector<PeerId> to;
    for (Neighbour const& one : parts_.neighbourhood.all()) {
        if (one.ultrapeer || one.peer == context.from || !one.takes(context.hops) || one.table == nullptr) continue;
        if ((all && !one.table->empty()) || one.table->matches(*context.terms))
            to.push_back(one.peer);
        else
            ++counters_.held_from_leaves;
    }
    counters_.sent_to_leaves += to.size();
    if (!to.empty()) send(context, std::move(to), strategy::Hop{PeerId{0}, Ttl{1}}, turn);
}

// ---- walkers that ask, key requests that return ----

void QueryRouter::ask_origins(strategy::Strategy& one, Kind kind, QueryContext const& context,
                              std::optional<PeerId> route, Turn const& turn) {
    strategy::WalkerChecks checks;
    one.take_checks(checks);
    for (strategy::WalkerCheck const& check : checks) {
        WaitingWalkers::Walker const walker{check, context.from, kind, turn.now + parts_.limits.walk.patience};
        if (auto const go_on = parts_.checks.ask(check, route, turn))
            answer_walker(walker, *go_on, turn);
        else
            waiting_.add(walker, turn.now, parts_.limits.walk.waiting_max);
    }
}

void QueryRouter::answer_walker(WaitingWalkers::Walker const& walker, bool go_on, Turn const& turn) {
    // It has made a hop for each step, as far as hops can be counted.
    auto const hops = std::min<std::uint32_t>(walker.check.walker.step, step_hops_max.value());
    Decision decision{parts_.neighbourhood, walker.from, Hops{static_cast<std::uint8_t>(hops)}, turn.now, rng_};
    parts_.strategies.of(walker.kind).check_answered(walker.check, go_on, decision.view, decision.plans);
    carry_out(decision, turn);
}

void QueryRouter::on_answer(Guid const& guid, wire::CheckAnswerNote const& answer, Turn const& turn) {
    std::size_t const before = turn.out.overlay.size();
    if (auto const walker = waiting_.take(guid, answer.number, answer.step)) answer_walker(*walker, answer.go_on, turn);
    if (!walker_lives(turn.out.overlay, before)) ++counters_.walkers_ended;
}

void QueryRouter::on_key_return(PeerId from, Guid const& guid, wire::KeyReturnNote const& note, Turn const& turn) {
    if (parts_.neighbourhood.find(from) == nullptr) return;
    Decision decision{parts_.neighbourhood, std::nullopt, Hops{0}, turn.now, rng_};
    strategy::Strategy& key = parts_.strategies.of(Kind::key);
    key.key_returned(strategy::KeyReturn{guid, from, note.htl}, from, decision.view, decision.plans);
    carry_out(decision, turn);
    return_keys(key, turn);
}

void QueryRouter::return_keys(strategy::Strategy& one, Turn const& turn) {
    strategy::KeyReturns returns;
    one.take_returns(returns);
    for (strategy::KeyReturn const& back : returns) {
        ++counters_.key_returns;
        turn.emit(overlay::SendNote{back.to, back.guid, wire::KeyReturnNote{back.htl}});
    }
}

void QueryRouter::tick(Turn const& turn) {
    parts_.strategies.for_each([&](strategy::Strategy& one) {
        if (auto const due = one.next_deadline(); !due || turn.now < *due) return;
        Decision decision{parts_.neighbourhood, std::nullopt, Hops{0}, turn.now, rng_};
        one.tick(decision.view, decision.plans);
        carry_out(decision, turn);
        return_keys(one, turn);
    });
}

}  // namespace praline::search
