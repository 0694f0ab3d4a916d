#pragma once

#include <optional>

#include "node/overlay/common.hpp"

namespace praline::overlay {

/// Lets in no more queries and pings than this node can carry, and asks links that bring too much for less (Hops Flow).
/// What each link may bring stands in its `Peer::credit`.
/// @threads one: made for a call.   @source Vendor messages (BEAR/4); node/wire/protocol/routing.md
class FlowControl : Part {
public:
    explicit FlowControl(Common& common) : Part{common} {}

    /// Whether a new query that has made so many hops is let in.
    [[nodiscard]] bool allow_query(Peer& peer, Hops hops);
    /// @param alive  it asks the neighbour only whether it lives.
    [[nodiscard]] bool allow_ping(Peer& peer, bool alive);
    void on(Peer& peer, QueryCost const& cost);
    /// Announces a Hops Flow that fits what is left of the link's credit.
    void update(Peer& peer);
    /// When `update` may lift one; empty: none is announced.
    [[nodiscard]] std::optional<Instant> due(Peer const& peer) const;

private:
    [[nodiscard]] std::uint32_t queries_per_second() const;
};

}  // namespace praline::overlay
