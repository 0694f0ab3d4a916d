#include <algorithm>
#include <utility>

#include "node/overlay/overlay_impl.hpp"

/// What time brings: signs of life, deadlines, and the role of an automatic node.
namespace praline::overlay {

void Overlay::Impl::change_role(Role to, PeerId keep) {
    if (role == to) return;
    role = to;
    lonely_since = now;
    // The role is fixed for the life of a link, so all others are made anew.
    for (auto const& peer : peers) {
        if (peer->id() == keep || peer->stage == Stage::gone || peer->stage == Stage::closing) continue;
        end(*peer, CloseReason::mode_changed, {}, 203);
    }
    emit(RoleChanged{to});
    deadline_stale = connect_wanted = true;
}

void Overlay::Impl::on(Tick const&) {
    // Ending one peer never adds another, so the list may be walked by position.
    for (std::size_t i = 0; i < peers.size(); ++i) {
        check_time(*peers[i]);
        if (peers[i]->info.hops_flow_told != 255) check_flow(*peers[i]);
    }
    check_role();
    discover();
    if (hosts_changed && now >= hosts_told_at) {
        hosts_changed = false;
        hosts_told_at = now + limits.hosts_changed_every;
        emit(HostsChanged{});
    }
    connect_wanted = deadline_stale = true;
}

void Overlay::Impl::check_time(Peer& peer) {
    if (peer.stage == Stage::connecting || peer.stage == Stage::handshaking) {
        if (now >= peer.due) {
            if (peer.opening) peer.opening->words.clear();
            end(peer, CloseReason::handshake_timeout, {});
        }
    } else if (peer.stage == Stage::closing) {
        if (now >= peer.due) close_now(peer, false);
    } else if (peer.stage == Stage::up && now >= peer.due) {
        bool const busy_link = role == Role::ultrapeer && peer.info.kind == LinkKind::to_ultrapeer;
        auto const period = busy_link ? limits.alive_ping_ultrapeer : limits.alive_ping_leaf;
        auto const patience = busy_link ? limits.alive_pings_ultrapeer : limits.alive_pings_leaf;
        if (peer.in_flight && now - peer.transmit_at >= limits.stuck_within) {
            end(peer, CloseReason::idle, "nothing can be sent");
        } else if (now - peer.last_heard < period) {
            peer.alive_unanswered = 0;
            peer.due = peer.last_heard + period;
            // Walks and estimates go by how many links a neighbour has; its pong says so. Now and then is enough.
            if (busy_link && peer.info.praline && rng.below(limits.degree_asked_one_in) == 0) send_ping(peer, Ttl{1});
        } else if (peer.alive_unanswered >= patience) {
            end(peer, CloseReason::idle, "No reply to alive pings", 406);
        } else {
            ++peer.alive_unanswered;
            peer.due = now + period;
            send_ping(peer, Ttl{1});
        }
    }
}

void Overlay::Impl::check_role() {
    if (config.mode != Mode::automatic || role != Role::leaf || config.listen.port == 0 || stopping) return;
    if (count().ultrapeers > 0)
        lonely_since = now;
    else if (now - lonely_since >= limits.lonely_leaf_after)
        change_role(Role::ultrapeer, PeerId{0});
}

/// When a host that is due may be called; at once unless calls to hearsay have been many.
Instant Overlay::Impl::hearsay_due(Instant due) const {
    std::uint32_t const each = limits.hearsay_dials_per_second;
    if (each == 0 || due > now || hearsay_dials.left(now, each, each) > 0) return due;
    return hearsay_dials.regained_at(each, each - 1);
}

void Overlay::Impl::plan_deadline() {
    deadline.reset();
    if (!started) return;
    auto const consider = [this](Instant at) {
        if (!deadline || at < *deadline) deadline = at;
    };
    Counts const counts = count();
    for (auto const& peer : peers) {
        consider(peer->due);
        if (auto const due = flow_due(*peer)) consider(*due);
    }
    if (stopping) return;
    if (counts.dialling < limits.connecting_max && peers.size() < limits.peers_max)
        if (auto const due = hosts.next_due(busy(), wants_ultrapeers(counts)))
            consider(std::max(*due, hearsay_due(*due)));
    if (counts.ultrapeers + counts.leaves + counts.dialling == 0) consider(hosts_needed_at);
    if (hosts_changed) consider(hosts_told_at);
    if (counts.ultrapeers > 0) consider(discover_at);
    bool const may_be_lonely = config.mode == Mode::automatic && role == Role::leaf && config.listen.port != 0;
    if (may_be_lonely) consider(lonely_since + limits.lonely_leaf_after);
    // Never in the past: a host that ticks at once would spin.
    if (deadline) deadline = std::max(*deadline, now + std::chrono::milliseconds{1});
}

}  // namespace praline::overlay
