#pragma once

#include "node/overlay/admission.hpp"
#include "node/overlay/link_closer.hpp"
#include "node/overlay/pinger.hpp"

namespace praline::overlay {

/// What time does to connections: handshakes and closings that take too long are ended, silent links are pinged, and
/// those that stay silent or take nothing are ended.
/// @threads one: made for a call.   @source node/wire/protocol/connection.md
class Liveness {
public:
    struct Parts {
        Common& common;
        Pinger& pinger;
        Admission admission;
        LinkCloser closer;
    };
    explicit Liveness(Parts const& parts) : parts_{parts} {}

    /// Does what is due by `Peer::due`.
    void check(Peer& peer);

private:
    void check_link(Peer& peer);

    Parts parts_;
};

}  // namespace praline::overlay
