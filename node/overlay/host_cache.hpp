#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "node/base/lazy.hpp"
#include "node/base/rng.hpp"
#include "node/base/time.hpp"
#include "node/overlay/host_sources.hpp"
#include "node/overlay/overlay.hpp"

namespace praline::overlay {

/// Hosts one may connect to, best first: those that worked, ultrapeers, those heard of last. Bounded; the worst is
/// evicted. Peers the user named are kept apart, never given up, and tried again soon.
/// What strangers say of others is hearsay until such a host has been reached: a source has a credit and a share of the
/// cache, and of one address few ports are believed, unless the address names them itself.
/// @threads any, one at a time: a value.   @source node/wire/protocol/bootstrap.md
class HostCache {
public:
    /// @param v6  whether this node listens at an IPv6 address: it learns hosts of its own family only.
    HostCache(Limits const& limits, bool accept_private, bool v6 = false)
        : limits_{&limits}, accept_private_{accept_private}, v6_{v6} {}

    void load(std::vector<HostRecord> const& hosts);
    /// A host learned from a peer. Refused: port 0, unusable and own addresses, private ones unless accepted, those of
    /// the other family.
    /// @returns whether it is new.
    bool add(Endpoint endpoint, bool ultrapeer, UnixSeconds unix_now);
    /// Which peer says so, and when. `address`: of that peer, or `HostSources::host_caches`.
    struct Source {
        AddressPrefix address;
        Instant now{};
        UnixSeconds unix_now = 0;
    };
    enum class Learned : std::uint8_t { refused, known, added };
    /// The same, from hearsay.
    Learned learn(Endpoint endpoint, bool ultrapeer, Source const& source);
    /// Whether nobody has reached this host yet.
    [[nodiscard]] bool is_hearsay(Endpoint endpoint) const;
    /// Named by the user: any usable address.
    void name(Endpoint endpoint);
    [[nodiscard]] bool is_named(Endpoint endpoint) const;
    void forget_named(Endpoint endpoint);
    /// Never connect to this one again: it is ourselves.
    void set_own(Endpoint endpoint);

    void succeeded(Endpoint endpoint, bool ultrapeer, UnixSeconds unix_now);
    void failed(Endpoint endpoint, Instant now);

    /// Peers of the user that are due, then (if `others`) the best host that is; never one in `busy`.
    [[nodiscard]] std::optional<Endpoint> next_named(Instant now, std::vector<Endpoint> const& busy) const;
    [[nodiscard]] std::optional<Endpoint> next(Instant now, std::vector<Endpoint> const& busy) const;
    /// When the next host that is not busy becomes due; empty: none ever.
    [[nodiscard]] std::optional<Instant> next_due(std::vector<Endpoint> const& busy, bool others) const;
    /// Up to `count` ultrapeers that worked or were heard of, picked at random among the best.
    [[nodiscard]] std::vector<Endpoint> suggest(std::size_t count, Endpoint except, Rng& rng) const;
    [[nodiscard]] std::vector<HostRecord> records() const;
    [[nodiscard]] std::size_t size() const { return hosts_.size(); }
    [[nodiscard]] bool may_pass_on(Endpoint endpoint) const { return acceptable(endpoint); }

private:
    struct Host {
        Endpoint endpoint;
        std::uint16_t failures : 15 = 0, ultrapeer : 1 = 0;
        std::uint32_t last_seen = 0, last_success = 0;  ///< Unix seconds
        std::uint32_t not_before = 0;                   ///< seconds of an Instant; 0: at once
        AddressPrefix source{};                         ///< of hearsay; of 0.0.0.0: none
        [[nodiscard]] HostRecord record() const {
            return {endpoint, ultrapeer != 0, last_seen, last_success, failures};
        }
    };
    struct Named {
        Endpoint endpoint;
        std::uint32_t failures = 0;
        Instant not_before = Instant::min();
    };
    [[nodiscard]] bool is_own(Endpoint endpoint) const;
    [[nodiscard]] bool acceptable(Endpoint endpoint) const;
    [[nodiscard]] Host* find(Endpoint endpoint);
    [[nodiscard]] Named* find_named(Endpoint endpoint);
    [[nodiscard]] static bool better(Host const& left, Host const& right);
    void insert(Host const& host);
    void make_room();
    void keep_share_of(AddressPrefix source);
    [[nodiscard]] std::size_t hearsay_ports_of(AddressPrefix prefix) const;

    Limits const* limits_;
    bool accept_private_, v6_;
    Endpoint own_{};  // the first that is set; port 0: none
    HostSources sources_;
    std::vector<Host> hosts_;                // sorted by prefix of the address, then by endpoint
    std::vector<Named> named_;               // in the user's order
    Lazy<std::vector<Endpoint>> other_own_;  // oldest first
};

}  // namespace praline::overlay
