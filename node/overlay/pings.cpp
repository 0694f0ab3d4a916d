#include <algorithm>
#include <bit>
#include <utility>

#include "node/overlay/overlay_impl.hpp"
#include "node/wire/ggep.hpp"
#include "node/wire/praline.hpp"

/// Pings and pongs, on links and by datagram. No ping is ever forwarded. @source node/wire/protocol/routing.md
namespace praline::overlay {
namespace {

constexpr std::uint32_t ultrapeer_kilobytes_min = 8;
constexpr std::uint8_t protocol_version = 0x01;
constexpr std::size_t pongs_per_level = 2;

bool says_ultrapeer(wire::Pong const& pong) {
    return (pong.kilobytes >= ultrapeer_kilobytes_min && std::has_single_bit(pong.kilobytes)) ||
           wire::has(pong.ggep, "UP");
}

/// Ultrapeers are told apart by a power of two; everybody else must not report one.
std::uint32_t told_kilobytes(std::uint64_t bytes, Role role) {
    auto const kilobytes = static_cast<std::uint32_t>(std::min<std::uint64_t>(bytes / 1024, 0x7FFFFFFF));
    if (role == Role::leaf) {
        bool const mistakable = kilobytes >= ultrapeer_kilobytes_min && std::has_single_bit(kilobytes);
        return mistakable ? kilobytes | 1U : kilobytes;
    }
    if (kilobytes <= ultrapeer_kilobytes_min) return ultrapeer_kilobytes_min;
    std::uint32_t const below = std::bit_floor(kilobytes);
    return kilobytes - below > below / 2 ? below * 2 : below;
}

/// Random ones: enough to know an answer by.
std::uint64_t first_octets(Guid const& guid) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i) value = value << 8 | guid.bytes[i];
    return value;
}

std::uint8_t octet(std::size_t value) { return static_cast<std::uint8_t>(std::min<std::size_t>(value, 255)); }

std::size_t free_of(std::size_t most, std::size_t used) { return most > used ? most - used : 0; }

}  // namespace

wire::Pong Overlay::Impl::own_pong(bool with_ggep) {
    wire::Pong pong;
    pong.endpoint = config.listen;
    pong.files = files;
    pong.kilobytes = told_kilobytes(shared_bytes, role);
    if (!with_ggep) return pong;
    if (role == Role::ultrapeer) {
        Counts const counts = count();
        wire::add(pong.ggep, "UP",
                  {protocol_version, octet(free_of(limits.leaves_max, counts.leaves)),
                   octet(free_of(limits.ultrapeer_links_max, counts.ultrapeers))});
        wire::put_links(pong, static_cast<std::uint16_t>(std::min<std::size_t>(counts.ultrapeers, 0xFFFF)));
    }
    wire::add(pong.ggep, "VC", {'P', 'R', 'L', 'N', protocol_version});
    if (config.capacity_kbits != 0) wire::put_capacity(pong, config.capacity_kbits);
    auto const uptime = std::chrono::duration_cast<std::chrono::seconds>(now - started_at).count();
    wire::add(pong.ggep, "DU",
              wire::encode_vlint(static_cast<std::uint64_t>(std::clamp<std::int64_t>(uptime, 0, 86400))));
    return pong;
}

void Overlay::Impl::send_ping(Peer& peer, Ttl ttl) {
    Guid const guid = Guid::random(rng);
    peer.pinged = first_octets(guid);
    send(peer, guid, wire::Function::ping, ttl, Hops{0}, SharedBytes{});
}

void Overlay::Impl::take_ping(Peer& peer, wire::Header const& header, ByteView payload) {
    ++counters.pings_in;
    if (!wire::decode_ping(payload)) return malformed(peer, Kind::ping);
    auto const answer_ttl = Ttl{static_cast<std::uint8_t>(header.hops.value() + 1)};
    bool const alive = header.hops == Hops{0} && header.ttl == Ttl{1};
    if (!ping_allowed(peer, alive)) return drop(DropReason::over_rate, Kind::ping);
    if (!alive) {
        if (peer.discovery_at > now) {
            ++counters.pings_throttled;
            return drop(DropReason::over_rate, Kind::ping);
        }
        peer.discovery_at = now + limits.ping_throttle;
    }
    if (config.listen.port != 0 || alive)
        send(peer, header.guid, wire::Function::pong, answer_ttl, Hops{0}, own_pong(peer.takes_ggep));
    if (alive || role == Role::leaf || !config.pong_cache) return;
    if (header.hops == Hops{0} && header.ttl == Ttl{2})
        send_neighbours(peer, header);
    else
        send_cached_pongs(peer, header);
}

