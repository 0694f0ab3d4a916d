#include "node/overlay/dialer.hpp"

#include <algorithm>

namespace praline::overlay {

bool Dialer::wants_ultrapeers() const {
    Limits const& limits = ctx().limits();
    std::size_t const wanted = ctx().role() == Role::leaf ? limits.leaf_ultrapeers : limits.ultrapeer_links_wanted;
    return std::size_t{peers().counts().ultrapeers} + peers().counts().dialling < wanted;
}

bool Dialer::may_dial() const {
    return peers().counts().dialling < ctx().limits().connecting_max && peers().size() < ctx().limits().peers_max;
}

bool Dialer::is_alone() const { return peers().counts().links() + peers().counts().dialling == 0; }

void Dialer::connect_more() {
    if (!ctx().started() || ctx().stopping()) return;
    Limits const& limits = ctx().limits();
    Instant const now = ctx().now();
    std::vector<Endpoint> in_use = peers().endpoints_in_use();
    while (may_dial()) {
        auto next = hosts_.cache().next_named(now, in_use);
        if (!next && wants_ultrapeers()) {
            next = hosts_.cache().next(now, in_use);
            // Strangers choose these addresses, so they do not choose how many of them are called at once.
            std::uint32_t const each = limits.hearsay_dials_per_second;
            if (next && hosts_.cache().is_hearsay(*next) && !hearsay_.take(now, each, each)) break;
        }
        if (!next) break;
        Peer& peer = peers().add(peers().allot(), Direction::outgoing, *next);
        peer.due = now + limits.outgoing_handshake_within;
        in_use.emplace_back(*next);
        ctx().emit(Connect{peer.id(), *next});
    }
    if (is_alone() && now >= hosts_needed_at_) {
        hosts_needed_at_ = now + limits.need_hosts_every;
        ctx().emit(NeedHosts{});
    }
}

/// When a host that is due may be called; at once unless calls to hearsay have been many.
Instant Dialer::hearsay_due(Instant due) const {
    std::uint32_t const each = ctx().limits().hearsay_dials_per_second;
    if (each == 0 || due > ctx().now() || hearsay_.left(ctx().now(), each, each) > 0) return due;
    return hearsay_.regained_at(each, each - 1);
}

std::optional<Instant> Dialer::due() const {
    std::optional<Instant> due;
    if (may_dial()) {
        due = hosts_.cache().next_due(peers().endpoints_in_use(), wants_ultrapeers());
        if (due) due = std::max(*due, hearsay_due(*due));
    }
    if (is_alone()) due = due ? std::min(*due, hosts_needed_at_) : hosts_needed_at_;
    return due;
}

}  // namespace praline::overlay
