#include "node/overlay/push_relay.hpp"

#include <algorithm>
#include <memory>

#include "node/wire/codec.hpp"
#include "node/wire/vendor.hpp"

namespace praline::overlay {

void PushRelay::learn_servent(Guid const& servent, Peer const& from) {
    if (servent.is_blank() || servent == ctx().settings().servent) return;
    // A neighbour's own GUID is not for others to answer under. Looked for only if nothing is known: links are many.
    if (!routes().path_to(servent, ctx().now())) {
        Peer const* const neighbour = peers().find_servent(servent);
        if (neighbour && neighbour != &from) return;
    }
    (void)routes().learn(servent, from.id(), ctx().now());
}

Peer* PushRelay::path_to(Guid const& servent) {
    PushRoutes const* const known = routes_.if_made();
    auto const by = known ? known->path_to(servent, ctx().now()) : std::nullopt;
    return by ? peers().find_up(*by) : peers().find_servent(servent);
}

Fault PushRelay::on_push(Peer& peer, wire::Header const& header, ByteView payload) {
    if (!peer.credit.take_request(ctx().limits(), ctx().now())) {
        ctx().drop(DropReason::over_rate, Kind::push);
        return Fault::none;
    }
    auto const push = wire::decode_push(payload);
    if (!push || push->call_back.port == 0) return Fault::malformed;
    if (push->servent == ctx().settings().servent) {
        answer(peer, header.guid, *push);
        return Fault::none;
    }
    Peer* const found = path_to(push->servent);
    Peer* const to = found != &peer ? found : nullptr;
    int ttl = header.ttl.value() - 1;
    if (to && to->info.kind == LinkKind::to_leaf) ttl = std::max(ttl, 1);
    // Only what goes on is remembered: pushes that lead nowhere take no place from others.
    if (!to || ttl == 0) {
        ctx().drop(DropReason::ttl, Kind::push);
        return Fault::none;
    }
    if (!routes().is_new(header.guid, ctx().now())) return Fault::none;
    outbox().send(*to, header.guid, wire::Function::push, Ttl{static_cast<std::uint8_t>(ttl)},
                  Hops{static_cast<std::uint8_t>(header.hops.value() + 1)},
                  std::make_shared<Bytes const>(payload.begin(), payload.end()));
    ++ctx().counters().pushes_forwarded;
    return Fault::none;
}

void PushRelay::answer(Peer const& peer, Guid const& guid, wire::Push const& push) {
    if (!routes().is_new(guid, ctx().now())) return;
    auto& gate = gate_.get(ctx().limits());
    if (!gate.admit(push.call_back, peer.info.remote.address, ctx().settings().listen, ctx().now())) {
        ++ctx().counters().call_backs_refused;
        return;
    }
    ctx().emit(PushArrived{push.call_back, push.file_index});
}

void PushRelay::on_proxy_request(Peer& peer, Guid const& servent) {
    Settings const& own = ctx().settings();
    if (own.listen.port == 0 || servent.is_blank() || servent == own.servent) return;
    Peer const* const neighbour = peers().find_servent(servent);
    bool const its_own = peer.servent.is_blank() ? !neighbour : peer.servent == servent;
    if (!its_own || !routes().learn(servent, peer.id(), ctx().now())) {
        ++ctx().counters().push_proxies_refused;
        return;
    }
    peer.servent = servent;
    outbox().send(peer, servent, wire::Function::vendor, Ttl{1}, Hops{0},
                  wire::to_vendor(wire::PushProxyAck{own.listen.address.v4_number(), own.listen.port}));
}

void PushRelay::on(SendPush const& event) {
    Peer* const to = path_to(event.servent);
    if (!to) return;
    Guid const guid = Guid::random(ctx().rng());
    (void)routes().is_new(guid, ctx().now());
    // As far as a hit may have come.
    Limits const& limits = ctx().limits();
    auto const ttl =
        static_cast<std::uint8_t>(std::min(limits.max_ttl + limits.hit_ttl_extra, int{limits.hard_ttl_max}));
    outbox().send(*to, guid, wire::Function::push, Ttl{ttl}, Hops{0},
                  wire::Push{event.servent, event.file_index, event.call_back, {}});
}

void PushRelay::forget(PeerId link) {
    if (PushRoutes* const known = routes_.if_made()) known->forget(link);
}

}  // namespace praline::overlay
