#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "node/base/address.hpp"
#include "node/overlay/common.hpp"
#include "node/overlay/handshake.hpp"
#include "node/overlay/host_cache.hpp"
#include "node/wire/ggep.hpp"

namespace praline::overlay {

/// The hosts this node knows: the host cache, what peers say of hosts that goes into it, what is passed on of it, and
/// when the host of this core is to save it.
/// @threads one: it belongs to an overlay.   @source node/wire/protocol/bootstrap.md
class KnownHosts : Part {
public:
    explicit KnownHosts(Common& common);

    /// The cache as it was saved, and the peers that the user named.
    void start(std::vector<HostRecord> const& saved);

    // ---- learning: `source` is the address of the peer that says so, or `HostSources::host_caches` ----
    /// @returns whether the host is in the cache: known before, or believed.
    bool learn(Endpoint endpoint, bool ultrapeer, AddressPrefix source);
    /// The hosts that a handshake names.
    void collect_hosts(Offer const& offer, AddressPrefix source);
    /// The hosts that a pong names by GGEP IPP.
    void collect_hosts(wire::Ggep const& ggep, AddressPrefix source);

    /// The link to a peer is up.
    void succeeded(Peer const& peer);
    /// It has ended, or never came up; counted against the host if we called it and the reason is not ours.
    void failed(Peer const& peer, CloseReason reason);

    /// Hosts that a peer may try: our ultrapeers, then hosts of the cache. Never `dialled`.
    [[nodiscard]] std::vector<Endpoint> hosts_to_try(Endpoint asking, std::optional<Endpoint> dialled);

    /// Emits `HostsChanged` if something did and the last one was long enough ago.
    void report_changes();
    /// When that is due; empty: nothing has changed.
    [[nodiscard]] std::optional<Instant> report_due() const {
        return changed_ ? std::optional{report_at_} : std::nullopt;
    }

    [[nodiscard]] HostCache& cache() { return cache_; }
    [[nodiscard]] HostCache const& cache() const { return cache_; }

private:
    HostCache cache_;
    Instant report_at_ = Instant::min();
    bool changed_ = false;
};

}  // namespace praline::overlay
