#include "index/replica/impl.hpp"

/// Direct links, and routes by way of one other server when the direct link is broken (Clippee, section II-C).
namespace praline::index {

bool Replica::Impl::reachable(Peer const& peer) const { return peer.link || peer.relay; }

bool Replica::Impl::send(ServerId to, ServerMessage message) {
    auto const peer = peers_.find(to);
    if (peer == peers_.end()) return false;
    std::optional<LinkId> link = peer->second.link;
    if (!link && peer->second.relay) {
        auto const relay = peers_.find(*peer->second.relay);
        if (relay != peers_.end()) link = relay->second.link;
    }
    if (!link) return false;
    send_over(*link, to, std::move(message));
    return true;
}

void Replica::Impl::send_over(LinkId link, ServerId to, ServerMessage message) {
    count(message);
    emit(Send{link, Envelope{self_.id, to, self_.incarnation, false}, std::move(message)});
}

void Replica::Impl::count(ServerMessage const& message) {
    struct Kind {
        std::uint64_t ReplicaCounters::* operator()(Acquire const&) const { return &ReplicaCounters::write_messages; }
        std::uint64_t ReplicaCounters::* operator()(Grant const&) const { return &ReplicaCounters::write_messages; }
        std::uint64_t ReplicaCounters::* operator()(Deny const&) const { return &ReplicaCounters::write_messages; }
        std::uint64_t ReplicaCounters::* operator()(Write const&) const { return &ReplicaCounters::write_messages; }
        std::uint64_t ReplicaCounters::* operator()(WriteAck const&) const { return &ReplicaCounters::write_messages; }
        std::uint64_t ReplicaCounters::* operator()(Digests const&) const { return &ReplicaCounters::repair_messages; }
        std::uint64_t ReplicaCounters::* operator()(Records const&) const { return &ReplicaCounters::repair_messages; }
        std::uint64_t ReplicaCounters::* operator()(RecordsAsk const&) const { return &ReplicaCounters::repair_messages; }
        std::uint64_t ReplicaCounters::* operator()(CopyAsk const&) const { return &ReplicaCounters::repair_messages; }
        std::uint64_t ReplicaCounters::* operator()(CopyPart const&) const { return &ReplicaCounters::repair_messages; }
        std::uint64_t ReplicaCounters::* operator()(Beat const&) const { return &ReplicaCounters::beat_messages; }
        std::uint64_t ReplicaCounters::* operator()(Hello const&) const { return &ReplicaCounters::other_messages; }
        std::uint64_t ReplicaCounters::* operator()(Members const&) const { return &ReplicaCounters::other_messages; }
        std::uint64_t ReplicaCounters::* operator()(Leave const&) const { return &ReplicaCounters::other_messages; }
        std::uint64_t ReplicaCounters::* operator()(Probe const&) const { return &ReplicaCounters::other_messages; }
        std::uint64_t ReplicaCounters::* operator()(ProbeAnswer const&) const { return &ReplicaCounters::other_messages; }
        std::uint64_t ReplicaCounters::* operator()(AskFor const&) const { return &ReplicaCounters::other_messages; }
        std::uint64_t ReplicaCounters::* operator()(AnswerFor const&) const { return &ReplicaCounters::other_messages; }
    };
    ++(counters_.*std::visit(Kind{}, message));
}

/// Passes a message on once: one that comes passed on already is not passed on again, so nothing goes in circles.
void Replica::Impl::relay(Envelope const& envelope, ServerMessage const& message) {
    auto const to = peers_.find(envelope.to);
    if (envelope.relayed || to == peers_.end() || !to->second.link) return refuse();
    Envelope onward = envelope;
    onward.relayed = true;
    ++counters_.relayed_messages;
    emit(Send{*to->second.link, onward, message});
}

void Replica::Impl::probe(Peer& peer) {
    peer.probe = rng_.next();
    std::uint32_t const doublings = peer.suspected ? std::min(peer.dials, reconnect_doublings_max) : 0;
    peer.probe_at = now_ + (peer.suspected ? options_.reconnect_every : options_.beat_every) * (1U << doublings);
    for (auto const& [id, other] : peers_)
        if (other.link && id != peer.member.id) send_over(*other.link, peer.member.id, Probe{peer.probe});
}

void Replica::Impl::probe_broken_routes() {
    for (auto& [id, peer] : peers_) {
        if (peer.link || now_ < peer.probe_at) continue;
        bool const silent = !peer.heard || now_ - *peer.heard >= options_.beat_every * probe_after_beats;
        if (peer.relay && !silent) continue;
        peer.relay.reset();
        probe(peer);
    }
}

void Replica::Impl::route_lost_through(ServerId relay) {
    for (auto& [id, peer] : peers_) {
        if (peer.relay != relay) continue;
        peer.relay.reset();
        if (!peer.link) probe(peer);
    }
}

void Replica::Impl::got(Envelope const& from, Probe const& message) {
    // Back the way it came: `message()` has taken its relay for a route if there is no other.
    send(from.from, ProbeAnswer{message.nonce});
}

void Replica::Impl::got(Envelope const& from, ProbeAnswer const& message) {
    Peer& peer = peers_.at(from.from);
    if (message.nonce != peer.probe || peer.probe == 0) return;
    peer.probe = 0;
    if (peer.relay) ++counters_.two_hop_routes;
}

}  // namespace praline::index
