#include "index/replica/routes.hpp"

#include <algorithm>
#include <variant>

#include "index/replica/limits.hpp"

namespace praline::index::replica {
namespace {

using Counter = std::uint64_t ReplicaCounters::*;

/// Where a message is counted.
struct CounterOf {
    Counter operator()(Acquire const&) const { return &ReplicaCounters::write_messages; }
    Counter operator()(Grant const&) const { return &ReplicaCounters::write_messages; }
    Counter operator()(Deny const&) const { return &ReplicaCounters::write_messages; }
    Counter operator()(Write const&) const { return &ReplicaCounters::write_messages; }
    Counter operator()(WriteAck const&) const { return &ReplicaCounters::write_messages; }
    Counter operator()(Digests const&) const { return &ReplicaCounters::repair_messages; }
    Counter operator()(Records const&) const { return &ReplicaCounters::repair_messages; }
    Counter operator()(RecordsAsk const&) const { return &ReplicaCounters::repair_messages; }
    Counter operator()(CopyAsk const&) const { return &ReplicaCounters::repair_messages; }
    Counter operator()(CopyPart const&) const { return &ReplicaCounters::repair_messages; }
    Counter operator()(Heartbeat const&) const { return &ReplicaCounters::heartbeat_messages; }
    Counter operator()(Hello const&) const { return &ReplicaCounters::other_messages; }
    Counter operator()(Members const&) const { return &ReplicaCounters::other_messages; }
    Counter operator()(Leave const&) const { return &ReplicaCounters::other_messages; }
    Counter operator()(Probe const&) const { return &ReplicaCounters::other_messages; }
    Counter operator()(ProbeAnswer const&) const { return &ReplicaCounters::other_messages; }
    Counter operator()(AskFor const&) const { return &ReplicaCounters::other_messages; }
    Counter operator()(AnswerFor const&) const { return &ReplicaCounters::other_messages; }
};

constexpr char const* another_link = "there is another link to that server";

}  // namespace

Peer* Routes::find(ServerId id) {
    auto const found = peers_.find(id);
    return found == peers_.end() ? nullptr : &found->second;
}

Peer const* Routes::find(ServerId id) const {
    auto const found = peers_.find(id);
    return found == peers_.end() ? nullptr : &found->second;
}

Peer& Routes::add(Member const& member) {
    Peer& peer = peers_[member.id];
    peer.member = member;
    peer.known_since = ctx_.now();
    return peer;
}

void Routes::erase(ServerId id) {
    peers_.erase(id);
    route_lost_through(id);
}

bool Routes::open(LinkUp const& event) {
    if (links_.size() >= links_max || links_.contains(event.link)) {
        ctx_.emit(CloseLink{event.link, "too many links"});
        return false;
    }
    links_[event.link] = PeerLink{event.outgoing, ctx_.now(), ctx_.now(), std::nullopt};
    return true;
}

PeerLink* Routes::link(LinkId id) {
    auto const found = links_.find(id);
    return found == links_.end() ? nullptr : &found->second;
}

void Routes::close(LinkId link, std::string why) { close(link, std::move(why), false); }
void Routes::turn_away(LinkId link, std::string why) { close(link, std::move(why), true); }

void Routes::close(LinkId link, std::string why, bool turned_away) {
    unbind(link);
    ctx_.emit(CloseLink{link, std::move(why), turned_away});
}

void Routes::drop_link(Peer& peer, std::string why) {
    if (!peer.link) return;
    LinkId const link = *peer.link;
    peer.link.reset();
    links_.erase(link);
    ctx_.emit(CloseLink{link, std::move(why)});
}

void Routes::unbind(LinkId link) {
    auto const found = links_.find(link);
    if (found == links_.end()) return;
    std::optional<ServerId> const id = found->second.peer;
    links_.erase(found);
    if (!id) return;
    Peer* const peer = find(*id);
    if (peer == nullptr || peer->link != link) return;
    peer->link.reset();
    peer->dials = 0;
    peer->dial_at = ctx_.now();
    route_lost_through(*id);
    probe(*peer);
}

/// Of two links the one that the lower id opened stays, so that both sides choose alike; of two that one side opened, the younger.
bool Routes::keep_link(LinkId fresh, PeerLink const& link, Peer& peer) {
    bool const lower = ctx_.self().id < peer.member.id;
    if (peer.link && *peer.link != fresh) {
        bool const fresh_is_right = link.outgoing == lower;
        bool const old_is_right = links_.at(*peer.link).outgoing == lower;
        if (old_is_right && !fresh_is_right) {
            links_.erase(fresh);
            ctx_.emit(CloseLink{fresh, another_link});
            return false;
        }
        drop_link(peer, another_link);
    }
    peer.link = fresh;
    peer.relay.reset();
    peer.dials = 0;
    return true;
}

/// A link on which nothing comes is broken, whatever the system below thinks of it.
void Routes::close_silent_links() {
    Duration const suspect_after = ctx_.suspect_after();
    std::vector<LinkId> silent;
    for (auto const& [id, link] : links_)
        if (ctx_.now() - link.last_heard >= (link.peer ? suspect_after : std::min(hello_within, 4 * suspect_after)))
            silent.push_back(id);
    for (LinkId const id : silent) close(id, "nothing came over this link for too long");
}

void Routes::resumed(Duration time) {
    for (auto& [id, peer] : peers_)
        if (peer.last_heard) *peer.last_heard += time;
    for (auto& [id, link] : links_) link.last_heard += time;
}

bool Routes::send(ServerId to, ServerMessage message) {
    Peer const* const peer = find(to);
    if (peer == nullptr) return false;
    std::optional<LinkId> link = peer->link;
    if (!link && peer->relay)
        if (Peer const* const relay = find(*peer->relay)) link = relay->link;
    if (!link) return false;
    send_over(*link, to, std::move(message));
    return true;
}

void Routes::send_over(LinkId link, ServerId to, ServerMessage message) {
    ++(ctx_.counters().*std::visit(CounterOf{}, message));
    ctx_.emit(Send{link, Envelope{ctx_.self().id, to, ctx_.self().incarnation, false}, std::move(message)});
}

void Routes::relay(Envelope const& envelope, ServerMessage const& message) {
    Peer const* const to = find(envelope.to);
    if (envelope.relayed || to == nullptr || !to->link) return ctx_.refuse();
    Envelope onward = envelope;
    onward.relayed = true;
    ++ctx_.counters().relayed_messages;
    ctx_.emit(Send{*to->link, onward, message});
}

void Routes::probe(Peer& peer) {
    peer.probe = ctx_.rng().next();
    std::uint32_t const doublings = peer.suspected ? std::min(peer.dials, reconnect_doublings_max) : 0;
    peer.probe_at = ctx_.now() + (peer.suspected ? ctx_.options().reconnect_every : ctx_.options().heartbeat_every) *
                                     (1U << doublings);
    for (auto const& [id, other] : peers_)
        if (other.link && id != peer.member.id) send_over(*other.link, peer.member.id, Probe{peer.probe});
}

void Routes::probe_broken_routes() {
    for (auto& [id, peer] : peers_) {
        if (peer.link || ctx_.now() < peer.probe_at) continue;
        bool const silent = !peer.last_heard ||
                            ctx_.now() - *peer.last_heard >= ctx_.options().heartbeat_every * probe_after_heartbeats;
        if (peer.relay && !silent) continue;
        peer.relay.reset();
        probe(peer);
    }
}

void Routes::route_lost_through(ServerId relay) {
    for (auto& [id, peer] : peers_) {
        if (peer.relay != relay) continue;
        peer.relay.reset();
        if (!peer.link) probe(peer);
    }
}

void Routes::got(Envelope const& from, Probe const& message) {
    // Back along its own path: the server that passed it on is the route by now if there is no other.
    send(from.from, ProbeAnswer{message.nonce});
}

void Routes::got(Envelope const& from, ProbeAnswer const& message) {
    Peer& peer = peers_.at(from.from);
    if (message.nonce != peer.probe || peer.probe == 0) return;
    peer.probe = 0;
    if (peer.relay) ++ctx_.counters().two_hop_routes;
}

}  // namespace praline::index::replica
