#include "node/overlay/datagram_pinger.hpp"

#include <algorithm>

#include "node/wire/codec.hpp"
#include "node/wire/ggep.hpp"

namespace praline::overlay {

void DatagramPinger::on(HostCacheFound const& event) {
    if (event.endpoint.is_unusable()) return;
    Guid const guid = Guid::random(ctx().rng());
    if (pings_.size() >= ctx().limits().pings_remembered_max && !pings_.empty()) pings_.erase(pings_.begin());
    pings_.emplace_back(guid, ctx().now());
    wire::Ping ping;
    wire::add(ping.ggep, "SCP", {static_cast<std::uint8_t>(ctx().role() == Role::ultrapeer ? 1 : 0)});
    add_vendor_code(ping.ggep);
    ctx().emit(SendDatagram{event.endpoint, wire::encode_message(guid, wire::Function::ping, Ttl{1}, Hops{0}, ping)});
}

void DatagramPinger::on(DatagramReceived const& event) {
    ++ctx().counters().datagrams_in;
    auto const message = wire::first_message(event.bytes);
    bool const whole = message && message->payload.size() + wire::header_bytes == event.bytes.size();
    if (whole && message->header.function == static_cast<std::uint8_t>(wire::Function::ping))
        return on_ping(event.from, message->header, message->payload);
    if (whole && message->header.function == static_cast<std::uint8_t>(wire::Function::pong))
        return on_pong(message->header, message->payload);
    ++ctx().counters().datagrams_dropped;
}

bool DatagramPinger::asked(Guid const& ping) const {
    return std::any_of(pings_.begin(), pings_.end(), [&](auto const& one) {
        return one.first == ping && ctx().now() - one.second <= ctx().limits().routes_for;
    });
}

void DatagramPinger::on_ping(Endpoint from, wire::Header const& header, ByteView payload) {
    Limits const& limits = ctx().limits();
    auto const ping = wire::decode_ping(payload);
    if (!ping || from.port == 0 || ctx().settings().listen.port == 0 ||
        !answered_.admit(from.address, ctx().now(), limits.datagram_pong_every, limits.datagram_addresses_max,
                         RecentAddresses::WhenFull::refuse)) {
        ++ctx().counters().datagrams_dropped;
        return;
    }
    ++ctx().counters().pings_in;
    wire::Pong pong = pinger_.own_pong(true);
    if (wire::has(ping->ggep, "SCP")) {
        Endpoint const none;
        std::vector<Endpoint> list = hosts_.hosts_to_try(from, std::nullopt);
        list.resize(std::min(list.size(), limits.datagram_hosts_max), none);
        if (!list.empty()) wire::add(pong.ggep, "IPP", wire::encode_endpoints(list));
    }
    ctx().emit(SendDatagram{from, wire::encode_message(header.guid, wire::Function::pong, Ttl{1}, Hops{0}, pong)});
}

void DatagramPinger::on_pong(wire::Header const& header, ByteView payload) {
    auto const pong = wire::decode_pong(payload);
    if (!pong || !asked(header.guid)) {
        ++ctx().counters().datagrams_dropped;
        return;
    }
    ++ctx().counters().pongs_in;
    // Only host caches that the user named are asked by datagram.
    hosts_.collect_hosts(pong->ggep, HostSources::host_caches);
    if (!wire::has(pong->ggep, "UDPHC")) hosts_.learn(pong->endpoint, says_ultrapeer(*pong), HostSources::host_caches);
}

}  // namespace praline::overlay
