#include "node/overlay/pinger.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "node/overlay/flow_control.hpp"
#include "node/wire/codec.hpp"
#include "node/wire/ggep.hpp"
#include "node/wire/praline.hpp"

namespace praline::overlay {
namespace {

constexpr std::uint32_t ultrapeer_kilobytes_min = 8;
constexpr std::uint8_t protocol_version = 0x01;
constexpr std::size_t pongs_per_level = 2;

/// Ultrapeers are told apart by a power of two; a leaf must not report one.
std::uint32_t advertised_kilobytes(std::uint64_t bytes, Role role) {
    auto const kilobytes = static_cast<std::uint32_t>(std::min<std::uint64_t>(bytes / 1024, 0x7FFFFFFF));
    if (role == Role::leaf) {
        bool const mistakable = kilobytes >= ultrapeer_kilobytes_min && std::has_single_bit(kilobytes);
        return mistakable ? kilobytes | 1U : kilobytes;
    }
    if (kilobytes <= ultrapeer_kilobytes_min) return ultrapeer_kilobytes_min;
    std::uint32_t const below = std::bit_floor(kilobytes);
    return kilobytes - below > below / 2 ? below * 2 : below;
}

/// Random ones: enough to know an answer by. The neighbour itself is told all of it.
std::uint32_t first_bytes(Guid const& guid) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | guid.bytes[i];
    return value;
}

/// Enough to tell apart times within a month.
std::uint32_t low_milliseconds(Instant at) {
    return static_cast<std::uint32_t>(std::chrono::floor<std::chrono::milliseconds>(at).time_since_epoch().count());
}

std::uint8_t as_byte(std::size_t value) { return static_cast<std::uint8_t>(std::min<std::size_t>(value, 255)); }

std::size_t free_of(std::size_t most, std::size_t used) { return most > used ? most - used : 0; }

}  // namespace

bool says_ultrapeer(wire::Pong const& pong) {
    return (pong.kilobytes >= ultrapeer_kilobytes_min && std::has_single_bit(pong.kilobytes)) ||
           wire::has(pong.ggep, "UP");
}

void add_vendor_code(wire::Ggep& ggep) { wire::add(ggep, "VC", {'P', 'R', 'L', 'N', protocol_version}); }

Pinger::Pinger(Common& common, KnownHosts& hosts) : Part{common}, hosts_{hosts}, pongs_{ctx().limits()} {}

void Pinger::start() {
    started_at_ = ctx().now();
    discover_at_ = ctx().now() + ctx().limits().discovery_ping_every;
}

void Pinger::on(SharingChanged const& event) {
    files_ = event.files;
    shared_bytes_ = event.bytes;
}

wire::Pong Pinger::own_pong(bool with_ggep) const {
    Limits const& limits = ctx().limits();
    wire::Pong pong;
    pong.endpoint = ctx().settings().listen;
    pong.files = files_;
    pong.kilobytes = advertised_kilobytes(shared_bytes_, ctx().role());
    if (!with_ggep) return pong;
    if (ctx().role() == Role::ultrapeer) {
        Peers::Counts const& counts = peers().counts();
        wire::add(pong.ggep, "UP",
                  {protocol_version, as_byte(free_of(limits.leaves_max, counts.leaves)),
                   as_byte(free_of(limits.ultrapeer_links_max, counts.ultrapeers))});
        wire::put_links(pong, static_cast<std::uint16_t>(std::min<std::uint32_t>(counts.ultrapeers, 0xFFFF)));
    }
    add_vendor_code(pong.ggep);
    if (ctx().settings().capacity_kbits != 0) wire::put_capacity(pong, ctx().settings().capacity_kbits);
    auto const uptime = std::chrono::duration_cast<std::chrono::seconds>(ctx().now() - started_at_).count();
    wire::add(pong.ggep, "DU",
              wire::encode_vlint(static_cast<std::uint64_t>(std::clamp<std::int64_t>(uptime, 0, 86400))));
    return pong;
}

void Pinger::send_ping(Peer& peer, Ttl ttl) {
    Guid const guid = Guid::random(ctx().rng());
    peer.pinged = first_bytes(guid);
    outbox().send(peer, guid, wire::Function::ping, ttl, Hops{0}, SharedBytes{});
}

/// Whether a peer may ask for hosts now; noted as done if so.
bool Pinger::may_discover(Peer& peer) const {
    std::chrono::milliseconds const since{low_milliseconds(ctx().now()) - peer.discovered};
    if (peer.has_discovered && since < ctx().limits().ping_throttle) return false;
    peer.has_discovered = true;
    peer.discovered = low_milliseconds(ctx().now());
    return true;
}

Fault Pinger::on_ping(Peer& peer, wire::Header const& header, ByteView payload) {
    ++ctx().counters().pings_in;
    if (!wire::decode_ping(payload)) return Fault::malformed;
    bool const alive = header.hops == Hops{0} && header.ttl == Ttl{1};
    if (!FlowControl{common()}.allow_ping(peer, alive)) {
        ctx().drop(DropReason::over_rate, Kind::ping);
        return Fault::none;
    }
    if (!alive && !may_discover(peer)) {
        ++ctx().counters().pings_throttled;
        ctx().drop(DropReason::over_rate, Kind::ping);
        return Fault::none;
    }
    auto const answer_ttl = Ttl{static_cast<std::uint8_t>(header.hops.value() + 1)};
    if (ctx().settings().listen.port != 0 || alive)
        outbox().send(peer, header.guid, wire::Function::pong, answer_ttl, Hops{0}, own_pong(peer.takes_ggep));
    if (alive || ctx().role() == Role::leaf || !ctx().settings().pong_cache) return Fault::none;
    if (header.hops == Hops{0} && header.ttl == Ttl{2})
        send_neighbours(peer, header);
    else
        send_cached_pongs(peer, header);
    return Fault::none;
}

