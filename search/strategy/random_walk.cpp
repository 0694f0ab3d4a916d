#include "search/strategy/random_walk.hpp"

#include <algorithm>
#include <utility>

namespace praline::search::strategy {
namespace {

template <class Entries>
auto find_guid(Entries& entries, Guid const& guid) {
    return std::find_if(entries.begin(), entries.end(), [&](auto const& entry) { return entry.guid == guid; });
}

}  // namespace

void RandomWalk::find_links(Surroundings const& around) {
    links_.clear();
    for (Candidate const& candidate : around.candidates)
        if (candidate.walks) links_.push_back(candidate.peer);
    if (around.back && around.back->walks)
        links_.insert(std::lower_bound(links_.begin(), links_.end(), around.back->peer), around.back->peer);
}

RandomWalk::Trail& RandomWalk::trail_of(Guid const& guid) {
    if (auto const known = find_guid(trails_, guid); known != trails_.end()) return *known;
    if (trails_.size() >= std::max<std::size_t>(limits_.trails_max, 1)) trails_.erase(trails_.begin());
    trails_.push_back(Trail{guid, {}});
    return trails_.back();
}

PeerId RandomWalk::choose(Guid const& guid, bool keep_state, Rng& rng) {
    if (!keep_state) return links_[any_link(links_.size(), rng)];
    // A trail names peers, which come and go; the choice is among the links of this moment.
    std::vector<PeerId>& used = trail_of(guid).used;
    bits_.assign(words_for(links_.size()), 0);
    for (std::size_t at = 0; at < links_.size(); ++at)
        if (std::binary_search(used.begin(), used.end(), links_[at])) bits_[at / 64] |= std::uint64_t{1} << (at % 64);
    std::size_t const chosen = unused_link(links_.size(), bits_, rng);
    used.clear();
    for (std::size_t at = 0; at < links_.size(); ++at)
        if ((bits_[at / 64] >> (at % 64) & 1U) != 0) used.push_back(links_[at]);
    return links_[chosen];
}

void RandomWalk::start(Asked const& asked, Surroundings const& around, Spreads& out) {
    find_links(around);
    if (links_.empty() || limits_.walkers == 0) return flood_.start(asked, around, out);
    stop(asked.guid);
    if (searches_.size() >= std::max<std::size_t>(limits_.searches_max, 1)) searches_.erase(searches_.begin());
    searches_.push_back(Search{asked.guid, 0});
    Spread spread{asked, asked.hops, {}};
    for (std::uint32_t number = 0; number < limits_.walkers; ++number) {
        Walker const walker{number, 1, limits_.check_every, limits_.steps_max, limits_.keep_state};
        spread.copies.push_back(Copy{choose(asked.guid, limits_.keep_state, around.rng), Ttl{1}, walker});
    }
    out.push_back(std::move(spread));
}

void RandomWalk::relay(Asked const& asked, Surroundings const& around, Spreads& out) {
    if (!asked.walker) return flood_.relay(asked, around, out);
    WalkRules const rules{asked.walker->check_every, std::min(asked.walker->steps_max, limits_.steps_max)};
    if (asked.answered_here || rules.ends_after(asked.walker->step)) return;
    if (!rules.checks_after(asked.walker->step)) return step(asked, around, out);
    if (waiting_.size() >= limits_.waiting_max) return;
    waiting_.push_back(Waiting{asked, around.now + limits_.patience});
    checks_.push_back(Check{asked.guid, *asked.walker});
}

void RandomWalk::step(Asked const& asked, Surroundings const& around, Spreads& out) {
    find_links(around);
    if (links_.empty()) return;
    Walker walker = *asked.walker;
    ++walker.step;
    PeerId const to = choose(asked.guid, walker.keep_state, around.rng);
    out.push_back(Spread{asked, asked.hops, {Copy{to, Ttl{1}, walker}}});
}

void RandomWalk::results(Guid const& guid, std::size_t count) {
    if (auto const search = find_guid(searches_, guid); search != searches_.end()) search->found += count;
}

void RandomWalk::stop(Guid const& guid) {
    if (auto const search = find_guid(searches_, guid); search != searches_.end()) searches_.erase(search);
}

bool RandomWalk::wants_more(Guid const& guid) const {
    auto const search = find_guid(searches_, guid);
    return search != searches_.end() && search->found < limits_.results_wanted;
}

void RandomWalk::take_checks(Checks& out) {
    out.insert(out.end(), checks_.begin(), checks_.end());
    checks_.clear();
}

void RandomWalk::check_answered(Check const& check, bool go_on, Surroundings const& around, Spreads& out) {
    auto const held = std::find_if(waiting_.begin(), waiting_.end(), [&](Waiting const& waiting) {
        return waiting.asked.guid == check.guid && waiting.asked.walker == check.walker;
    });
    if (held == waiting_.end()) return;
    Asked const asked = std::move(held->asked);
    waiting_.erase(held);
    if (go_on) step(asked, around, out);
}

void RandomWalk::tick(Surroundings const& around, Spreads&) {
    auto const patient = std::find_if(waiting_.begin(), waiting_.end(),
                                      [&](Waiting const& waiting) { return waiting.until > around.now; });
    waiting_.erase(waiting_.begin(), patient);
}

std::optional<Instant> RandomWalk::next_deadline() const {
    return waiting_.empty() ? std::nullopt : std::optional{waiting_.front().until};
}

}  // namespace praline::search::strategy