void Overlay::Impl::send_neighbours(Peer& peer, wire::Header const& ping) {
    std::size_t left = limits.pongs_per_ping;
    for (bool const matching : {true, false}) {
        for (auto const& other : peers) {
            if (left == 0) return;
            if (other.get() == &peer || other->stage != Stage::up || other->info.listening_port == 0) continue;
            if (capacities_match(other->info.capacity_kbits, peer.info.capacity_kbits) != matching) continue;
            if (!hosts.may_pass_on(*other->info.listening())) continue;
            --left;
            wire::Pong pong;
            pong.endpoint = *other->info.listening();
            pong.files = other->info.files;
            pong.kilobytes = other->info.kind == LinkKind::to_ultrapeer ? ultrapeer_kilobytes_min : 0;
            send(peer, ping.guid, wire::Function::pong, Ttl{1}, Hops{1}, pong);
        }
    }
}

void Overlay::Impl::send_cached_pongs(Peer& peer, wire::Header const& ping) {
    auto const answer_ttl = Ttl{static_cast<std::uint8_t>(ping.hops.value() + 1)};
    auto const chosen =
        pongs.choose({limits.pongs_per_ping, pongs_per_level, peer.id(), peer.info.capacity_kbits}, now, rng);
    counters.pings_from_cache += chosen.empty() ? 0U : 1U;
    for (PongCache::Cached const* one : chosen) {
        wire::Pong pong = one->pong;
        if (!peer.takes_ggep) pong.ggep.clear();
        send(peer, ping.guid, wire::Function::pong, answer_ttl, one->hops, pong);
        ++counters.pongs_from_cache;
    }
}

bool Overlay::Impl::hear(Endpoint endpoint, bool ultrapeer, AddressPrefix teller) {
    using enum HostCache::Told;
    auto const told = hosts.told(endpoint, ultrapeer, {teller, now, unix_now});
    if (told == added) hosts_changed = connect_wanted = deadline_stale = true;
    counters.hosts_refused += told == refused ? 1U : 0U;
    return told != refused;
}

void Overlay::Impl::take_packed_hosts(wire::Ggep const& ggep, AddressPrefix teller) {
    wire::GgepItem const* const packed = wire::find(ggep, "IPP");
    if (!packed) return;
    auto const list = wire::decode_endpoints(packed->data);
    if (!list) return;
    std::size_t left = limits.hosts_per_message_max;
    for (Endpoint const& host : *list) {
        if (left-- == 0) return;
        hear(host, true, teller);
    }
}

void Overlay::Impl::take_pong(Peer& peer, wire::Header const& header, ByteView payload) {
    ++counters.pongs_in;
    auto pong = wire::decode_pong(payload);
    if (!pong) return malformed(peer, Kind::pong);
    if (first_octets(header.guid) != peer.pinged) return;  // nobody asked
    Endpoint const endpoint = pong->endpoint;
    if (header.hops == Hops{0}) {
        peer.info.files = pong->files;
        if (auto const links = wire::links_of(*pong); links && peer.info.praline && limits.degree_max > 0) {
            auto const degree = std::min(*links, limits.degree_max);
            if (std::exchange(peer.info.degree, degree) != degree) ++link_changes;
        }
        if (peer.info.listening_port == 0 && endpoint.address == peer.info.remote.address)
            peer.info.listening_port = endpoint.port;
    }
    AddressPrefix const teller = peer.info.remote.address;
    take_packed_hosts(pong->ggep, teller);
    // Nobody gains from calling a leaf, and each call costs it one of its few links.
    if (header.hops == Hops{0} && peer.info.kind == LinkKind::to_leaf) return;
    if (wire::has(pong->ggep, "UDPHC") || endpoint.is_unusable() || !hosts.may_pass_on(endpoint)) return;
    if (!hear(endpoint, says_ultrapeer(*pong), teller)) return;  // not believed: nor told to others
    auto const hops = static_cast<std::uint8_t>(std::min<unsigned>(header.hops.value() + 1U, limits.max_ttl));
    // Only what is worth passing on: no lists, no keys.
    std::uint32_t const capacity = wire::capacity_of(*pong);
    std::erase_if(pong->ggep, [](wire::GgepItem const& item) {
        return item.id != "UP" && item.id != "VC" && item.id != "DU" && item.id != wire::capacity_id;
    });
    if (config.pong_cache) pongs.insert({std::move(*pong), capacity, Hops{hops}, peer.id(), now});
}

