#pragma once

#include "node/base/endpoint.hpp"
#include "node/base/ids.hpp"

namespace praline {

inline constexpr char user_agent[] = "Praline/0.1";

/// What this node is called, and where it is reached.
struct NodeIdentity {
    Guid servent;
    Endpoint bound;       ///< unspecified: every address of this machine
    Endpoint advertised;  ///< as other nodes are told

    [[nodiscard]] bool is_own(Endpoint endpoint) const {
        return endpoint == advertised || endpoint == bound ||
               (bound.address.is_unspecified() && endpoint.port == bound.port && endpoint.is_loopback());
    }
};

}  // namespace praline
