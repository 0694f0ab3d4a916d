#pragma once

#include <utility>
#include <vector>

#include "node/overlay/common.hpp"
#include "node/overlay/known_hosts.hpp"
#include "node/overlay/pinger.hpp"
#include "node/overlay/recent_addresses.hpp"
#include "node/wire/message.hpp"

namespace praline::overlay {

/// Pings and pongs by datagram: asks the host caches that the user named, and is one itself for others. An answer goes
/// to the address that a datagram claims to come from: rarely, and never much longer than the question.
/// @threads one: it belongs to an overlay.   @source node/wire/protocol/bootstrap.md
class DatagramPinger : Part {
public:
    DatagramPinger(Common& common, KnownHosts& hosts, Pinger const& pinger)
        : Part{common}, hosts_{hosts}, pinger_{pinger} {}

    /// Asks a host cache for hosts.
    void on(HostCacheFound const& event);
    void on(DatagramReceived const& event);

private:
    void on_ping(Endpoint from, wire::Header const& header, ByteView payload);
    void on_pong(wire::Header const& header, ByteView payload);
    [[nodiscard]] bool asked(Guid const& ping) const;

    KnownHosts& hosts_;
    Pinger const& pinger_;
    RecentAddresses answered_;
    std::vector<std::pair<Guid, Instant>> pings_;  // ours, oldest first
};

}  // namespace praline::overlay
