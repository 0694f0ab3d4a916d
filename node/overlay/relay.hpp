#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "node/overlay/common.hpp"
#include "node/overlay/guid_routes.hpp"
#include "node/overlay/push_relay.hpp"

namespace praline::overlay {

/// Queries and hits: lets each query in once, remembers from whom it came, and sends hits along its reverse path. Where a
/// query goes on is not decided here, see `ForwardQuery`.
/// @threads one: it belongs to an overlay.   @source Gnutella 0.6; node/wire/protocol/routing.md
class Relay : Part {
public:
    /// @param key  keys the index of GUIDs, since peers choose them.
    Relay(Common& common, PushRelay& pushes, std::uint64_t key);

    /// @param value  what the payload says, if its sender said so; else null, and it is decoded.
    [[nodiscard]] Fault on_query(Peer& peer, wire::Header const& header, ByteView payload, Message const* value);
    [[nodiscard]] Fault on_hit(Peer& peer, wire::Header const& header, ByteView payload, Message const* value);
    /// Whether a message may have made more hops than others: a walker or a key request, and the hits of these.
    [[nodiscard]] bool may_travel_far(Peer const& peer, wire::Header const& header, ByteView payload);

    void on(ForwardQuery const& event);
    void on(OpenQuery const& event);
    void on(CloseQuery const& event);
    void on(AnswerQuery const& event);

    /// See Overlay::reverse_path.
    [[nodiscard]] std::optional<PeerId> reverse_path(Guid const& query, Instant now);
    /// See Overlay::fetch; two stages.
    void prefetch(unsigned stage, Guid const& query) const noexcept;

private:
    enum class Novelty : std::uint8_t { fresh, probe_again, step_again, repeated };
    [[nodiscard]] static Novelty novelty_of(Peer const& peer, wire::Header const& header,
                                            GuidRoutes::Entry const* known, bool may_step);
    [[nodiscard]] Fault count_repeated(Peer& peer, bool same_peer);
    [[nodiscard]] bool is_allowed(Peer& peer, wire::Header const& header, Novelty novelty);
    [[nodiscard]] std::optional<DropReason> make_acceptable(QueryPtr& query, Peer const& peer,
                                                            wire::Header const& header, bool steps) const;
    void pass_up(Peer const& peer, wire::Header const& header, QueryPtr query, bool again);
    [[nodiscard]] Fault on_own_hit(Peer& peer, wire::Header const& header, ByteView payload, Message const* value);
    void forward_to(Peer& peer, ForwardQuery const& event, bool steps);
    struct Reach {
        Ttl ttl;
        Hops hops;
    };
    [[nodiscard]] Reach reach_of_answer(GuidRoutes::Entry const& route, Peer const& to, Hops hops) const;

    GuidRoutes routes_;
    PushRelay& pushes_;
    std::vector<Guid> own_queries_;  // oldest first
};

}  // namespace praline::overlay
