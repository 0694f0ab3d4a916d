#pragma once

#include <cstdint>

#include "node/base/lazy.hpp"
#include "node/overlay/call_back_gate.hpp"
#include "node/overlay/common.hpp"
#include "node/overlay/push_routes.hpp"
#include "node/wire/message.hpp"

namespace praline::overlay {

/// Pushes: requests to call a peer back that cannot be called. Learns from hits by which links servents are reached,
/// passes pushes on along these, and answers those for this node as far as `CallBackGate` allows.
/// @threads one: it belongs to an overlay.   @source Gnutella 0.6; node/wire/protocol/routing.md
class PushRelay : Part {
public:
    /// @param key  see PushRoutes.
    PushRelay(Common& common, std::uint64_t key) : Part{common}, key_{key} {}

    /// A hit that came by `from` names this servent.
    void learn_servent(Guid const& servent, Peer const& from);
    [[nodiscard]] Fault on_push(Peer& peer, wire::Header const& header, ByteView payload);
    /// A neighbour asks that pushes for it come by this link. It may ask for its own GUID only: the one of its handshake,
    /// or, if it named none there, the one it asks for first, unless that is known to be another's.
    void on_proxy_request(Peer& peer, Guid const& servent);
    /// A push of our own.
    void on(SendPush const& event);
    /// The link is gone, and the paths that lead by it with it.
    void forget(PeerId link);

private:
    [[nodiscard]] PushRoutes& routes() { return routes_.get(ctx().limits(), key_); }
    [[nodiscard]] Peer* path_to(Guid const& servent);
    void answer(Peer const& peer, Guid const& guid, wire::Push const& push);

    std::uint64_t key_;
    Lazy<PushRoutes> routes_;
    Lazy<CallBackGate> gate_;
};

}  // namespace praline::overlay
