#include <algorithm>
#include <utility>

#include "node/overlay/overlay_impl.hpp"

/// Queries and hits, and the ways they go. @source Gnutella 0.6; node/wire/protocol/routing.md
namespace praline::overlay {
namespace {

constexpr PeerId ours{0};
constexpr auto query_kind = static_cast<std::uint8_t>(wire::Function::query);
constexpr auto hit_kind = static_cast<std::uint8_t>(wire::Function::query_hit);
constexpr std::size_t hit_bytes_min = 27;

bool is_too_far(wire::Header const& header, Limits const& limits) {
    return header.hops == Hops{255} || header.ttl.value() + header.hops.value() > limits.hard_ttl_max;
}

bool asks_for_something(wire::Query const& query, Hops hops, std::uint8_t max_ttl) {
    if (!query.urns.empty()) return true;
    if (query.text.size() <= 1) return false;
    return query.text.size() > 3 || hops.value() <= max_ttl / 2;
}

/// The GUID a hit ends with: whom a Push would name.
Guid servent_of_hit(ByteView payload) {
    Guid guid;
    ByteView const last = payload.last(Guid::octets);
    std::transform(last.begin(), last.end(), guid.bytes.begin(),
                   [](std::byte octet) { return std::to_integer<std::uint8_t>(octet); });
    return guid;
}

/// Null: it cannot be understood.
QueryPtr routed_of(ByteView payload) {
    auto query = wire::decode_query(payload);
    if (!query) return nullptr;
    auto routed = std::make_shared<RoutedQuery>();
    routed->query = std::move(*query);
    routed->payload = std::make_shared<Bytes const>(payload.begin(), payload.end());
    return routed;
}

/// The same of a hit; its payload is whoever's it was.
HitPtr routed_of(wire::QueryHit const& hit, SharedBytes payload) {
    return std::make_shared<RoutedHit const>(RoutedHit{hit, std::move(payload)});
}

}  // namespace

Overlay::Impl::Novelty Overlay::Impl::novelty_of(Peer const& peer, wire::Header const& header,
                                                 GuidRoutes::Entry const* known, bool may_step) const {
    if (!known) return Novelty::fresh;
    // A probe that found too little comes back with a longer reach: pass it on, answer it no more.
    if (known->from == peer.id() && peer.info.ext_probes && header.ttl.value() > known->ttl)
        return Novelty::probe_again;
    return may_step ? Novelty::step_again : Novelty::repeated;
}

void Overlay::Impl::count_repeated(Peer& peer, bool same_peer) {
    ++counters.query_duplicates;
    if (same_peer && ++peer.duplicates > limits.duplicates_min &&
        std::uint64_t{peer.duplicates} * 1000 > peer.info.messages_in * limits.duplicates_per_mille) {
        end(peer, CloseReason::too_many_duplicates, "Too many duplicates", 401);
    }
}

/// Items of strangers, and those that travel otherwise than one step at a time, count as not there. @returns whether
/// the query may go on.
bool Overlay::Impl::remove_foreign_steps(QueryPtr& query) {
    if (!wire::may_carry_steps(*query->payload)) return true;
    auto without = std::make_shared<RoutedQuery>(*query);  // others may look at it too
    if (!wire::remove_steps(without->query)) return true;
    without->payload = std::make_shared<Bytes const>(wire::encode(without->query));
    query = std::move(without);
    return query->payload->size() <= wire::relay_bytes_max(wire::Function::query);
}

/// Some living programs leave the field of minimum speed and flags 0. Of a neighbour's own query that means no limit and
/// no wishes, and it goes on as one of today's, since others take 0 from afar for a relic. @returns whether it may go on.
bool Overlay::Impl::mark_for_neighbour(QueryPtr& query, Hops hops) {
    if (query->query.flags != 0 || hops > Hops{0}) return false;
    auto marked = std::make_shared<RoutedQuery>(*query);  // others may look at it too
    marked->query.flags = wire::QueryFlags::marked;
    marked->payload = std::make_shared<Bytes const>(wire::encode(marked->query));
    query = std::move(marked);
    return query->payload->size() <= wire::relay_bytes_max(wire::Function::query);
}

/// A query that is new goes to most links, and each is somewhere else in memory.
void Overlay::Impl::fetch_peers() const noexcept {
    constexpr std::size_t line = 64, lines = 3, peers_fetched_max = 16;
    for (std::size_t at = 0; at < std::min(peers.size(), peers_fetched_max); ++at)
        for (std::size_t i = 0; i < lines; ++i)
            __builtin_prefetch(reinterpret_cast<std::byte const*>(&peers[at]->info.peer) + i * line);
}

void Overlay::Impl::take_query(Peer& peer, wire::Header const& header, ByteView payload, Message const* value) {
    ++counters.queries_in;
    bool const may_step = peer.info.praline && header.ttl == Ttl{1} && wire::may_carry_steps(payload);
    GuidRoutes::Entry* const known = routes.find(header.guid, query_kind, now);
    Novelty const novelty = novelty_of(peer, header, known, may_step);
    if (novelty == Novelty::repeated) return count_repeated(peer, known->from == peer.id());
    bool const allowed = novelty == Novelty::step_again
                             ? peer.steps.take(now, limits.steps_per_second, limits.steps_burst)
                             : query_allowed(peer, header);
    if (!allowed) return drop(DropReason::over_rate, Kind::query);
    QueryPtr routed = value ? std::get<QueryPtr>(value->value) : routed_of(payload);
    if (!routed) return malformed(peer, Kind::query);
    bool const steps = may_step && wire::carries_steps(routed->query);
    if (!steps && novelty == Novelty::step_again) return count_repeated(peer, known->from == peer.id());
    if (!steps && is_too_far(header, limits)) return drop(DropReason::ttl, Kind::query);
    bool const marked = (routed->query.flags & wire::QueryFlags::marked) != 0;
    // A leaf relays nothing, so all it sends is its own, though some count the first step.
    Hops const relayed = peer.info.kind == LinkKind::to_leaf && header.hops == Hops{1} ? Hops{0} : header.hops;
    if ((!marked && !mark_for_neighbour(routed, relayed)) ||
        !asks_for_something(routed->query, steps ? Hops{0} : header.hops, limits.max_ttl)) {
        return drop(DropReason::malformed, Kind::query);  // ancient or empty, no fault of this neighbour
    }
    bool const ggep_h = wire::hit_style_for(routed->query) == wire::HitStyle::ggep_h;
    if (!steps && !remove_foreign_steps(routed)) return drop(DropReason::too_large, Kind::query);
    if (known) {
        known->ttl = std::max(known->ttl, header.ttl.value());
        known->far = known->far || steps;
    } else {
        routes.insert({header.guid, query_kind, header.ttl.value(), header.hops.value(), ggep_h, steps, peer.id()},
                      now);
    }
    counters.query_steps_in += steps ? 1U : 0U;
    auto const hops = static_cast<std::uint8_t>(std::min(header.hops.value() + 1, 255));
    int ttl = std::min<int>(header.ttl.value() - 1, limits.max_ttl - hops);
    if (role == Role::leaf) ttl = 0;  // a leaf never relays
    emit(QueryArrived{peer.id(), header.guid, Ttl{static_cast<std::uint8_t>(std::max(ttl, 0))}, Hops{hops},
                      std::move(routed), known != nullptr});
}

bool Overlay::Impl::may_come_far(Peer const& peer, wire::Header const& header, ByteView payload) {
    if (!peer.info.praline || header.ttl == Ttl{0}) return false;
    if (header.function == query_kind) return header.ttl == Ttl{1} && wire::may_carry_steps(payload);
    if (header.function != hit_kind || header.ttl.value() + header.hops.value() > 255) return false;
    GuidRoutes::Entry const* const route = routes.find(header.guid, query_kind, now);
    return route && route->far;
}

void Overlay::Impl::on(ForwardQuery const& event) {
    if (!event.query) return;
    bool const steps = wire::carries_steps(event.query->query);
    if (event.ttl == Ttl{0} && !steps) return;
    if (steps && event.hops == Hops{0})
        if (GuidRoutes::Entry* const route = routes.find(event.guid, query_kind, now)) route->far = true;
    for (PeerId const to : event.to) {
        Peer* const peer = find_up(to);
        if (!peer) continue;
        // Hops Flow: only queries that have made fewer hops are wanted; 255 is no limit.
        if (event.hops.value() >= peer->info.hops_flow && peer->info.hops_flow != 255) {
            drop(DropReason::hops_flow, Kind::query);
            continue;
        }
        Ttl ttl = event.ttl;
        if (event.hops == Hops{0}) ttl = std::min(ttl, Ttl{std::max<std::uint8_t>(peer->info.max_ttl, 1)});
        if (steps || peer->info.kind == LinkKind::to_leaf) ttl = Ttl{1};
        if (!hand_over(*peer, event.guid, ttl, event.hops, event.query))
            send(*peer, event.guid, wire::Function::query, ttl, event.hops, event.query->payload);
        ++counters.queries_forwarded;
    }
}

void Overlay::Impl::on(OpenQuery const& event) {
    if (std::find(own_queries.begin(), own_queries.end(), event.guid) != own_queries.end()) return;
    if (own_queries.size() >= limits.own_queries_max && !own_queries.empty()) own_queries.erase(own_queries.begin());
    own_queries.emplace_back(event.guid);
    // Our own query may come back to us: then it is a copy.
    routes.put(event.guid, query_kind, ours, now);
}

void Overlay::Impl::on(CloseQuery const& event) { std::erase(own_queries, event.guid); }

void Overlay::Impl::on(AnswerQuery const& event) {
    GuidRoutes::Entry const* const route = routes.find(event.guid, query_kind, now);
    Peer* const peer = route && route->from != ours ? find_up(route->from) : nullptr;
    if (!peer) {
        counters.hits_no_route += event.hits.size();
        return;
    }
    // A walker may have come by a short way to where others of its query have been after a long one, and that is the way
    // back: each node knows only whom it heard from first.
    bool const far = route->far && peer->info.praline;
    int const hops_and_ttl_max = far ? 255 : limits.hard_ttl_max;
    int ttl = far ? 255 : std::min<int>(route->hops + limits.hit_ttl_extra, limits.hard_ttl_max);
    // The way back comes first, then the truth about the hops: beyond the sum of both the next node drops it.
    ttl =
        std::max(std::min(ttl, hops_and_ttl_max - event.hops.value()), std::min(route->hops + 1, hops_and_ttl_max - 1));
    Hops const hops{static_cast<std::uint8_t>(std::min<int>(event.hops.value(), hops_and_ttl_max - ttl))};
    auto const style = route->ggep_h ? wire::HitStyle::ggep_h : wire::HitStyle::urn_text;
    for (wire::QueryHit const& hit : event.hits) {
        if (hit.records.empty() || peer->stage != Stage::up) continue;
        auto payload = std::make_shared<Bytes const>(wire::encode(hit, style));
        if (payload->size() > wire::relay_bytes_max(wire::Function::query_hit)) {
            drop(DropReason::too_large, Kind::hit);  // the next node would drop it
            continue;
        }
        Ttl const left{static_cast<std::uint8_t>(ttl)};
        if (hands_over && hand_over(*peer, event.guid, left, hops, routed_of(hit, payload))) continue;
        send(*peer, event.guid, wire::Function::query_hit, left, hops, std::move(payload));
    }
}

void Overlay::Impl::take_hit(Peer& peer, wire::Header const& header, ByteView payload, Message const* value) {
    ++counters.hits_in;
    if (payload.size() < hit_bytes_min || payload.front() == std::byte{0}) return malformed(peer, Kind::hit);
    bool const own = std::find(own_queries.begin(), own_queries.end(), header.guid) != own_queries.end();
    auto const hops = static_cast<std::uint8_t>(header.hops.value() + 1);
    if (own) {
        Result<wire::QueryHit> hit = value ? std::get<HitPtr>(value->value)->hit : wire::decode_query_hit(payload);
        if (!hit) return malformed(peer, Kind::hit);
        learn_servent(hit->servent, peer);
        emit(HitArrived{header.guid, peer.id(), Hops{hops}, std::move(*hit)});
        return;
    }
    GuidRoutes::Entry const* const route = routes.find(header.guid, query_kind, now);
    Peer* const back = route && route->from != ours && route->from != peer.id() ? find_up(route->from) : nullptr;
    if (!back) {
        ++counters.hits_no_route;
        return;
    }
    int ttl = header.ttl.value() - 1;
    // A leaf is the end of the way: a hit that came so far shall not die before it.
    if (back->info.kind == LinkKind::to_leaf) ttl = std::max(ttl, 2);
    if (!back->info.praline) ttl = std::min(ttl, limits.hard_ttl_max - hops);
    if (ttl <= 0) return drop(DropReason::ttl, Kind::hit);
    learn_servent(servent_of_hit(payload), peer);
    SharedBytes const shared =
        value ? std::get<HitPtr>(value->value)->payload : std::make_shared<Bytes const>(payload.begin(), payload.end());
    Ttl const left{static_cast<std::uint8_t>(ttl)};
    if (!value || !hand_over(*back, header.guid, left, Hops{hops}, std::get<HitPtr>(value->value)))
        send(*back, header.guid, wire::Function::query_hit, left, Hops{hops}, shared);
    ++counters.hits_forwarded;
    if (config.report_passing_hits) emit(HitPassed{header.guid, peer.id(), Hops{hops}, shared});
}

}  // namespace praline::overlay
