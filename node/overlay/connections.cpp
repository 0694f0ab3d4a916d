#include <algorithm>
#include <utility>

#include "node/base/fair_places.hpp"
#include "node/base/room_for_one.hpp"
#include "node/overlay/overlay_impl.hpp"

/// Sockets: who is called, accepted, written to and let go.
namespace praline::overlay {

Overlay::Impl::Counts Overlay::Impl::count() const {
    Counts counts;
    for (auto const& peer : peers) {
        if (peer->stage == Stage::up) {
            ++(peer->info.kind == LinkKind::to_leaf ? counts.leaves : counts.ultrapeers);
        } else if (peer->stage == Stage::connecting || peer->stage == Stage::handshaking) {
            ++(peer->info.direction == Direction::outgoing ? counts.dialling : counts.handshaking);
        }
    }
    return counts;
}

Peer& Overlay::Impl::add_peer(PeerId id, Direction direction, Endpoint remote) {
    auto peer = std::make_unique<Peer>();
    peer->info.peer = id;
    peer->info.direction = direction;
    peer->info.remote = remote;
    peer->last_heard = now;
    next_peer = std::max(next_peer, id.value() + 1);
    auto const at = std::lower_bound(peer_ids.begin(), peer_ids.end(), id) - peer_ids.begin();
    room_for_one(peer_ids);
    room_for_one(peers);
    peer_ids.insert(peer_ids.begin() + at, id);
    first_peer = peer_ids.front().value();
    deadline_stale = true;
    return **peers.insert(peers.begin() + at, std::move(peer));
}

std::vector<Endpoint> Overlay::Impl::busy() const {
    std::vector<Endpoint> list;
    for (auto const& peer : peers) {
        if (peer->stage == Stage::gone) continue;
        if (peer->dialled()) list.emplace_back(*peer->dialled());
        if (auto const listening = peer->info.listening()) list.emplace_back(*listening);
    }
    return list;
}

bool Overlay::Impl::wants_ultrapeers(Counts const& counts) const {
    std::size_t const wanted = role == Role::leaf ? limits.leaf_ultrapeers : limits.ultrapeer_links_wanted;
    return counts.ultrapeers + counts.dialling < wanted;
}

void Overlay::Impl::connect_more() {
    if (!started || stopping) return;
    Counts counts = count();
    std::vector<Endpoint> taken = busy();
    while (counts.dialling < limits.connecting_max && peers.size() < limits.peers_max) {
        auto next = hosts.next_named(now, taken);
        if (!next && wants_ultrapeers(counts)) {
            next = hosts.next(now, taken);
            // Strangers choose these addresses, so they do not choose how many of them are called at once.
            if (next && hosts.is_hearsay(*next) &&
                !hearsay_dials.take(now, limits.hearsay_dials_per_second, limits.hearsay_dials_per_second))
                break;
        }
        if (!next) break;
        Peer& peer = add_peer(PeerId{next_peer}, Direction::outgoing, *next);
        peer.due = now + limits.outgoing_handshake_within;
        taken.emplace_back(*next);
        ++counts.dialling;
        emit(Connect{peer.id(), *next});
    }
    bool const alone = counts.ultrapeers + counts.leaves + counts.dialling == 0;
    if (alone && now >= hosts_needed_at) {
        hosts_needed_at = now + limits.need_hosts_every;
        emit(NeedHosts{});
    }
}

void Overlay::Impl::on(Accepted const& event) {
    if (find(event.peer)) return;
    Peer& peer = add_peer(event.peer, Direction::incoming, event.remote);
    peer.stage = Stage::handshaking;
    peer.due = now + std::min(limits.first_block_within, limits.incoming_handshake_within);
    peer.opening.reset(new Opening{Handshake{config, limits, Direction::incoming, event.remote}, {}});
    if (peers.size() > limits.peers_max) {
        ++counters.handshakes_refused;
        return end(peer, CloseReason::no_slot, "too many connections");
    }
    evict_a_handshake();
}

/// Makes room for the handshake that was begun last.
void Overlay::Impl::evict_a_handshake() {
    FairPlaces places{{limits.handshaking_max, limits.handshaking_per_address_max}};
    std::vector<PeerId> evicted;
    for (auto const& one : peers) {  // by PeerId: oldest first
        if (one->stage != Stage::handshaking || one->info.direction != Direction::incoming) continue;
        if (auto const id = places.admit(one->id().value(), one->info.remote.address))
            evicted.emplace_back(PeerId{static_cast<std::uint32_t>(*id)});
    }
    for (PeerId const id : evicted) {
        Peer& peer = *find(id);
        ++counters.handshakes_refused;
        peer.opening->words.clear();
        end(peer, CloseReason::no_slot, "too many handshakes at once");
    }
}

void Overlay::Impl::on(Connected const& event) {
    Peer* const peer = find(event.peer);
    if (!peer || peer->stage != Stage::connecting) return;
    peer->stage = Stage::handshaking;
    peer->opening.reset(new Opening{Handshake{config, limits, Direction::outgoing, peer->info.remote}, {}});
    peer->opening->words = peer->opening->handshake.open(role);
    deadline_stale = true;
    mark(*peer);
}

void Overlay::Impl::on(ConnectFailed const& event) {
    Peer* const peer = find(event.peer);
    if (!peer || peer->stage != Stage::connecting) return;
    note_failure(*peer, CloseReason::connect_failed);
    peer->stage = Stage::gone;
    someone_gone = connect_wanted = deadline_stale = true;
}

void Overlay::Impl::on(Closed const& event) {
    Peer* const peer = find(event.peer);
    if (!peer) return;
    CloseReason const reason = event.error ? CloseReason::socket_error : CloseReason::remote_closed;
    if (peer->stage == Stage::up) emit(LinkDown{peer->id(), reason, {}});
    if (peer->stage != Stage::closing) note_failure(*peer, reason);
    if (peer->stage == Stage::up) forget_what_came_by(peer->id());
    peer->stage = Stage::gone;
    someone_gone = connect_wanted = deadline_stale = true;
}

void Overlay::Impl::on(Received const& event) {
    Peer* const peer = find(event.peer);
    if (!peer) return;
    if (peer->stage == Stage::handshaking)
        shake_hands(*peer, event.bytes);
    else if (peer->stage == Stage::up)
        read_messages(*peer, event.bytes);
}

void Overlay::Impl::on(Drained const& event) {
    Peer* const peer = find(event.peer);
    if (!peer) return;
    peer->in_flight = false;
    // As a rule nothing waits: then there is nothing to flush.
    if (peer->stage != Stage::up || peer->opening || !peer->link.at_rest()) mark(*peer);
}

void Overlay::Impl::note_failure(Peer const& peer, CloseReason reason) {
    if (!peer.dialled() || reason == CloseReason::mode_changed || reason == CloseReason::shutdown) return;
    hosts.failed(*peer.dialled(), now);
    hosts_changed = true;
}

void Overlay::Impl::forget_what_came_by(PeerId link) {
    pongs.forget(link);
    if (push_routes_if_any) push_routes_if_any->forget(link);
}

void Overlay::Impl::end(Peer& peer, CloseReason reason, std::string text, std::uint16_t bye_code) {
    if (peer.stage == Stage::closing || peer.stage == Stage::gone) return;
    bool const was_up = peer.stage == Stage::up;
    bool const says_bye = was_up && bye_code != 0 && peer.takes_bye;
    note_failure(peer, reason);
    if (was_up) forget_what_came_by(peer.id());
    peer.closing = reason;
    deadline_stale = connect_wanted = true;
    if (says_bye) {
        peer.link.clear_queue();
        send(peer, Guid::random(rng), wire::Function::bye, Ttl{1}, Hops{0},
             wire::Bye{bye_code, text.empty() ? to_string(reason) : text});
    }
    bool const has_words = says_bye || (peer.has_words() && peer.stage == Stage::handshaking);
    peer.stage = Stage::closing;
    if (was_up) emit(LinkDown{peer.id(), reason, std::move(text)});
    if (!has_words) return close_now(peer, false);
    peer.due = now + limits.bye_within;
    mark(peer);
}

void Overlay::Impl::close_now(Peer& peer, bool after_sending) {
    emit(Close{peer.id(), peer.closing, after_sending});
    peer.stage = Stage::gone;
    someone_gone = connect_wanted = deadline_stale = true;
}

void Overlay::Impl::mark(Peer& peer) {
    if (peer.dirty) return;
    peer.dirty = true;
    dirty.emplace_back(peer.id());
}

void Overlay::Impl::flush(Peer& peer) {
    if (peer.in_flight || peer.stage == Stage::connecting) return;
    Bytes bytes = peer.link.next_transmit(limits, peer.info.messages_out);
    if (peer.has_words()) {
        ByteView const text = as_view(peer.opening->words);
        bytes.insert(bytes.begin(), text.begin(), text.end());
        peer.opening->words = {};
    }
    if (peer.stage == Stage::up) peer.opening.reset();
    show_load(peer);
    bool const closing = peer.stage == Stage::closing;
    bool const anything = !bytes.empty();
    if (anything) transmit(peer, std::move(bytes));
    if (closing) close_now(peer, anything);
}

void Overlay::Impl::transmit(Peer& peer, Bytes bytes) {
    peer.in_flight = true;
    peer.transmit_at = now;
    peer.info.bytes_out += bytes.size();
    emit(Transmit{peer.id(), std::move(bytes)});
}

}  // namespace praline::overlay
