#include <algorithm>

#include "node/overlay/overlay_impl.hpp"

/// Pushes: requests to call a peer back, and the reverse paths they take. @source node/wire/protocol/routing.md
namespace praline::overlay {

Peer* Overlay::Impl::linked_servent(Guid const& servent) {
    auto const at = std::find_if(peers.begin(), peers.end(),
                                 [&](auto const& one) { return one->stage == Stage::up && one->servent == servent; });
    return at != peers.end() ? at->get() : nullptr;
}

/// A hit that came by `from` ends with this GUID.
void Overlay::Impl::learn_servent(Guid const& servent, Peer const& from) {
    if (servent.is_blank() || servent == config.servent) return;
    // A neighbour's own GUID is not for others to answer under. Looked for only if nothing is known: links are many.
    if (!push_routes().path_to(servent, now)) {
        Peer const* const neighbour = linked_servent(servent);
        if (neighbour && neighbour != &from) return;
    }
    (void)push_routes().learn(servent, from.id(), now);
}

Peer* Overlay::Impl::path_to(Guid const& servent) {
    auto const by = push_routes_if_any ? push_routes_if_any->path_to(servent, now) : std::nullopt;
    return by ? find_up(*by) : linked_servent(servent);
}

void Overlay::Impl::take_push(Peer& peer, wire::Header const& header, ByteView payload) {
    if (!peer.requests.take(now, limits.requests_per_second, limits.requests_burst))
        return drop(DropReason::over_rate, Kind::push);
    auto const push = wire::decode_push(payload);
    if (!push || push->call_back.port == 0) return malformed(peer, Kind::push);
    if (push->servent == config.servent) return answer_push(peer, header.guid, *push);
    Peer* const found = path_to(push->servent);
    Peer* const to = found != &peer ? found : nullptr;
    int ttl = header.ttl.value() - 1;
    if (to && to->info.kind == LinkKind::to_leaf) ttl = std::max(ttl, 1);
    // Only what goes on is remembered: pushes that lead nowhere cost nobody else's.
    if (!to || ttl == 0) return drop(DropReason::ttl, Kind::push);
    if (!push_routes().is_new(header.guid, now)) return;
    send(*to, header.guid, wire::Function::push, Ttl{static_cast<std::uint8_t>(ttl)},
         Hops{static_cast<std::uint8_t>(header.hops.value() + 1)},
         std::make_shared<Bytes const>(payload.begin(), payload.end()));
    ++counters.pushes_forwarded;
}

void Overlay::Impl::answer_push(Peer const& peer, Guid const& guid, wire::Push const& push) {
    if (!push_routes().is_new(guid, now)) return;
    if (!outside().call_backs.admit(push.call_back, peer.info.remote.address, config.listen, now)) {
        ++counters.call_backs_refused;
        return;
    }
    emit(PushArrived{push.call_back, push.file_index});
}

/// A neighbour asks that pushes for it come by this link. It may ask for its own GUID only: the one of its handshake, or,
/// if it named none there, the one it asks for first, unless that is known to be another's.
void Overlay::Impl::take_proxy_request(Peer& peer, Guid const& servent) {
    if (config.listen.port == 0 || servent.is_blank() || servent == config.servent) return;
    Peer const* const neighbour = linked_servent(servent);
    bool const own = peer.servent.is_blank() ? !neighbour : peer.servent == servent;
    if (!own || !push_routes().learn(servent, peer.id(), now)) {
        ++counters.push_proxies_refused;
        return;
    }
    peer.servent = servent;
    send(peer, servent, wire::Function::vendor, Ttl{1}, Hops{0},
         wire::to_vendor(wire::PushProxyAck{config.listen.address.v4_number(), config.listen.port}));
}

void Overlay::Impl::on(SendPush const& event) {
    Peer* const to = path_to(event.servent);
    if (!to) return;
    Guid const guid = Guid::random(rng);
    (void)push_routes().is_new(guid, now);
    // As far as a hit may have come.
    auto const ttl =
        static_cast<std::uint8_t>(std::min(limits.max_ttl + limits.hit_ttl_extra, int{limits.hard_ttl_max}));
    send(*to, guid, wire::Function::push, Ttl{ttl}, Hops{0},
         wire::Push{event.servent, event.file_index, event.call_back, {}});
}

}  // namespace praline::overlay
