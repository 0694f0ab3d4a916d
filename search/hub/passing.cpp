#include <algorithm>
#include <utility>

#include "node/wire/codec.hpp"
#include "node/wire/praline.hpp"
#include "search/cache/attestation.hpp"
#include "search/hub/search_hub_impl.hpp"

/// What goes by: queries of others, their hits, the questions of their walkers.
namespace praline::search {
namespace {

constexpr PeerId ours{0};

std::optional<strategy::Walker> arriving_walker(wire::Query const& query) {
    auto const item = wire::walker_of(query);
    if (!item) return std::nullopt;
    return strategy::Walker{item->number, item->step, item->check_every, item->steps_max, item->keep_state, item->biased};
}

std::optional<strategy::KeyTrip> arriving_trip(wire::Query const& query) {
    auto const item = wire::key_of(query);
    if (!item) return std::nullopt;
    return strategy::KeyTrip{item->key, item->htl};
}

bool goes_on(std::vector<overlay::Event> const& events, std::size_t from) {
    return std::any_of(events.begin() + static_cast<std::ptrdiff_t>(from), events.end(), [](overlay::Event const& event) {
        auto const* const forward = std::get_if<overlay::ForwardQuery>(&event);
        return std::holds_alternative<overlay::SendNote>(event) || (forward != nullptr && wire::walker_of(forward->query->query));
    });
}

}  // namespace

void SearchHub::Impl::on(overlay::QueryArrived const& action) {
    if (!action.query) return;
    wire::Query const& query = action.query->query;
    QueryArrived routed{action.from, action.guid, action.ttl, action.hops, view_of(action.query), action.again};
    routed.walker = arriving_walker(query);
    routed.trip = routed.walker ? std::nullopt : arriving_trip(query);
    bool const steps = routed.walker || routed.trip;
    bool attested = false;
    // A walker ends where there is a match, also where its query was answered before.
    if (!action.again || steps) {
        auto hits = content.answer(query);
        routed.answered_here = !hits.empty();
        if (!action.again && !hits.empty()) out->overlay.emplace_back(overlay::AnswerQuery{action.guid, std::move(hits)});
    }
    if (!action.again && cache_on && ultrapeer) {
        attested = answer_from_cache(action);
        used().recent.add(action.guid, action.query, options.limits.recent_queries_max);
    }
    // What one link has told must never keep a query from others: the cache stops and shortens nothing by itself.
    if (attested && steps) routed.answered_here = true;
    if (attested && !steps && routed.ttl != Ttl{0}) {
        routed.ttl = Ttl{static_cast<std::uint8_t>(routed.ttl.value() - 1)};
        ++used().counters.queries_shortened_by_cache;
        if (routed.ttl == Ttl{0}) ++used().counters.queries_held_by_cache;
    }
    refresh(false);
    std::size_t const before = out->overlay.size();
    bool const walks = routed.walker.has_value();
    feed(routed);
    if (walks && !goes_on(out->overlay, before)) ++used().counters.walkers_ended;
}

Teller SearchHub::Impl::teller_of(PeerId peer) const {
    overlay::LinkInfo const* const link = core->link(peer);
    return {peer, link == nullptr ? Address{} : link->remote.address};
}

/// A hit goes neither to its source nor back over the link it came from, behind which its source is.
bool SearchHub::Impl::may_own(PeerId peer, HitCache::Cached const& cached) const {
    if (cached.teller.link == peer) return true;
    overlay::LinkInfo const* const link = core->link(peer);
    if (link == nullptr) return false;
    if (auto const listening = link->listening()) return cached.hit.endpoint == *listening;
    return cached.hit.endpoint.address == link->remote.address;
}

bool SearchHub::Impl::answer_from_cache(overlay::QueryArrived const& action) {
    if (cache_empty()) return false;
    auto found = used().cache.find(action.query->query, now);
    std::erase_if(found, [&](HitCache::Cached const& one) { return may_own(action.from, one); });
    if (found.empty()) {
        ++used().counters.hit_cache_misses;
        return false;
    }
    ++used().counters.hit_cache_hits;
    if (found.size() > options.limits.cached_hits_max) found.resize(options.limits.cached_hits_max);
    bool const attested = is_widely_attested(found, options.limits.cached_enough);
    for (auto& one : found) {
        wire::put(one.hit, wire::CachedItem{one.age_seconds});
        // With no hops made it would be taken for ours, and ours would change its name with every hit.
        out->overlay.emplace_back(overlay::AnswerQuery{action.guid, {std::move(one.hit)}, one.hops});
    }
    return attested;
}

void SearchHub::Impl::on(overlay::HitPassed const& action) {
    feed(HitCame{action.guid, action.from});
    auto const query = cache_on ? used().recent.find(action.guid) : nullptr;
    if (!query || !action.payload) return;
    auto const hit = wire::decode_query_hit(*action.payload);
    if (!hit) return;
    auto const age = wire::cached_of(*hit);
    auto const kept = used().cache.store(query->query, *hit, action.hops, age ? age->age_seconds : 0, teller_of(action.from), now);
    used().counters.hit_cache_stored += kept;
    used().counters.hit_cache_refused += hit->records.size() - kept;
}

// ---- walkers that ask, key requests that return ----

void SearchHub::Impl::on(overlay::NoteArrived const& action) {
    std::visit([&](auto const& note) { take_note(action.from, action.guid, note); }, action.note);
}

void SearchHub::Impl::take_note(PeerId from, Guid const& guid, wire::CheckNote const& note) {
    ++used().counters.checks_in;
    auto const way = core->way_back(guid, now);
    if (way && *way != ours) {
        if (*way == from) return;  // it would go in circles
        used().checks.add(guid, note.number, note.step, from, *way, now, options.limits.checks_max, options.limits.checks_for);
        out->overlay.emplace_back(overlay::SendNote{*way, guid, note});
        return;
    }
    // Nobody can say any more whether the query goes on: then it does not.
    bool const go_on = way && router.wants_more(guid);
    ++used().counters.checks_answered;
    wire::CheckAnswerNote const answer{note.number, note.step, go_on};
    out->overlay.emplace_back(overlay::SendNote{from, guid, answer});
    OwnSearch* const own = find_own(guid);
    if (own == nullptr) return;
    own->active_at = now;
    auto const every = own->parameters.check_every.value_or(options.router.walk.check_every);
    count(*own, 1, wire::header_bytes + wire::encode(wire::to_vendor(answer)).size(), std::min<std::uint64_t>(every, note.step));
    settle(*own);
}

void SearchHub::Impl::take_note(PeerId from, Guid const& guid, wire::CheckAnswerNote const& note) {
    auto const asker = used().checks.take(guid, note.number, note.step, from);
    if (!asker) return;
    if (*asker != ours) {
        out->overlay.emplace_back(overlay::SendNote{*asker, guid, note});
        return;
    }
    refresh(false);
    std::size_t const before = out->overlay.size();
    feed(AnswerArrived{guid, note.number, note.step, note.go_on});
    if (!goes_on(out->overlay, before)) ++used().counters.walkers_ended;
}

void SearchHub::Impl::take_note(PeerId from, Guid const& guid, wire::KeyReturnNote const& note) {
    refresh(false);
    feed(KeyReturned{from, guid, note.htl});
    if (OwnSearch* const own = find_own(guid)) {
        own->active_at = now;
        settle(*own);
    }
}

}  // namespace praline::search
