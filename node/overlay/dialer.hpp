#pragma once

#include <optional>

#include "node/base/rate.hpp"
#include "node/overlay/common.hpp"
#include "node/overlay/known_hosts.hpp"

namespace praline::overlay {

/// Makes outgoing connections: to the peers that the user named, and to the best hosts known until there are links
/// enough. Hosts that no link has reached yet are called at a bounded rate, since strangers choose their addresses.
/// @threads one: it belongs to an overlay.
class Dialer : Part {
public:
    Dialer(Common& common, KnownHosts& hosts) : Part{common}, hosts_{hosts} {}

    /// Connects to all that are due; says `NeedHosts` if there is no link, no connection and no host to try.
    void connect_more();
    /// When `connect_more` is to be called again though nothing has happened; empty: never.
    [[nodiscard]] std::optional<Instant> due() const;

private:
    [[nodiscard]] bool wants_ultrapeers() const;
    [[nodiscard]] bool may_dial() const;
    [[nodiscard]] bool is_alone() const;
    [[nodiscard]] Instant hearsay_due(Instant due) const;

    KnownHosts& hosts_;
    Rate hearsay_;
    Instant hosts_needed_at_ = Instant::min();
};

}  // namespace praline::overlay
