#include "search/strategy/walking.hpp"

#include <algorithm>
#include <utility>

namespace praline::search::strategy {
namespace {

template <class Entries>
auto find_guid(Entries& entries, Guid const& guid) {
    return std::find_if(entries.begin(), entries.end(), [&](auto const& entry) { return entry.guid == guid; });
}

}  // namespace

/// @return whether there is one.
bool Walking::find_links(Surroundings const& around) {
    links_.all.clear();
    links_.came_by.reset();
    for (Candidate const& candidate : around.candidates)
        if (candidate.walks) links_.all.push_back(candidate);
    if (around.back && around.back->walks) {
        auto const after = std::lower_bound(links_.all.begin(), links_.all.end(), around.back->peer,
                                            [](Candidate const& one, PeerId peer) { return one.peer < peer; });
        links_.came_by = static_cast<std::size_t>(after - links_.all.begin());
        links_.all.insert(after, *around.back);
    }
    return !links_.all.empty();
}

PeerId Walking::next(Guid const& guid, Walker const& walker) {
    std::vector<Candidate> const& all = links_.all;
    Rng rng = WalkChances{guid}.of(walker.number, walker.step);
    links_.used.clear();
    if (!walker.keep_state) return all[choose(links_, rng)].peer;
    // A trail names peers, which come and go; the choice is among the links of this moment.
    std::vector<PeerId>& used = trails_->of(guid);
    links_.used.assign(words_for(all.size()), 0);
    for (std::size_t at = 0; at < all.size(); ++at)
        if (std::binary_search(used.begin(), used.end(), all[at].peer)) mark_link(links_.used, at);
    std::size_t const chosen = choose(links_, rng);
    used.clear();
    for (std::size_t at = 0; at < all.size(); ++at)
        if (is_marked(links_.used, at)) used.push_back(all[at].peer);
    return all[chosen].peer;
}

void Walking::start(Asked const& asked, Surroundings const& around, Spreads& out) {
    Parameters const& wished = asked.parameters;
    std::uint32_t const count = std::min(wished.walkers.value_or(limits_.walkers), limits_.walkers_max);
    if (!find_links(around) || count == 0) return flood_.start(asked, around, out);
    auto search = find_guid(searches_, asked.guid);
    if (search == searches_.end()) {
        if (searches_.size() >= std::max<std::size_t>(limits_.searches_max, 1)) searches_.erase(searches_.begin());
        search = searches_.insert(searches_.end(), Search{asked.guid, 0, 0, 0});
    }
    search->wanted = wished.results_wanted.value_or(limits_.results_wanted);
    Spread spread{asked, asked.hops, {}};
    Walker walker{search->sent, 1, wished.check_every.value_or(limits_.check_every),
                  std::min(wished.steps_max.value_or(limits_.steps_max), limits_.steps_max),
                  wished.keep_state.value_or(limits_.keep_state), biased_};
    for (search->sent += count; walker.number != search->sent; ++walker.number)
        spread.copies.push_back(Copy{next(asked.guid, walker), Ttl{1}, walker});
    out.push_back(std::move(spread));
}

void Walking::relay(Asked const& asked, Surroundings const& around, Spreads& out) {
    if (!asked.walker) return flood_.relay(asked, around, out);
    WalkRules const rules{asked.walker->check_every, std::min(asked.walker->steps_max, limits_.steps_max)};
    if (asked.answered_here || rules.ends_after(asked.walker->step)) return;
    if (!rules.checks_after(asked.walker->step)) return step(asked, around, out);
    if (waiting_.size() >= limits_.waiting_max) return;
    waiting_.push_back(Waiting{asked, around.now + limits_.patience});
    checks_.push_back(Check{asked.guid, *asked.walker});
}

void Walking::step(Asked const& asked, Surroundings const& around, Spreads& out) {
    if (!find_links(around)) return;
    Walker walker = *asked.walker;
    ++walker.step;
    PeerId const to = next(asked.guid, walker);
    out.push_back(Spread{asked, asked.hops, {Copy{to, Ttl{1}, walker}}});
}

void Walking::results(Guid const& guid, std::size_t count) {
    if (auto const search = find_guid(searches_, guid); search != searches_.end()) search->found += count;
}

void Walking::stop(Guid const& guid) {
    if (auto const search = find_guid(searches_, guid); search != searches_.end()) searches_.erase(search);
}

bool Walking::wants_more(Guid const& guid) const {
    auto const search = find_guid(searches_, guid);
    return search != searches_.end() && search->found < search->wanted;
}

void Walking::take_checks(Checks& out) {
    out.insert(out.end(), checks_.begin(), checks_.end());
    checks_.clear();
}

void Walking::check_answered(Check const& check, bool go_on, Surroundings const& around, Spreads& out) {
    auto const held = std::find_if(waiting_.begin(), waiting_.end(), [&](Waiting const& waiting) {
        Walker const& walker = *waiting.asked.walker;  // number and step tell walkers of a query apart
        return waiting.asked.guid == check.guid && walker.number == check.walker.number && walker.step == check.walker.step;
    });
    if (held == waiting_.end()) return;
    Asked const asked = std::move(held->asked);
    waiting_.erase(held);
    if (go_on) step(asked, around, out);
}

void Walking::tick(Surroundings const& around, Spreads&) {
    auto const patient = std::find_if(waiting_.begin(), waiting_.end(),
                                      [&](Waiting const& waiting) { return waiting.until > around.now; });
    waiting_.erase(waiting_.begin(), patient);
}

std::optional<Instant> Walking::next_deadline() const {
    return waiting_.empty() ? std::nullopt : std::optional{waiting_.front().until};
}

}  // namespace praline::search::strategy
