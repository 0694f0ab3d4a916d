#pragma once

#include <cstdint>
#include <string>

#include "node/overlay/common.hpp"
#include "node/overlay/known_hosts.hpp"
#include "node/overlay/pinger.hpp"
#include "node/overlay/push_relay.hpp"

namespace praline::overlay {

/// Ends connections, whichever side wants it, and sees to it that the parts forget what came by them.
/// @threads one: made for a call.
class LinkCloser {
public:
    struct Parts {
        Common& common;
        KnownHosts& hosts;
        Pinger& pinger;
        PushRelay& pushes;
    };
    explicit LinkCloser(Parts const& parts) : parts_{parts} {}

    /// Ends a peer at any stage: tells those above, and the other side by a Bye with `bye_code` (0: none) if it takes
    /// one. Does nothing if it is ending already.
    void end(Peer& peer, CloseReason reason, std::string text = {}, std::uint16_t bye_code = 0);
    /// What was still to be sent to a closing peer is on its way, or its time is over.
    void close_now(Peer& peer, bool after_sending);
    /// The other side has closed the connection, or it broke.
    void closed(Peer& peer, CloseReason reason);
    /// Counts a fault, and ends the link if these have become too many. @param kind  of the message.
    void note_fault(Peer& peer, Fault fault, Kind kind);

private:
    void forget(PeerId link);

    Parts parts_;
};

}  // namespace praline::overlay
