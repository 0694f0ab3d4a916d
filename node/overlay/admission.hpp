#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/base/lazy.hpp"
#include "node/overlay/link_closer.hpp"
#include "node/overlay/recent_addresses.hpp"
#include "node/overlay/role_switch.hpp"

namespace praline::overlay {

/// Handshakes: which connection becomes a link, which one is refused or evicted for it, and what both sides agree on.
/// @threads one: made for a call.   @source node/wire/protocol/connection.md
class Admission {
public:
    struct Parts {
        Common& common;
        KnownHosts& hosts;
        Pinger& pinger;
        RoleSwitch& role;
        Lazy<RecentAddresses>& crawlers;
        LinkCloser closer;
    };
    explicit Admission(Parts const& parts) : parts_{parts} {}

    void on(Accepted const& event);
    void on(Connected const& event);
    void on(ConnectFailed const& event);
    /// Bytes of a handshake. @returns those that follow it, messages of a link that is up now.
    [[nodiscard]] ByteView shake_hands(Peer& peer, ByteView bytes);
    /// The handshake, the connection or the closing has taken too long.
    void on_timeout(Peer& peer);

private:
    [[nodiscard]] bool judge_block(Peer& peer);
    [[nodiscard]] Duration time_after_first_block() const;
    void evict_a_handshake();
    [[nodiscard]] Situation situation_for(Peer const& peer, Offer const& offer);
    void describe_links(Peer const& peer, Situation& situation);
    [[nodiscard]] Peer* link_to_evict(LinkKind kind, AddressPrefix newcomer);
    [[nodiscard]] std::optional<std::string> conflict_of(Peer const& peer, Offer const& offer);
    [[nodiscard]] bool is_linked(Peer const& other, Offer const& offer, std::string& conflict) const;
    void link_up(Peer& peer);
    void make_room(LinkKind kind, Peer const& newcomer);
    void take_over_agreement(Peer& peer, Agreement const& agreed);
    void greet(Peer& peer);

    Parts parts_;
};

}  // namespace praline::overlay
