#include "node/overlay/relay.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "node/overlay/flow_control.hpp"
#include "node/wire/codec.hpp"
#include "node/wire/praline.hpp"

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
    ByteView const last = payload.last(Guid::size_bytes);
    std::transform(last.begin(), last.end(), guid.bytes.begin(),
                   [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
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

/// The same of a hit, with the payload that it was sent as.
HitPtr routed_of(wire::QueryHit const& hit, SharedBytes payload) {
    return std::make_shared<RoutedHit const>(RoutedHit{hit, std::move(payload)});
}

/// Items of strangers, and those that travel otherwise than one step at a time, count as not there. @returns whether
/// the query may go on.
bool remove_foreign_steps(QueryPtr& query) {
    if (!wire::may_carry_steps(*query->payload)) return true;
    auto without = std::make_shared<RoutedQuery>(*query);  // others may look at it too
    if (!wire::remove_steps(without->query)) return true;
    without->payload = std::make_shared<Bytes const>(wire::encode(without->query));
    query = std::move(without);
    return query->payload->size() <= wire::relay_bytes_max(wire::Function::query);
}

/// Some living programs leave the field of minimum speed and flags 0. Of a neighbour's own query that means no limit and
/// no wishes, and it goes on as one of today's, since others take 0 from afar for a relic. @returns whether it may go on.
bool mark_for_neighbour(QueryPtr& query, Hops hops) {
    if (query->query.flags != 0 || hops > Hops{0}) return false;
    auto marked = std::make_shared<RoutedQuery>(*query);  // others may look at it too
    marked->query.flags = wire::QueryFlags::marked;
    marked->payload = std::make_shared<Bytes const>(wire::encode(marked->query));
    query = std::move(marked);
    return query->payload->size() <= wire::relay_bytes_max(wire::Function::query);
}

}  // namespace

Relay::Relay(Common& common, PushRelay& pushes, std::uint64_t key)
    : Part{common}, routes_{ctx().limits().routes_max, ctx().limits().routes_for, key}, pushes_{pushes} {}

Relay::Novelty Relay::novelty_of(Peer const& peer, wire::Header const& header, GuidRoutes::Entry const* known,
                                 bool may_step) {
    if (!known) return Novelty::fresh;
    // A probe that found too little comes back with a longer reach: pass it on, answer it no more.
    if (known->from == peer.id() && peer.info.ext_probes && header.ttl.value() > known->ttl)
        return Novelty::probe_again;
    return may_step ? Novelty::step_again : Novelty::repeated;
}

Fault Relay::count_repeated(Peer& peer, bool same_peer) {
    Limits const& limits = ctx().limits();
    ++ctx().counters().query_duplicates;
    bool const too_many = same_peer && ++peer.duplicates > limits.duplicates_min &&
                          std::uint64_t{peer.duplicates} * 1000 > peer.info.messages_in * limits.duplicates_per_mille;
    return too_many ? Fault::repeats : Fault::none;
}

bool Relay::is_allowed(Peer& peer, wire::Header const& header, Novelty novelty) {
    if (novelty == Novelty::step_again) return peer.credit.take_step(ctx().limits(), ctx().now());
    return FlowControl{common()}.allow_query(peer, header.hops);
}

/// Changes a query into one that may go on. @returns why it may not; empty: it may.
std::optional<DropReason> Relay::make_acceptable(QueryPtr& query, Peer const& peer, wire::Header const& header,
                                                 bool steps) const {
    if (!steps && is_too_far(header, ctx().limits())) return DropReason::ttl;
    bool const marked = (query->query.flags & wire::QueryFlags::marked) != 0;
    // A leaf relays nothing, so all it sends is its own, though some count the first step.
    bool const from_leaf = peer.info.kind == LinkKind::to_leaf && header.hops == Hops{1};
    Hops const relayed = from_leaf ? Hops{0} : header.hops;
    Hops const counted = steps ? Hops{0} : header.hops;
    // Ancient or empty, no fault of this neighbour.
    if (!marked && !mark_for_neighbour(query, relayed)) return DropReason::malformed;
    if (!asks_for_something(query->query, counted, ctx().limits().max_ttl)) return DropReason::malformed;
    if (!steps && !remove_foreign_steps(query)) return DropReason::too_large;
    return std::nullopt;
}

Fault Relay::on_query(Peer& peer, wire::Header const& header, ByteView payload, Message const* value) {
    ++ctx().counters().queries_in;
    bool const may_step = peer.info.praline && header.ttl == Ttl{1} && wire::may_carry_steps(payload);
    GuidRoutes::Entry* const known = routes_.find(header.guid, query_kind, ctx().now());
    Novelty const novelty = novelty_of(peer, header, known, may_step);
    if (novelty == Novelty::repeated) return count_repeated(peer, known->from == peer.id());
    if (!is_allowed(peer, header, novelty)) {
        ctx().drop(DropReason::over_rate, Kind::query);
        return Fault::none;
    }
    QueryPtr routed = value ? std::get<QueryPtr>(value->value) : routed_of(payload);
    if (!routed) return Fault::malformed;
    bool const steps = may_step && wire::carries_steps(routed->query);
    if (!steps && novelty == Novelty::step_again) return count_repeated(peer, known->from == peer.id());
    bool const ggep_h = wire::hit_style_for(routed->query) == wire::HitStyle::ggep_h;
    if (auto const refused = make_acceptable(routed, peer, header, steps)) {
        ctx().drop(*refused, Kind::query);
        return Fault::none;
    }
    if (known) {
        known->ttl = std::max(known->ttl, header.ttl.value());
        known->far = known->far || steps;
    } else {
        routes_.insert({header.guid, query_kind, header.ttl.value(), header.hops.value(), ggep_h, steps, peer.id()},
                       ctx().now());
    }
    ctx().counters().query_steps_in += steps ? 1U : 0U;
    pass_up(peer, header, std::move(routed), known != nullptr);
    return Fault::none;
}

void Relay::pass_up(Peer const& peer, wire::Header const& header, QueryPtr query, bool again) {
    auto const hops = static_cast<std::uint8_t>(std::min(header.hops.value() + 1, 255));
    int ttl = std::min<int>(header.ttl.value() - 1, ctx().limits().max_ttl - hops);
    if (ctx().role() == Role::leaf) ttl = 0;  // a leaf never relays
    ctx().emit(QueryArrived{peer.id(), header.guid, Ttl{static_cast<std::uint8_t>(std::max(ttl, 0))}, Hops{hops},
                            std::move(query), again});
}

bool Relay::may_travel_far(Peer const& peer, wire::Header const& header, ByteView payload) {
    if (!peer.info.praline || header.ttl == Ttl{0}) return false;
    if (header.function == query_kind) return header.ttl == Ttl{1} && wire::may_carry_steps(payload);
    if (header.function != hit_kind || header.ttl.value() + header.hops.value() > 255) return false;
    GuidRoutes::Entry const* const route = routes_.find(header.guid, query_kind, ctx().now());
    return route && route->far;
}

void Relay::on(ForwardQuery const& event) {
    if (!event.query) return;
    bool const steps = wire::carries_steps(event.query->query);
    if (event.ttl == Ttl{0} && !steps) return;
    if (steps && event.hops == Hops{0})
        if (GuidRoutes::Entry* const route = routes_.find(event.guid, query_kind, ctx().now())) route->far = true;
    for (PeerId const to : event.to)
        if (Peer* const peer = peers().find_up(to)) forward_to(*peer, event, steps);
}

void Relay::forward_to(Peer& peer, ForwardQuery const& event, bool steps) {
    // Hops Flow: only queries that have made fewer hops are wanted; 255 is no limit.
    if (event.hops.value() >= peer.info.hops_flow && peer.info.hops_flow != 255)
        return ctx().drop(DropReason::hops_flow, Kind::query);
    Ttl ttl = event.ttl;
    if (event.hops == Hops{0}) ttl = std::min(ttl, Ttl{std::max<std::uint8_t>(peer.info.max_ttl, 1)});
    if (steps || peer.info.kind == LinkKind::to_leaf) ttl = Ttl{1};
    if (!outbox().hand_over(peer, event.guid, ttl, event.hops, event.query))
        outbox().send(peer, event.guid, wire::Function::query, ttl, event.hops, event.query->payload);
    ++ctx().counters().queries_forwarded;
}

void Relay::on(OpenQuery const& event) {
    if (std::find(own_queries_.begin(), own_queries_.end(), event.guid) != own_queries_.end()) return;
    if (own_queries_.size() >= ctx().limits().own_queries_max && !own_queries_.empty())
        own_queries_.erase(own_queries_.begin());
    own_queries_.emplace_back(event.guid);
    // Our own query may come back to us: then it is a copy.
    routes_.put(event.guid, query_kind, ours, ctx().now());
}

void Relay::on(CloseQuery const& event) { std::erase(own_queries_, event.guid); }

/// How far an answer of ours goes, and how many hops it says it has made. A walker may have come by a short way to where
/// others of its query have been after a long one, and that is the reverse path: each node knows only from whom it had the
/// query first.
Relay::Reach Relay::reach_of_answer(GuidRoutes::Entry const& route, Peer const& to, Hops hops) const {
    Limits const& limits = ctx().limits();
    bool const far = route.far && to.info.praline;
    int const hops_and_ttl_max = far ? 255 : limits.hard_ttl_max;
    int ttl = far ? 255 : std::min<int>(route.hops + limits.hit_ttl_extra, limits.hard_ttl_max);
    // The reverse path comes first, then the truth about the hops: beyond the sum of both the next node drops it.
    ttl = std::max(std::min(ttl, hops_and_ttl_max - hops.value()), std::min(route.hops + 1, hops_and_ttl_max - 1));
    return {Ttl{static_cast<std::uint8_t>(ttl)},
            Hops{static_cast<std::uint8_t>(std::min<int>(hops.value(), hops_and_ttl_max - ttl))}};
}

void Relay::on(AnswerQuery const& event) {
    GuidRoutes::Entry const* const route = routes_.find(event.guid, query_kind, ctx().now());
    Peer* const peer = route && route->from != ours ? peers().find_up(route->from) : nullptr;
    if (!peer) {
        ctx().counters().hits_no_route += event.hits.size();
        return;
    }
    auto const [ttl, hops] = reach_of_answer(*route, *peer, event.hops);
    auto const style = route->ggep_h ? wire::HitStyle::ggep_h : wire::HitStyle::urn_text;
    for (wire::QueryHit const& hit : event.hits) {
        if (hit.records.empty() || !peer->is_up()) continue;
        auto payload = std::make_shared<Bytes const>(wire::encode(hit, style));
        if (payload->size() > wire::relay_bytes_max(wire::Function::query_hit)) {
            ctx().drop(DropReason::too_large, Kind::hit);  // the next node would drop it
            continue;
        }
        if (ctx().hands_over() && outbox().hand_over(*peer, event.guid, ttl, hops, routed_of(hit, payload))) continue;
        outbox().send(*peer, event.guid, wire::Function::query_hit, ttl, hops, std::move(payload));
    }
}

Fault Relay::on_own_hit(Peer& peer, wire::Header const& header, ByteView payload, Message const* value) {
    Result<wire::QueryHit> hit = value ? std::get<HitPtr>(value->value)->hit : wire::decode_query_hit(payload);
    if (!hit) return Fault::malformed;
    pushes_.learn_servent(hit->servent, peer);
    auto const hops = static_cast<std::uint8_t>(header.hops.value() + 1);
    ctx().emit(HitArrived{header.guid, peer.id(), Hops{hops}, std::move(*hit)});
    return Fault::none;
}

Fault Relay::on_hit(Peer& peer, wire::Header const& header, ByteView payload, Message const* value) {
    ++ctx().counters().hits_in;
    if (payload.size() < hit_bytes_min || payload.front() == std::byte{0}) return Fault::malformed;
    if (std::find(own_queries_.begin(), own_queries_.end(), header.guid) != own_queries_.end())
        return on_own_hit(peer, header, payload, value);
    GuidRoutes::Entry const* const route = routes_.find(header.guid, query_kind, ctx().now());
    bool const leads_on = route && route->from != ours && route->from != peer.id();
    Peer* const back = leads_on ? peers().find_up(route->from) : nullptr;
    if (!back) {
        ++ctx().counters().hits_no_route;
        return Fault::none;
    }
    auto const hops = static_cast<std::uint8_t>(header.hops.value() + 1);
    int ttl = header.ttl.value() - 1;
    // A leaf is the end of the path: a hit that came so far shall not die before it.
    if (back->info.kind == LinkKind::to_leaf) ttl = std::max(ttl, 2);
    if (!back->info.praline) ttl = std::min(ttl, ctx().limits().hard_ttl_max - hops);
    if (ttl <= 0) {
        ctx().drop(DropReason::ttl, Kind::hit);
        return Fault::none;
    }
    pushes_.learn_servent(servent_of_hit(payload), peer);
    SharedBytes const shared =
        value ? std::get<HitPtr>(value->value)->payload : std::make_shared<Bytes const>(payload.begin(), payload.end());
    Ttl const left{static_cast<std::uint8_t>(ttl)};
    if (!value || !outbox().hand_over(*back, header.guid, left, Hops{hops}, std::get<HitPtr>(value->value)))
        outbox().send(*back, header.guid, wire::Function::query_hit, left, Hops{hops}, shared);
    ++ctx().counters().hits_forwarded;
    if (ctx().settings().report_passing_hits) ctx().emit(HitPassed{header.guid, peer.id(), Hops{hops}, shared});
    return Fault::none;
}

std::optional<PeerId> Relay::reverse_path(Guid const& query, Instant now) {
    auto const* const entry = routes_.find(query, query_kind, now);
    return entry != nullptr ? std::optional{entry->from} : std::nullopt;
}

void Relay::prefetch(unsigned stage, Guid const& query) const noexcept { routes_.fetch(stage, query, query_kind); }

}  // namespace praline::overlay
