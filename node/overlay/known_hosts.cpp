#include "node/overlay/known_hosts.hpp"

#include <algorithm>

#include "node/wire/codec.hpp"

namespace praline::overlay {

KnownHosts::KnownHosts(Common& common)
    : Part{common}, cache_{ctx().limits(), ctx().settings().accept_private, ctx().settings().listen.address.is_v6()} {
    cache_.set_own(ctx().settings().listen);
}

void KnownHosts::start(std::vector<HostRecord> const& saved) {
    cache_.load(saved);
    for (Endpoint const& peer : ctx().take_named_peers()) cache_.name(peer);
}

bool KnownHosts::learn(Endpoint endpoint, bool ultrapeer, AddressPrefix source) {
    using enum HostCache::Learned;
    auto const learned = cache_.learn(endpoint, ultrapeer, {source, ctx().now(), ctx().unix_now()});
    if (learned == added) {
        changed_ = true;
        ctx().links_changed();
    }
    ctx().counters().hosts_refused += learned == refused ? 1U : 0U;
    return learned != refused;
}

void KnownHosts::collect_hosts(Offer const& offer, AddressPrefix source) {
    std::size_t left = ctx().limits().hosts_per_message_max;
    for (Endpoint const& host : offer.ultrapeers)
        if (left > 0 && left--) learn(host, true, source);
    for (Endpoint const& host : offer.hosts)
        if (left > 0 && left--) learn(host, false, source);
}

void KnownHosts::collect_hosts(wire::Ggep const& ggep, AddressPrefix source) {
    wire::GgepItem const* const packed = wire::find(ggep, "IPP");
    if (!packed) return;
    auto const list = wire::decode_endpoints(packed->data);
    if (!list) return;
    std::size_t left = ctx().limits().hosts_per_message_max;
    for (Endpoint const& host : *list) {
        if (left-- == 0) return;
        learn(host, true, source);
    }
}

void KnownHosts::succeeded(Peer const& peer) {
    bool const ultrapeer = peer.info.kind == LinkKind::to_ultrapeer;
    if (auto const dialled = peer.dialled()) {
        cache_.succeeded(*dialled, ultrapeer, ctx().unix_now());
        changed_ = true;
    } else if (auto const listening = peer.info.listening()) {
        learn(*listening, ultrapeer, peer.info.remote.address);
    }
}

void KnownHosts::failed(Peer const& peer, CloseReason reason) {
    auto const dialled = peer.dialled();
    if (!dialled || reason == CloseReason::mode_changed || reason == CloseReason::shutdown) return;
    cache_.failed(*dialled, ctx().now());
    changed_ = true;
}

std::vector<Endpoint> KnownHosts::hosts_to_try(Endpoint asking, std::optional<Endpoint> dialled) {
    std::size_t const most = ctx().limits().try_hosts_sent_max;
    std::vector<Endpoint> list;
    auto const add = [&](Endpoint host) {
        if (list.size() < most && cache_.may_pass_on(host) && host != dialled &&
            std::find(list.begin(), list.end(), host) == list.end()) {
            list.emplace_back(host);
        }
    };
    for (auto const& one : peers().all())
        if (one->is_up() && one->info.kind == LinkKind::to_ultrapeer && one->info.listening_port != 0)
            add(*one->info.listening());
    for (Endpoint const& host : cache_.suggest(most, asking, ctx().rng())) add(host);
    return list;
}

void KnownHosts::report_changes() {
    if (!changed_ || ctx().now() < report_at_) return;
    changed_ = false;
    report_at_ = ctx().now() + ctx().limits().hosts_changed_every;
    ctx().emit(HostsChanged{});
}

}  // namespace praline::overlay
