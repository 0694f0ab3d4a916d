#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "node/base/endpoint.hpp"
#include "node/base/time.hpp"
#include "node/overlay/limits.hpp"

namespace praline::overlay {

/// Decides which of the call-backs that pushes ask for are made, so that a stranger can neither aim this node at a
/// third party nor look through it into a network that the stranger cannot reach itself.
/// Never called: ports below 1024, and addresses of loopback, a private network or a link, unless the push came by a
/// link of that same kind of network. Called rarely: one address once in `call_back_again_after`, and so many a minute
/// in all and for one link's address.
/// @threads any, one at a time: a value.
class CallBackGate {
public:
    explicit CallBackGate(Limits const& limits) : limits_{&limits} {}

    /// Whether to call `target` now; counted as done if so. @param brought_by  address of the link the push came by.
    /// @param own  our own endpoint, which is never called.
    [[nodiscard]] bool admit(Endpoint target, Address brought_by, Endpoint own, Instant now);

private:
    struct Call {
        AddressPrefix target, brought_by;
        Instant at;
    };
    Limits const* limits_;
    std::vector<Call> calls_;  // of the last minute, oldest first
};

}  // namespace praline::overlay
