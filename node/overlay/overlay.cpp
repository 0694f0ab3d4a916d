#include "node/overlay/overlay.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "node/overlay/overlay_impl.hpp"

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

namespace {

constexpr auto query_function = static_cast<std::uint8_t>(wire::Function::query);

// An automatic node that others can reach begins as an ultrapeer, since in a new network somebody has to.
Role first_role(Settings const& config) {
    if (config.mode == Mode::leaf) return Role::leaf;
    if (config.mode == Mode::ultrapeer) return Role::ultrapeer;
    return config.listen.port != 0 ? Role::ultrapeer : Role::leaf;
}

}  // namespace

Overlay::Impl::Impl(Settings the_settings, std::shared_ptr<Limits const> the_limits, Rng the_rng)
    : limits{*the_limits},
      role{first_role(the_settings)},
      hands_over{the_settings.hand_over},
      routes{limits.routes_max, limits.routes_for, the_rng.next()},
      config{std::move(the_settings)},
      shared_limits{std::move(the_limits)},
      push_key{the_rng.next()},
      rng{the_rng},
      hosts{limits, config.accept_private, config.listen.address.is_v6()},
      pongs{{limits.pongs_cached_max, limits.pongs_cached_per_link_max}, limits.pongs_cached_for} {
    hosts.set_own(config.listen);
}

Peer* Overlay::Impl::find(PeerId id) {
    // Ids are given out in order, so that as a rule a peer stands where its number says.
    if (!peers.empty()) {
        std::size_t const guess = id.value() - first_peer;
        if (guess < peers.size() && peers[guess]->id() == id && peers[guess]->stage != Stage::gone)
            return peers[guess].get();
    }
    auto const at = std::lower_bound(peer_ids.begin(), peer_ids.end(), id);
    if (at == peer_ids.end() || *at != id) return nullptr;
    Peer* const peer = peers[static_cast<std::size_t>(at - peer_ids.begin())].get();
    return peer->stage != Stage::gone ? peer : nullptr;
}

Peer* Overlay::Impl::find_up(PeerId id) {
    Peer* const peer = find(id);
    return peer && peer->stage == Stage::up ? peer : nullptr;
}

void Overlay::Impl::handle(Event const& event, Instant at, UnixSeconds unix_at, Actions& actions) {
    now = at;
    unix_now = unix_at;
    out = &actions;
    std::visit([this](auto const& one) { on(one); }, event);
    finish_event();
    out = nullptr;
}

void Overlay::Impl::finish_event() {
    // What is sent on while flushing marks no further peers, except by ending one: hence the index.
    for (std::size_t i = 0; i < dirty.size(); ++i) {
        if (Peer* const peer = find(dirty[i])) {
            peer->dirty = false;
            flush(*peer);
        }
    }
    dirty.clear();
    if (std::exchange(someone_gone, false)) {
        std::erase_if(peers, [](auto const& peer) { return peer->stage == Stage::gone; });
        peer_ids.clear();
        for (auto const& peer : peers) peer_ids.emplace_back(peer->id());
        first_peer = peers.empty() ? 0 : peers.front()->id().value();
    }
    if (std::exchange(connect_wanted, false)) connect_more();
    if (std::exchange(deadline_stale, false)) plan_deadline();
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

void Overlay::Impl::on(Start const& event) {
    started = true;
    started_at = lonely_since = now;
    discover_at = now + limits.discovery_ping_every;
    hosts.load(event.hosts);
    for (Endpoint const& peer : std::exchange(config.peers, {})) hosts.name(peer);
    connect_wanted = deadline_stale = true;
}

void Overlay::Impl::on(UserConnect const& event) {
    hosts.name(event.endpoint);
    connect_wanted = deadline_stale = true;
}

void Overlay::Impl::on(UserDisconnect const& event) {
    Peer* const peer = find(event.peer);
    if (!peer || peer->stage == Stage::closing) return;
    if (peer->dialled()) hosts.forget_named(*peer->dialled());
    if (auto const listening = peer->info.listening()) hosts.forget_named(*listening);
    end(*peer, CloseReason::removed_by_user, {}, 201);
}

void Overlay::Impl::on(HostsFound const& event) {
    for (Endpoint const& host : event.endpoints) hear(host, true, Tellers::host_caches);
}

void Overlay::Impl::on(SharingChanged const& event) {
    files = event.files;
    shared_bytes = event.bytes;
}

void Overlay::Impl::on(Shutdown const&) {
    stopping = true;
    for (auto const& peer : peers)
        if (peer->stage != Stage::gone && peer->stage != Stage::closing) end(*peer, CloseReason::shutdown, {}, 200);
}

Overlay::Overlay(Settings settings, std::shared_ptr<Limits const> limits, Rng rng)
    : impl_{std::make_unique<Impl>(std::move(settings), std::move(limits), rng)} {}
Overlay::Overlay(Config config, Rng rng)
    : Overlay{Settings{config}, std::make_shared<Limits const>(config.limits), rng} {}
Overlay::~Overlay() = default;
Overlay::Overlay(Overlay&&) noexcept = default;
Overlay& Overlay::operator=(Overlay&&) noexcept = default;

void Overlay::handle(Event const& event, Instant now, UnixSeconds unix_now, Actions& out) {
    impl_->handle(event, now, unix_now, out);
}
void Overlay::fetch(unsigned stage, PeerId peer, Guid const& guid) const noexcept {
    constexpr std::size_t line = 64, impl_lines = 4, peer_lines = 3;
    auto const lines = [](void const* from, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) __builtin_prefetch(static_cast<std::byte const*>(from) + i * line);
    };
    if (stage == 0) return lines(impl_.get(), impl_lines);
    std::size_t const at = peer.value() - impl_->first_peer;
    if (stage == 1) {
        if (at < impl_->peers.size()) lines(&impl_->peers[at], 1);
        return impl_->routes.fetch(0, guid, query_function);
    }
    if (stage == 2) {
        if (at < impl_->peers.size()) lines(&impl_->peers[at]->info.peer, peer_lines);
        return impl_->routes.fetch(1, guid, query_function);
    }
}
void Overlay::fetch_links() const noexcept { impl_->fetch_peers(); }

std::optional<Instant> Overlay::next_deadline() const { return impl_->deadline; }
Role Overlay::role() const { return impl_->role; }

std::vector<LinkInfo> Overlay::links() const {
    std::vector<LinkInfo> links;
    for (auto const& peer : impl_->peers)
        if (peer->stage == Stage::up) links.emplace_back(peer->info);
    return links;
}

LinkInfo const* Overlay::link(PeerId id) const {
    Peer const* const peer = impl_->find_up(id);
    return peer ? &peer->info : nullptr;
}

std::uint32_t Overlay::link_changes() const { return impl_->link_changes; }
std::vector<HostRecord> Overlay::hosts() const { return impl_->hosts.records(); }
std::optional<PeerId> Overlay::way_back(Guid const& query, Instant now) const {
    auto const* const entry = impl_->routes.find(query, query_function, now);
    return entry != nullptr ? std::optional{entry->from} : std::nullopt;
}
Counters const& Overlay::counters() const { return impl_->counters; }
PeerId Overlay::allot_peer() { return PeerId{impl_->next_peer++}; }

}  // namespace praline::overlay
