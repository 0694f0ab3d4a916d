#pragma once

#include <cstdint>
#include <optional>

#include "node/overlay/common.hpp"
#include "node/overlay/known_hosts.hpp"
#include "node/overlay/pong_cache.hpp"
#include "node/wire/message.hpp"

namespace praline::overlay {

/// Whether a pong says that its host is an ultrapeer.
[[nodiscard]] bool says_ultrapeer(wire::Pong const& pong);
/// Adds which program this is (GGEP VC).
void add_vendor_code(wire::Ggep& ggep);

/// Pings and pongs on links: signs of life, and hosts to connect to. Pings are answered with our own pong and out of the
/// pong cache; none is ever forwarded.
/// @threads one: it belongs to an overlay.   @source Pong caching; node/wire/protocol/routing.md
class Pinger : Part {
public:
    Pinger(Common& common, KnownHosts& hosts);

    void start();
    /// What our own pong says is shared here.
    void on(SharingChanged const& event);
    [[nodiscard]] Fault on_ping(Peer& peer, wire::Header const& header, ByteView payload);
    [[nodiscard]] Fault on_pong(Peer& peer, wire::Header const& header, ByteView payload);
    /// TTL 1 asks the neighbour for a sign of life; a larger one asks it for hosts.
    void send_ping(Peer& peer, Ttl ttl);
    /// @param with_ggep  whether the receiver takes extensions.
    [[nodiscard]] wire::Pong own_pong(bool with_ggep) const;
    /// The link is gone, and the pongs that came by it with it.
    void forget(PeerId link) { pongs_.forget(link); }

    /// Asks a neighbour for hosts if that is due and there are too few links.
    void discover();
    /// When that is due; empty: there is no link to ask.
    [[nodiscard]] std::optional<Instant> discovery_due() const {
        return peers().counts().ultrapeers > 0 ? std::optional{discover_at_} : std::nullopt;
    }

private:
    [[nodiscard]] bool may_discover(Peer& peer) const;
    void send_cached_pongs(Peer& peer, wire::Header const& ping);
    void send_neighbours(Peer& peer, wire::Header const& ping);
    void note_neighbour(Peer& peer, wire::Pong const& pong);

    KnownHosts& hosts_;
    PongCache pongs_;
    std::uint32_t files_ = 0;
    std::uint64_t shared_bytes_ = 0;
    Instant started_at_{}, discover_at_{};
};

}  // namespace praline::overlay
