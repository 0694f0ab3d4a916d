#include "search/strategy/walking.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

namespace praline::search::strategy {
namespace {

/// The walker's item has two bytes for it.
constexpr std::uint32_t check_every_max = std::numeric_limits<std::uint16_t>::max();

template <class Entries>
auto find_guid(Entries& entries, Guid const& guid) {
    return std::find_if(entries.begin(), entries.end(), [&](auto const& entry) { return entry.guid == guid; });
}

}  // namespace

/// @return whether there is one.
bool Walking::find_links(RoutingView const& view) {
    links_.all.clear();
    links_.came_by.reset();
    for (Neighbour const& neighbour : view.neighbours)
        if (neighbour.praline) links_.all.push_back(neighbour);
    if (view.back && view.back->praline) {
        auto const after = std::lower_bound(links_.all.begin(), links_.all.end(), view.back->peer,
                                            [](Neighbour const& one, PeerId peer) { return one.peer < peer; });
        links_.came_by = static_cast<std::size_t>(after - links_.all.begin());
        links_.all.insert(after, *view.back);
    }
    return !links_.all.empty();
}

PeerId Walking::next(Guid const& guid, wire::WalkerItem const& walker) {
    std::vector<Neighbour> const& all = links_.all;
    Rng rng = WalkChances{guid}.of(walker.number, walker.step);
    links_.used.clear();
    if (!walker.keep_state) return all[choose(links_, rng)].peer;
    // Peers come and go; the choice is among the links of this moment.
    std::vector<PeerId>& used = visited_->of(guid);
    links_.used.assign(words_for(all.size()), 0);
    for (std::size_t at = 0; at < all.size(); ++at)
        if (std::binary_search(used.begin(), used.end(), all[at].peer)) mark_link(links_.used, at);
    std::size_t const chosen = choose(links_, rng);
    used.clear();
    for (std::size_t at = 0; at < all.size(); ++at)
        if (is_marked(links_.used, at)) used.push_back(all[at].peer);
    return all[chosen].peer;
}

void Walking::start(QueryContext const& context, RoutingView const& view, ForwardPlans& out) {
    Parameters const& wished = context.parameters;
    std::uint32_t const count = std::min(wished.walkers.value_or(limits_.walkers), limits_.walkers_max);
    if (!find_links(view) || count == 0) return flood_.start(context, view, out);
    auto search = find_guid(searches_, context.guid);
    if (search == searches_.end()) {
        if (searches_.size() >= std::max<std::size_t>(limits_.searches_max, 1)) searches_.erase(searches_.begin());
        search = searches_.insert(searches_.end(), Search{context.guid, 0, 0, 0});
    }
    search->wanted = wished.results_wanted.value_or(limits_.results_wanted);
    ForwardPlan plan{context, {}};
    wire::WalkerItem walker{
        search->sent,
        1,
        std::min(wished.steps_max.value_or(limits_.steps_max), limits_.steps_max),
        static_cast<std::uint16_t>(std::min(wished.check_every.value_or(limits_.check_every), check_every_max)),
        wished.keep_state.value_or(limits_.keep_state),
        biased_};
    for (search->sent += count; walker.number != search->sent; ++walker.number)
        plan.next_hops.push_back(Hop{next(context.guid, walker), Ttl{1}, walker});
    out.push_back(std::move(plan));
}

void Walking::relay(QueryContext const& context, RoutingView const& view, ForwardPlans& out) {
    if (!context.walker) return flood_.relay(context, view, out);
    WalkRules const rules{context.walker->check_every, std::min(context.walker->steps_max, limits_.steps_max)};
    if (context.answered_here || rules.ends_after(context.walker->step)) return;
    if (!rules.checks_after(context.walker->step)) return step(context, view, out);
    if (waiting_.size() >= limits_.waiting_max) return;
    waiting_.push_back(Waiting{context, view.now + limits_.patience});
    checks_.push_back(WalkerCheck{context.guid, *context.walker});
}

void Walking::step(QueryContext const& context, RoutingView const& view, ForwardPlans& out) {
    if (!find_links(view)) return;
    wire::WalkerItem walker = *context.walker;
    ++walker.step;
    PeerId const to = next(context.guid, walker);
    out.push_back(ForwardPlan{context, {Hop{to, Ttl{1}, walker}}});
}

void Walking::results(Guid const& guid, std::size_t count) {
    if (auto const search = find_guid(searches_, guid); search != searches_.end()) search->found += count;
}

void Walking::stop_querying(Guid const& guid) {
    if (auto const search = find_guid(searches_, guid); search != searches_.end()) searches_.erase(search);
}

bool Walking::wants_more(Guid const& guid) const {
    auto const search = find_guid(searches_, guid);
    return search != searches_.end() && search->found < search->wanted;
}

void Walking::take_checks(WalkerChecks& out) {
    out.insert(out.end(), checks_.begin(), checks_.end());
    checks_.clear();
}

void Walking::check_answered(WalkerCheck const& check, bool go_on, RoutingView const& view, ForwardPlans& out) {
    auto const held = std::find_if(waiting_.begin(), waiting_.end(), [&](Waiting const& waiting) {
        wire::WalkerItem const& walker = *waiting.context.walker;  // number and step tell walkers of a query apart
        return waiting.context.guid == check.guid && walker.number == check.walker.number &&
               walker.step == check.walker.step;
    });
    if (held == waiting_.end()) return;
    QueryContext const context = std::move(held->context);
    waiting_.erase(held);
    if (go_on) step(context, view, out);
}

void Walking::tick(RoutingView const& view, ForwardPlans&) {
    auto const patient = std::find_if(waiting_.begin(), waiting_.end(),
                                      [&](Waiting const& waiting) { return waiting.until > view.now; });
    waiting_.erase(waiting_.begin(), patient);
}

std::optional<Instant> Walking::next_deadline() const {
    return waiting_.empty() ? std::nullopt : std::optional{waiting_.front().until};
}

}  // namespace praline::search::strategy