void Overlay::Impl::discover() {
    if (now < discover_at) return;
    discover_at = now + limits.discovery_ping_every;
    Counts const counts = count();
    std::size_t const wanted = role == Role::leaf ? limits.leaf_ultrapeers : limits.ultrapeer_links_wanted;
    if (counts.ultrapeers >= wanted || counts.ultrapeers == 0 || stopping) return;
    // One neighbour at a time: answers come out of its cache.
    auto choice = rng.below(counts.ultrapeers);
    for (auto const& peer : peers) {
        if (peer->stage != Stage::up || peer->info.kind != LinkKind::to_ultrapeer) continue;
        if (choice-- == 0) return send_ping(*peer, Ttl{limits.max_ttl});
    }
}

// ---- datagrams ----

void Overlay::Impl::on(HostCacheFound const& event) {
    if (event.endpoint.is_unusable()) return;
    Guid const guid = Guid::random(rng);
    auto& datagram_pings = outside().pings;
    if (datagram_pings.size() >= limits.pings_remembered_max && !datagram_pings.empty())
        datagram_pings.erase(datagram_pings.begin());
    datagram_pings.emplace_back(guid, now);
    wire::Ping ping;
    wire::add(ping.ggep, "SCP", {static_cast<std::uint8_t>(role == Role::ultrapeer ? 1 : 0)});
    wire::add(ping.ggep, "VC", {'P', 'R', 'L', 'N', protocol_version});
    emit(SendDatagram{event.endpoint, wire::encode_message(guid, wire::Function::ping, Ttl{1}, Hops{0}, ping)});
}

void Overlay::Impl::on(DatagramReceived const& event) {
    ++counters.datagrams_in;
    auto const message = wire::first_message(event.bytes);
    bool const whole = message && message->payload.size() + wire::header_bytes == event.bytes.size();
    if (whole && message->header.function == static_cast<std::uint8_t>(wire::Function::ping)) {
        return take_datagram_ping(event.from, message->header, message->payload);
    }
    if (whole && message->header.function == static_cast<std::uint8_t>(wire::Function::pong)) {
        return take_datagram_pong(message->header, message->payload);
    }
    ++counters.datagrams_dropped;
}

bool Overlay::Impl::datagram_allowed(Endpoint from) {
    auto& datagram_answered = outside().answered;
    std::erase_if(datagram_answered, [&](auto const& one) { return now - one.second >= limits.datagram_pong_every; });
    for (auto const& one : datagram_answered)
        if (one.first == AddressPrefix{from.address}) return false;
    if (datagram_answered.size() >= limits.datagram_addresses_max) return false;
    datagram_answered.emplace_back(from.address, now);
    return true;
}

bool Overlay::Impl::datagram_asked(Guid const& ping) {
    auto const& datagram_pings = outside().pings;
    return std::any_of(datagram_pings.begin(), datagram_pings.end(),
                       [&](auto const& one) { return one.first == ping && now - one.second <= limits.routes_for; });
}

void Overlay::Impl::take_datagram_ping(Endpoint from, wire::Header const& header, ByteView payload) {
    auto const ping = wire::decode_ping(payload);
    // A reply goes to whoever the datagram claims to be from: rarely, and never much longer than the question.
    if (!ping || from.port == 0 || config.listen.port == 0 || !datagram_allowed(from)) {
        ++counters.datagrams_dropped;
        return;
    }
    ++counters.pings_in;
    wire::Pong pong = own_pong(true);
    if (wire::has(ping->ggep, "SCP")) {
        Endpoint const nobody;
        std::vector<Endpoint> list = try_hosts(from, std::nullopt);
        list.resize(std::min(list.size(), limits.datagram_hosts_max), nobody);
        if (!list.empty()) wire::add(pong.ggep, "IPP", wire::encode_endpoints(list));
    }
    emit(SendDatagram{from, wire::encode_message(header.guid, wire::Function::pong, Ttl{1}, Hops{0}, pong)});
}

void Overlay::Impl::take_datagram_pong(wire::Header const& header, ByteView payload) {
    auto const pong = wire::decode_pong(payload);
    if (!pong || !datagram_asked(header.guid)) {
        ++counters.datagrams_dropped;
        return;
    }
    ++counters.pongs_in;
    // Only host caches of the config are asked by datagram.
    take_packed_hosts(pong->ggep, Tellers::host_caches);
    if (!wire::has(pong->ggep, "UDPHC")) hear(pong->endpoint, says_ultrapeer(*pong), Tellers::host_caches);
}

}  // namespace praline::overlay
