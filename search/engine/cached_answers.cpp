#include "search/engine/cached_answers.hpp"

#include <utility>

#include "node/wire/codec.hpp"
#include "node/wire/praline.hpp"
#include "search/cache/attestation.hpp"

namespace praline::search {
namespace {

Forwarder forwarder_of(PeerId peer, overlay::LinkInfo const* link) {
    return {peer, link == nullptr ? Address{} : link->remote.address};
}

/// A hit goes neither to its source nor back over the link it came by, behind which its source is.
bool may_own(PeerId peer, overlay::LinkInfo const* link, HitCache::Cached const& cached) {
    if (cached.forwarder.link == peer) return true;
    if (link == nullptr) return false;
    if (auto const listening = link->listening()) return cached.hit.endpoint == *listening;
    return cached.hit.endpoint.address == link->remote.address;
}

}  // namespace

void CachedAnswers::enable(bool on) {
    on_ = on;
    if (on || !state_.if_made()) return;
    state().cache.clear();
    state().recent.clear();
}

std::vector<HitCache::Cached> CachedAnswers::find(wire::Query const& query, Instant now) {
    auto found = state().cache.find(query, now);
    ++(found.empty() ? state().counters.misses : state().counters.hits);
    return found;
}

bool CachedAnswers::answer(overlay::QueryArrived const& query, overlay::LinkInfo const* from, Turn const& turn) {
    if (empty()) return false;
    auto found = state().cache.find(query.query->query, turn.now);
    std::erase_if(found, [&](HitCache::Cached const& one) { return may_own(query.from, from, one); });
    ++(found.empty() ? state().counters.misses : state().counters.hits);
    if (found.size() > options_.limits.cached_hits_max) found.resize(options_.limits.cached_hits_max);
    bool const attested = is_widely_attested(found, options_.limits.cached_enough);
    for (auto& one : found) {
        wire::put(one.hit, wire::CachedItem{one.age_seconds});
        // With no hops made it would be taken for ours, and ours would change its name with every hit.
        turn.emit(overlay::AnswerQuery{query.guid, {std::move(one.hit)}, one.hops});
    }
    return attested;
}

void CachedAnswers::remember(Guid const& guid, wire::QueryPtr const& query) {
    state().recent.add(guid, query, options_.limits.recent_queries_max);
}

void CachedAnswers::store(wire::Query const& query, wire::QueryHit const& hit, Hops hops, Forwarder const& forwarder,
                          Instant now) {
    auto const age = wire::cached_of(hit);
    auto const kept = state().cache.store(query, hit, hops, age ? age->age_seconds : 0, forwarder, now);
    state().counters.stored += kept;
    state().counters.refused += hit.records.size() - kept;
}

void CachedAnswers::on_hit_passed(overlay::HitPassed const& hit, overlay::LinkInfo const* from, Instant now) {
    if (!on_ || !hit.payload) return;
    auto const query = state().recent.find(hit.guid);
    if (!query) return;
    auto const decoded = wire::decode_query_hit(*hit.payload);
    if (decoded) store(query->query, *decoded, hit.hops, forwarder_of(hit.from, from), now);
}

void CachedAnswers::on_hit(wire::Query const& query, overlay::HitArrived const& hit, overlay::LinkInfo const* from,
                           Instant now) {
    store(query, hit.hit, hit.hops, forwarder_of(hit.from, from), now);
}

bool CachedAnswers::is_too_old(wire::QueryHit const& hit) {
    auto const age = wire::cached_of(hit);
    if (!age || std::chrono::seconds{age->age_seconds} <= options_.cache.age_max) return false;
    state().counters.refused += hit.records.size();
    return true;
}

void CachedAnswers::source_refused(Endpoint source, Guid const& servent) {
    if (!empty()) state().counters.invalidated += state().cache.forget(source, servent);
}

}  // namespace praline::search
