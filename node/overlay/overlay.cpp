#include "node/overlay/overlay.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "node/base/lazy.hpp"
#include "node/base/prefetch.hpp"
#include "node/overlay/admission.hpp"
#include "node/overlay/common.hpp"
#include "node/overlay/datagram_pinger.hpp"
#include "node/overlay/dialer.hpp"
#include "node/overlay/flow_control.hpp"
#include "node/overlay/inbox.hpp"
#include "node/overlay/known_hosts.hpp"
#include "node/overlay/link_closer.hpp"
#include "node/overlay/liveness.hpp"
#include "node/overlay/pinger.hpp"
#include "node/overlay/push_relay.hpp"
#include "node/overlay/relay.hpp"
#include "node/overlay/role_switch.hpp"

namespace praline::overlay {

char const* to_string(CloseReason reason) noexcept {
    using enum CloseReason;
    switch (reason) {
        case handshake_refused: return "handshake refused";
        case handshake_bad: return "bad handshake";
        case handshake_timeout: return "handshake took too long";
        case no_slot: return "no slot";
        case already_connected: return "already connected";
        case remote_closed: return "closed by the other side";
        case socket_error: return "connection broken";
        case connect_failed: return "cannot connect";
        case bad_message: return "bad messages";
        case message_too_large: return "message too large";
        case bad_deflate: return "bad compressed data";
        case too_many_duplicates: return "too many duplicates";
        case idle: return "no sign of life";
        case removed_by_user: return "removed by the user";
        case mode_changed: return "role changed";
        case shutdown: return "shutting down";
        case bye_received: return "bye";
        case qrp_invalid: return "bad routing table";
        case leaf_relays: return "a leaf relays";
        case queue_full: return "send queue full";
    }
    return "unknown";
}

wire::Function Message::function() const {
    constexpr std::array<wire::Function, 3> functions{wire::Function::query, wire::Function::query_hit,
                                                      wire::Function::vendor};
    return functions.at(value.index());
}

ByteView Message::payload() const {
    if (auto const* const query = std::get_if<QueryPtr>(&value)) return *(*query)->payload;
    if (auto const* const hit = std::get_if<HitPtr>(&value)) return *(*hit)->payload;
    return {};
}

/// Hands each event to the part that it concerns. The parts are declared in the order in which they know each other: each
/// only those above it. Those without a state of their own are made for a call.
struct Overlay::Impl {
    /// What is drawn when an overlay is made, in this order.
    struct Chance {
        explicit Chance(Rng rng) : routes_key{rng.next()}, pushes_key{rng.next()}, rest{rng} {}
        std::uint64_t routes_key, pushes_key;
        Rng rest;
    };
    Impl(Settings settings, std::shared_ptr<Limits const> limits, Role first, Chance const& chance)
        : common{std::move(settings), std::move(limits), first, chance.rest},
          pushes{common, chance.pushes_key},
          relay{common, pushes, chance.routes_key} {}

    void handle(Event const& event, Instant now, UnixSeconds unix_now, Actions& out);
    void finish_event();
    void plan_deadline();

    void on(Start const& event);
    void on(Tick const&);
    void on(Accepted const& event) { admission().on(event); }
    void on(Connected const& event) { admission().on(event); }
    void on(ConnectFailed const& event) { admission().on(event); }
    void on(Received const& event);
    void on(Handed const& event);
    void on(Drained const& event);
    void on(Closed const& event);
    void on(DatagramReceived const& event) { datagrams().on(event); }
    void on(UserConnect const& event);
    void on(UserForget const& event);
    void on(UserDisconnect const& event);
    void on(HostCacheFound const& event) { datagrams().on(event); }
    void on(HostsFound const& event);
    void on(SharingChanged const& event) { pinger.on(event); }
    void on(ForwardQuery const& event) { relay.on(event); }
    void on(OpenQuery const& event) { relay.on(event); }
    void on(CloseQuery const& event) { relay.on(event); }
    void on(AnswerQuery const& event) { relay.on(event); }
    void on(SendQrp const& event);
    void on(RejectQrp const& event);
    void on(QueryCost const& event);
    void on(SendPush const& event) { pushes.on(event); }
    void on(SendNote const& event);
    void on(Shutdown const&);