/// Those of the same class of capacity first, so that fast nodes meet fast ones.
void Pinger::send_neighbours(Peer& peer, wire::Header const& ping) {
    std::size_t left = ctx().limits().pongs_per_ping;
    for (bool const matching : {true, false}) {
        for (auto const& other : peers().all()) {
            if (left == 0) return;
            LinkInfo const& info = other->info;
            if (other.get() == &peer || !other->is_up() || info.listening_port == 0) continue;
            if (capacities_match(info.capacity_kbits, peer.info.capacity_kbits) != matching) continue;
            if (!hosts_.cache().may_pass_on(*info.listening())) continue;
            --left;
            wire::Pong pong;
            pong.endpoint = *info.listening();
            pong.files = info.files;
            pong.kilobytes = info.kind == LinkKind::to_ultrapeer ? ultrapeer_kilobytes_min : 0;
            outbox().send(peer, ping.guid, wire::Function::pong, Ttl{1}, Hops{1}, pong);
        }
    }
}

void Pinger::send_cached_pongs(Peer& peer, wire::Header const& ping) {
    auto const answer_ttl = Ttl{static_cast<std::uint8_t>(ping.hops.value() + 1)};
    auto const chosen =
        pongs_.choose({ctx().limits().pongs_per_ping, pongs_per_level, peer.id(), peer.info.capacity_kbits},
                      ctx().now(), ctx().rng());
    ctx().counters().pings_from_cache += chosen.empty() ? 0U : 1U;
    for (PongCache::Cached const* one : chosen) {
        wire::Pong pong = one->pong;
        if (!peer.takes_ggep) pong.ggep.clear();
        outbox().send(peer, ping.guid, wire::Function::pong, answer_ttl, one->hops, pong);
        ++ctx().counters().pongs_from_cache;
    }
}

/// What a neighbour's own pong says of it.
void Pinger::note_neighbour(Peer& peer, wire::Pong const& pong) {
    std::uint16_t const degree_max = ctx().limits().degree_max;
    peer.info.files = pong.files;
    if (auto const links = wire::links_of(pong); links && peer.info.praline && degree_max > 0) {
        auto const degree = std::min(*links, degree_max);
        if (std::exchange(peer.info.degree, degree) != degree) ctx().count_link_change();
    }
    if (peer.info.listening_port == 0 && pong.endpoint.address == peer.info.remote.address)
        peer.info.listening_port = pong.endpoint.port;
}

Fault Pinger::on_pong(Peer& peer, wire::Header const& header, ByteView payload) {
    ++ctx().counters().pongs_in;
    auto pong = wire::decode_pong(payload);
    if (!pong) return Fault::malformed;
    if (first_bytes(header.guid) != peer.pinged) return Fault::none;  // not asked for
    bool const own = header.hops == Hops{0};
    if (own) note_neighbour(peer, *pong);
    AddressPrefix const source = peer.info.remote.address;
    hosts_.collect_hosts(pong->ggep, source);
    // Nothing is gained by calling a leaf, and each call costs it one of its few links.
    if (own && peer.info.kind == LinkKind::to_leaf) return Fault::none;
    Endpoint const endpoint = pong->endpoint;
    if (wire::has(pong->ggep, "UDPHC") || endpoint.is_unusable() || !hosts_.cache().may_pass_on(endpoint))
        return Fault::none;
    if (!hosts_.learn(endpoint, says_ultrapeer(*pong), source)) return Fault::none;  // not believed: not passed on
    auto const hops = static_cast<std::uint8_t>(std::min<unsigned>(header.hops.value() + 1U, ctx().limits().max_ttl));
    // Only what is worth passing on: no lists, no keys.
    std::uint32_t const capacity = wire::capacity_of(*pong);
    std::erase_if(pong->ggep, [](wire::GgepItem const& item) {
        return item.id != "UP" && item.id != "VC" && item.id != "DU" && item.id != wire::capacity_id;
    });
    if (ctx().settings().pong_cache) pongs_.insert({std::move(*pong), capacity, Hops{hops}, peer.id(), ctx().now()});
    return Fault::none;
}

void Pinger::discover() {
    if (ctx().now() < discover_at_) return;
    Limits const& limits = ctx().limits();
    discover_at_ = ctx().now() + limits.discovery_ping_every;
    std::uint32_t const ultrapeers = peers().counts().ultrapeers;
    std::size_t const wanted = ctx().role() == Role::leaf ? limits.leaf_ultrapeers : limits.ultrapeer_links_wanted;
    if (ultrapeers >= wanted || ultrapeers == 0 || ctx().stopping()) return;
    // One neighbour at a time: answers come out of its cache.
    auto choice = ctx().rng().below(ultrapeers);
    for (auto const& peer : peers().all()) {
        if (!peer->is_up() || peer->info.kind != LinkKind::to_ultrapeer) continue;
        if (choice-- == 0) return send_ping(*peer, Ttl{limits.max_ttl});
    }
}

}  // namespace praline::overlay
