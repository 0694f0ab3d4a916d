#include "node/overlay/liveness.hpp"

namespace praline::overlay {

void Liveness::check(Peer& peer) {
    if (parts_.common.context.now() < peer.due) return;
    switch (peer.stage()) {
        case Stage::connecting:
        case Stage::handshaking: return parts_.admission.on_timeout(peer);
        case Stage::closing: return parts_.closer.close_now(peer, false);
        case Stage::up: return check_link(peer);
        case Stage::gone: return;
    }
}

void Liveness::check_link(Peer& peer) {
    Limits const& limits = parts_.common.context.limits();
    Instant const now = parts_.common.context.now();
    bool const between_ultrapeers =
        parts_.common.context.role() == Role::ultrapeer && peer.info.kind == LinkKind::to_ultrapeer;
    auto const period = between_ultrapeers ? limits.alive_ping_ultrapeer : limits.alive_ping_leaf;
    auto const unanswered_max = between_ultrapeers ? limits.alive_pings_ultrapeer : limits.alive_pings_leaf;
    if (parts_.common.outbox.is_stuck(peer)) {
        parts_.closer.end(peer, CloseReason::idle, "nothing can be sent");
    } else if (now - peer.last_heard < period) {
        peer.alive_unanswered = 0;
        peer.due = peer.last_heard + period;
        // Walks and estimates go by how many links a neighbour has; its pong says so. Now and then is enough.
        if (between_ultrapeers && peer.info.praline &&
            parts_.common.context.rng().below(limits.degree_asked_one_in) == 0)
            parts_.pinger.send_ping(peer, Ttl{1});
    } else if (peer.alive_unanswered >= unanswered_max) {
        parts_.closer.end(peer, CloseReason::idle, "No reply to alive pings", 406);
    } else {
        ++peer.alive_unanswered;
        peer.due = now + period;
        parts_.pinger.send_ping(peer, Ttl{1});
    }
}

}  // namespace praline::overlay