    [[nodiscard]] LinkCloser closer() { return LinkCloser{{common, hosts, pinger, pushes}}; }
    [[nodiscard]] Admission admission() { return Admission{{common, hosts, pinger, role, crawlers, closer()}}; }
    [[nodiscard]] Inbox inbox() { return Inbox{common, hosts, pinger, pushes, relay}; }
    [[nodiscard]] FlowControl flow_control() { return FlowControl{common}; }
    [[nodiscard]] DatagramPinger& datagrams() { return datagram_pinger.get(common, hosts, pinger); }

    // What messages touch stands first in each part, since a host of many nodes fetches that, see Overlay::fetch.
    Common common;
    PushRelay pushes;
    Relay relay;
    Instant deadline = Instant::max();  // max: none
    KnownHosts hosts{common};
    Dialer dialer{common, hosts};
    Pinger pinger{common, hosts};
    RoleSwitch role{common};
    Lazy<DatagramPinger> datagram_pinger;
    Lazy<RecentAddresses> crawlers;
};

void Overlay::Impl::handle(Event const& event, Instant now, UnixSeconds unix_now, Actions& out) {
    common.context.begin(now, unix_now, out);
    std::visit([this](auto const& one) { on(one); }, event);
    finish_event();
    common.context.end();
}

void Overlay::Impl::finish_event() {
    common.outbox.flush_scheduled(common.peers, [this](Peer& peer, bool sent) {
        if (peer.stage() == Stage::closing) closer().close_now(peer, sent);
    });
    common.peers.remove_gone();
    if (common.context.take_links_changed()) dialer.connect_more();
    if (common.context.take_deadline_changed()) plan_deadline();
}

void Overlay::Impl::plan_deadline() {
    deadline = Instant::max();
    if (!common.context.started()) return;
    auto const consider = [this](std::optional<Instant> due) {
        if (due) deadline = std::min(deadline, *due);
    };
    for (auto const& peer : common.peers.all()) {
        consider(peer->due);
        consider(flow_control().due(*peer));
    }
    if (common.context.stopping()) return;
    consider(dialer.due());
    consider(hosts.report_due());
    consider(pinger.discovery_due());
    consider(role.due());
    // Never in the past: a host that ticks at once would spin.
    deadline = std::max(deadline, common.context.now() + std::chrono::milliseconds{1});
}

void Overlay::Impl::on(Start const& event) {
    common.context.set_started();
    role.start();
    pinger.start();
    hosts.start(event.hosts);
    common.context.links_changed();
}

void Overlay::Impl::on(Tick const&) {
    Liveness liveness{{common, pinger, admission(), closer()}};
    for (auto const& peer : common.peers.all()) {
        liveness.check(*peer);
        if (peer->hops_flow_announced != LinkCredit::no_hops_flow) flow_control().update(*peer);
    }
    role.check_isolation(closer());
    pinger.discover();
    hosts.report_changes();
    common.context.links_changed();
}

void Overlay::Impl::on(Received const& event) {
    Peer* const peer = common.peers.find(event.peer);
    if (!peer) return;
    ByteView messages = event.bytes;
    if (peer->stage() == Stage::handshaking) {
        messages = admission().shake_hands(*peer, event.bytes);
        if (messages.empty()) return;
    }
    if (peer->is_up()) inbox().receive(*peer, messages);
}

void Overlay::Impl::on(Handed const& event) {
    if (Peer* const peer = common.peers.find_up(event.peer)) inbox().receive(*peer, *event.message);
}

void Overlay::Impl::on(Drained const& event) {
    if (Peer* const peer = common.peers.find(event.peer)) common.outbox.drained(*peer);
}

void Overlay::Impl::on(Closed const& event) {
    Peer* const peer = common.peers.find(event.peer);
    if (peer) closer().closed(*peer, event.error ? CloseReason::socket_error : CloseReason::remote_closed);
}

void Overlay::Impl::on(UserConnect const& event) {
    hosts.cache().name(event.endpoint);
    common.context.links_changed();
}

void Overlay::Impl::on(UserForget const& event) {
    hosts.cache().forget_named(event.endpoint);
    common.context.links_changed();
}

void Overlay::Impl::on(UserDisconnect const& event) {
    Peer* const peer = common.peers.find(event.peer);
    if (!peer || peer->stage() == Stage::closing) return;
    if (peer->dialled()) hosts.cache().forget_named(*peer->dialled());
    if (auto const listening = peer->info.listening()) hosts.cache().forget_named(*listening);
    closer().end(*peer, CloseReason::removed_by_user, {}, 201);
}

void Overlay::Impl::on(HostsFound const& event) {
    for (Endpoint const& host : event.endpoints) hosts.learn(host, true, HostSources::host_caches);
}

void Overlay::Impl::on(SendQrp const& event) {
    for (wire::Qrp const& message : event.messages) {
        Peer* const peer = common.peers.find_up(event.peer);
        if (!peer) return;
        if (!common.outbox.send_table(*peer, message))
            closer().end(*peer, CloseReason::queue_full, "Send queue full", 502);
    }
}

void Overlay::Impl::on(RejectQrp const& event) {
    Peer* const peer = common.peers.find_up(event.peer);
    if (peer) closer().end(*peer, CloseReason::qrp_invalid, "Invalid QRP sequence", 413);
}

void Overlay::Impl::on(QueryCost const& event) {
    if (Peer* const peer = common.peers.find_up(event.peer)) flow_control().on(*peer, event);
}

void Overlay::Impl::on(SendNote const& event) {
    Peer* const peer = common.peers.find_up(event.to);
    if (!peer || !peer->info.praline) return;
    if (common.outbox.hand_over(*peer, event.guid, Ttl{1}, Hops{0}, event.note)) return;
    common.outbox.send(*peer, event.guid, wire::Function::vendor, Ttl{1}, Hops{0}, wire::to_vendor(event.note));
}

void Overlay::Impl::on(Shutdown const&) {
    common.context.set_stopping();
    for (auto const& peer : common.peers.all()) closer().end(*peer, CloseReason::shutdown, {}, 200);
}

Overlay::Overlay(Settings settings, std::shared_ptr<Limits const> limits, Rng rng) {
    Role const role = first_role(settings);
    impl_ = std::make_unique<Impl>(std::move(settings), std::move(limits), role, Impl::Chance{rng});
}
Overlay::Overlay(Config config, Rng rng)
    : Overlay{Settings{config}, std::make_shared<Limits const>(config.limits), rng} {}
Overlay::~Overlay() = default;
Overlay::Overlay(Overlay&&) noexcept = default;
Overlay& Overlay::operator=(Overlay&&) noexcept = default;

void Overlay::handle(Event const& event, Instant now, UnixSeconds unix_now, Actions& out) {
    impl_->handle(event, now, unix_now, out);
}

void Overlay::fetch(unsigned stage, PeerId peer, Guid const& guid) const noexcept {
    constexpr std::size_t line = 64;
    auto const prefetch = [](void const* from, std::size_t lines) {
        for (std::size_t i = 0; i < lines; ++i) prefetch_line(static_cast<std::byte const*>(from) + i * line);
    };
    if (stage == 0) {
        prefetch(&impl_->common.context, 2);
        prefetch(&impl_->common.peers, 2);
        prefetch(&impl_->relay, 2);
        return;
    }
    impl_->common.peers.prefetch(stage - 1, peer);
    impl_->relay.prefetch(stage - 1, guid);
}
void Overlay::fetch_links() const noexcept { impl_->common.peers.prefetch_all(); }

std::optional<Instant> Overlay::next_deadline() const {
    return impl_->deadline != Instant::max() ? std::optional{impl_->deadline} : std::nullopt;
}
Role Overlay::role() const { return impl_->common.context.role(); }

std::vector<LinkInfo> Overlay::links() const {
    std::vector<LinkInfo> links;
    for (auto const& peer : impl_->common.peers.all())
        if (peer->is_up()) links.emplace_back(peer->info);
    return links;
}

LinkInfo const* Overlay::link(PeerId id) const {
    Peer const* const peer = impl_->common.peers.find_up(id);
    return peer ? &peer->info : nullptr;
}

std::uint32_t Overlay::link_changes() const { return impl_->common.context.link_changes(); }
std::vector<HostRecord> Overlay::hosts() const { return impl_->hosts.cache().records(); }
std::optional<PeerId> Overlay::reverse_path(Guid const& query, Instant now) const {
    return impl_->relay.reverse_path(query, now);
}
Counters const& Overlay::counters() const { return impl_->common.context.counters(); }
PeerId Overlay::allot_peer() { return impl_->common.peers.allot(); }

}  // namespace praline::overlay
