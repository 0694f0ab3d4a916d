#include "search/strategy/automatic.hpp"

#include <algorithm>

namespace praline::search::strategy {
namespace {

AutomaticFacts facts_of(QueryContext const& context, RoutingView const& view, std::size_t wanted) {
    AutomaticFacts facts;
    facts.neighbours = view.neighbours.size();
    facts.results_wanted = wanted;
    // Our own links, as far as a query can take them.
    facts.degree_least = facts.degree_most = static_cast<std::uint32_t>(view.neighbours.size());
    for (Neighbour const& neighbour : view.neighbours) {
        facts.walking += neighbour.praline ? 1U : 0U;
        facts.matching += neighbour.table && neighbour.table->matches(*context.terms) ? 1U : 0U;
        facts.degree_least = std::min<std::uint32_t>(facts.degree_least, neighbour.degree);
        facts.degree_most = std::max<std::uint32_t>(facts.degree_most, neighbour.degree);
    }
    return facts;
}

template <class Searches>
auto find(Searches& searches, Guid const& guid) {
    return std::find_if(searches.begin(), searches.end(),
                        [&](auto const& search) { return search.context.guid == guid || search.wide == guid; });
}

}  // namespace

Automatic::Automatic(AutomaticLimits limits, WalkLimits walk, DynamicLimits dynamic, FloodLimits flood,
                     std::shared_ptr<VisitedLinks> const& visited)
    : limits_{limits},
      dynamic_limits_{dynamic},
      walk_{walk, flood, visited},
      biased_walk_{walk, flood, visited},
      dynamic_{dynamic} {}

std::size_t Automatic::wanted_by(QueryContext const& context) const {
    return dynamic_limits_.wanted_by(context.terms->only_urns(), context.from.has_value(),
                                     context.parameters.results_wanted);
}

void Automatic::start(QueryContext const& context, RoutingView const& view, ForwardPlans& out) {
    stop_querying(context.guid);
    std::size_t const wanted = wanted_by(context);
    AutomaticFacts const facts = facts_of(context, view, wanted);
    Search search{context, limits_.rules.plan(facts), limits_.rules.biased(facts), wanted, context.guid};
    enter(search, view, out);
    if (limits_.searches_max == 0) return;
    if (searches_.size() >= limits_.searches_max) searches_.erase(searches_.begin());
    searches_.push_back(std::move(search));
}

void Automatic::enter(Search& search, RoutingView const& view, ForwardPlans& out) {
    switch (search.plan[search.at]) {
        case Stage::near: {
            std::vector<Neighbour> matching;
            for (Neighbour const& neighbour : view.neighbours)
                if (neighbour.table && neighbour.table->matches(*search.context.terms)) matching.push_back(neighbour);
            QueryContext context = search.context;
            context.parameters.ttl = 1;
            dynamic_.start(context, RoutingView{matching, view.now, view.rng, view.back}, out);
            dynamic_.stop_querying(context.guid);
            search.until = view.now + limits_.wait_near;
            return;
        }
        case Stage::few:
        case Stage::many: return walk(search, limits_.rules.walk(search.plan[search.at]), view, out);
        case Stage::wide: return go_wide(search, view, out);
    }
}

void Automatic::walk(Search& search, StageWalk const& walk, RoutingView const& view, ForwardPlans& out) {
    QueryContext context = search.context;
    context.parameters.walkers = walk.walkers;
    context.parameters.check_every = walk.rules.check_every;
    context.parameters.steps_max = walk.rules.steps_max;
    context.parameters.keep_state = true;
    context.parameters.results_wanted = static_cast<std::uint32_t>(search.wanted);
    if (search.biased)
        biased_walk_.start(context, view, out);
    else
        walk_.start(context, view, out);
    search.until = view.now + std::min(limits_.wait_per_step * walk.rules.steps_max, limits_.wait_walk_max);
}

void Automatic::go_wide(Search& search, RoutingView const& view, ForwardPlans& out) {
    QueryContext context = search.context;
    if (search.at > 0) search.wide = context.guid = Guid::random(view.rng);
    context.parameters.results_wanted =
        static_cast<std::uint32_t>(search.wanted - std::min(search.found, search.wanted));
    std::size_t const before = out.size();
    dynamic_.start(context, view, out);
    if (search.at > 0)
        for (std::size_t at = before; at < out.size(); ++at) out[at].round_of = search.context.guid;
    search.until.reset();
}

void Automatic::relay(QueryContext const& context, RoutingView const& view, ForwardPlans& out) {
    if (context.walker && context.walker->biased)
        biased_walk_.relay(context, view, out);
    else
        walk_.relay(context, view, out);
}

void Automatic::results(Guid const& guid, std::size_t count) {
    auto const search = find(searches_, guid);
    Guid const walkers = search == searches_.end() ? guid : search->context.guid;
    walk_.results(walkers, count);
    biased_walk_.results(walkers, count);
    if (search == searches_.end()) return;
    search->found += count;
    dynamic_.results(search->wide, count);
    if (search->found < search->wanted) return;
    dynamic_.stop_querying(search->wide);
    searches_.erase(search);  // what the walks know of it stays: walkers will ask
}

void Automatic::stop_querying(Guid const& guid) {
    auto const search = find(searches_, guid);
    Guid const walkers = search == searches_.end() ? guid : search->context.guid;
    walk_.stop_querying(walkers);
    biased_walk_.stop_querying(walkers);
    if (search == searches_.end()) return;
    dynamic_.stop_querying(search->wide);
    searches_.erase(search);
}

bool Automatic::may_query_more(Guid const& guid) const {
    auto const search = find(searches_, guid);
    return search != searches_.end() && (search->until || dynamic_.may_query_more(search->wide));
}

void Automatic::take_checks(WalkerChecks& out) {
    walk_.take_checks(out);
    biased_walk_.take_checks(out);
}

bool Automatic::wants_more(Guid const& guid) const { return walk_.wants_more(guid) || biased_walk_.wants_more(guid); }

void Automatic::check_answered(WalkerCheck const& check, bool go_on, RoutingView const& view, ForwardPlans& out) {
    walk_.check_answered(check, go_on, view, out);
    biased_walk_.check_answered(check, go_on, view, out);
}

void Automatic::tick(RoutingView const& view, ForwardPlans& out) {
    walk_.tick(view, out);
    biased_walk_.tick(view, out);
    std::size_t const before = out.size();
    dynamic_.tick(view, out);
    for (std::size_t at = before; at < out.size(); ++at) {
        auto const search = find(searches_, out[at].context.guid);
        if (search != searches_.end() && search->context.guid != search->wide) out[at].round_of = search->context.guid;
    }
    bool const walkable =
        std::any_of(view.neighbours.begin(), view.neighbours.end(), [](Neighbour const& one) { return one.praline; });
    for (Search& search : searches_) {
        if (!search.until || view.now < *search.until) continue;
        // No neighbour left that takes walkers: they would leave as a flood, which is not this stage's to send.
        do ++search.at;
        while (search.plan[search.at] != Stage::wide && !walkable);
        enter(search, view, out);
    }
    std::erase_if(searches_,
                  [&](Search const& search) { return !search.until && !dynamic_.may_query_more(search.wide); });
}

std::optional<Instant> Automatic::next_deadline() const {
    std::optional<Instant> earliest;
    auto const take = [&](std::optional<Instant> const& due) {
        if (due && (!earliest || *due < *earliest)) earliest = due;
    };
    take(walk_.next_deadline());
    take(biased_walk_.next_deadline());
    take(dynamic_.next_deadline());
    for (Search const& search : searches_) take(search.until);
    return earliest;
}

}  // namespace praline::search::strategy
