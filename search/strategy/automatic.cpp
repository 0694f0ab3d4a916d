#include "search/strategy/automatic.hpp"

#include <algorithm>

namespace praline::search::strategy {
namespace {

AutomaticFacts facts_of(Asked const& asked, Surroundings const& around, std::size_t wanted) {
    AutomaticFacts facts;
    facts.neighbours = around.candidates.size();
    facts.results_wanted = wanted;
    // Our own links, as far as a query can take them.
    facts.degree_least = facts.degree_most = static_cast<std::uint32_t>(around.candidates.size());
    for (Candidate const& candidate : around.candidates) {
        facts.walking += candidate.walks ? 1U : 0U;
        facts.matching += candidate.table && candidate.table->matches(*asked.terms) ? 1U : 0U;
        facts.degree_least = std::min<std::uint32_t>(facts.degree_least, candidate.degree);
        facts.degree_most = std::max<std::uint32_t>(facts.degree_most, candidate.degree);
    }
    return facts;
}

template <class Searches>
auto find(Searches& searches, Guid const& guid) {
    return std::find_if(searches.begin(), searches.end(),
                        [&](auto const& search) { return search.asked.guid == guid || search.wide == guid; });
}

}  // namespace

Automatic::Automatic(AutomaticLimits limits, WalkLimits walk, DynamicLimits dynamic, FloodLimits flood, std::shared_ptr<Trails> const& trails)
    : limits_{limits}, dynamic_limits_{dynamic}, walk_{walk, flood, trails}, biased_walk_{walk, flood, trails}, dynamic_{dynamic} {}

std::size_t Automatic::wanted_by(Asked const& asked) const {
    return dynamic_limits_.wanted_by(asked.terms->only_urns(), asked.from.has_value(), asked.parameters.results_wanted);
}

void Automatic::start(Asked const& asked, Surroundings const& around, Spreads& out) {
    stop(asked.guid);
    std::size_t const wanted = wanted_by(asked);
    AutomaticFacts const facts = facts_of(asked, around, wanted);
    Search search{asked, limits_.rules.plan(facts), limits_.rules.biased(facts), wanted, asked.guid};
    enter(search, around, out);
    if (limits_.searches_max == 0) return;
    if (searches_.size() >= limits_.searches_max) searches_.erase(searches_.begin());
    searches_.push_back(std::move(search));
}

void Automatic::enter(Search& search, Surroundings const& around, Spreads& out) {
    switch (search.plan[search.at]) {
        case Stage::near: {
            std::vector<Candidate> matching;
            for (Candidate const& candidate : around.candidates)
                if (candidate.table && candidate.table->matches(*search.asked.terms)) matching.push_back(candidate);
            Asked asked = search.asked;
            asked.parameters.ttl = 1;
            dynamic_.start(asked, Surroundings{matching, around.now, around.rng, around.back}, out);
            dynamic_.stop(asked.guid);
            search.until = around.now + limits_.wait_near;
            return;
        }
        case Stage::few:
        case Stage::many: return walk(search, limits_.rules.walk(search.plan[search.at]), around, out);
        case Stage::wide: return go_wide(search, around, out);
    }
}

void Automatic::walk(Search& search, StageWalk const& walk, Surroundings const& around, Spreads& out) {
    Asked asked = search.asked;
    asked.parameters.walkers = walk.walkers;
    asked.parameters.check_every = walk.rules.check_every;
    asked.parameters.steps_max = walk.rules.steps_max;
    asked.parameters.keep_state = true;
    asked.parameters.results_wanted = static_cast<std::uint32_t>(search.wanted);
    if (search.biased) biased_walk_.start(asked, around, out);
    else walk_.start(asked, around, out);
    search.until = around.now + std::min(limits_.wait_per_step * walk.rules.steps_max, limits_.wait_walk_max);
}

void Automatic::go_wide(Search& search, Surroundings const& around, Spreads& out) {
    Asked asked = search.asked;
    if (search.at > 0) search.wide = asked.guid = Guid::random(around.rng);
    asked.parameters.results_wanted = static_cast<std::uint32_t>(search.wanted - std::min(search.found, search.wanted));
    std::size_t const before = out.size();
    dynamic_.start(asked, around, out);
    if (search.at > 0)
        for (std::size_t at = before; at < out.size(); ++at) out[at].round_of = search.asked.guid;
    search.until.reset();
}

void Automatic::relay(Asked const& asked, Surroundings const& around, Spreads& out) {
    if (asked.walker && asked.walker->biased) biased_walk_.relay(asked, around, out);
    else walk_.relay(asked, around, out);
}

void Automatic::results(Guid const& guid, std::size_t count) {
    auto const search = find(searches_, guid);
    Guid const walkers = search == searches_.end() ? guid : search->asked.guid;
    walk_.results(walkers, count);
    biased_walk_.results(walkers, count);
    if (search == searches_.end()) return;
    search->found += count;
    dynamic_.results(search->wide, count);
    if (search->found < search->wanted) return;
    dynamic_.stop(search->wide);
    searches_.erase(search);  // what the walks know of it stays: walkers will ask
}

void Automatic::stop(Guid const& guid) {
    auto const search = find(searches_, guid);
    Guid const walkers = search == searches_.end() ? guid : search->asked.guid;
    walk_.stop(walkers);
    biased_walk_.stop(walkers);
    if (search == searches_.end()) return;
    dynamic_.stop(search->wide);
    searches_.erase(search);
}

bool Automatic::asks_more(Guid const& guid) const {
    auto const search = find(searches_, guid);
    return search != searches_.end() && (search->until || dynamic_.asks_more(search->wide));
}

void Automatic::take_checks(Checks& out) {
    walk_.take_checks(out);
    biased_walk_.take_checks(out);
}

bool Automatic::wants_more(Guid const& guid) const { return walk_.wants_more(guid) || biased_walk_.wants_more(guid); }

void Automatic::check_answered(Check const& check, bool go_on, Surroundings const& around, Spreads& out) {
    walk_.check_answered(check, go_on, around, out);
    biased_walk_.check_answered(check, go_on, around, out);
}

void Automatic::tick(Surroundings const& around, Spreads& out) {
    walk_.tick(around, out);
    biased_walk_.tick(around, out);
    std::size_t const before = out.size();
    dynamic_.tick(around, out);
    for (std::size_t at = before; at < out.size(); ++at) {
        auto const search = find(searches_, out[at].asked.guid);
        if (search != searches_.end() && search->asked.guid != search->wide) out[at].round_of = search->asked.guid;
    }
    bool const walkable = std::any_of(around.candidates.begin(), around.candidates.end(), [](Candidate const& one) { return one.walks; });
    for (Search& search : searches_) {
        if (!search.until || around.now < *search.until) continue;
        // Nobody left who takes walkers: they would leave as a flood, and that is not for this stage to do.
        do ++search.at;
        while (search.plan[search.at] != Stage::wide && !walkable);
        enter(search, around, out);
    }
    std::erase_if(searches_, [&](Search const& search) { return !search.until && !dynamic_.asks_more(search.wide); });
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
