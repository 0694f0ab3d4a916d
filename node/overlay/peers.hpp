#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "node/overlay/context.hpp"
#include "node/overlay/handshake.hpp"
#include "node/overlay/link.hpp"
#include "node/overlay/link_credit.hpp"

namespace praline::overlay {

enum class Stage : std::uint8_t { connecting, handshaking, up, closing, gone };

/// What only a handshake needs.
struct PendingHandshake {
    Handshake handshake;
    std::string output{};  ///< waits for the socket
};

/// One connection, from its beginning to its end. A million nodes of a simulation have several each.
struct Peer {
    LinkInfo info;  ///< `peer`, `remote` and `direction` from the start, the rest from up on
    /// From up on. What follows fills its last bytes: with many links each byte counts.
    [[no_unique_address]] Link link;

private:
    friend class Peers;
    Stage stage_ = Stage::connecting;

public:
    CloseReason closing{};
    bool called_off : 1 = false;      ///< outgoing: not to be counted against the host
    bool in_flight : 1 = false;       ///< a Transmit is not yet Drained
    bool scheduled : 1 = false;       ///< for flushing, see Outbox
    bool has_discovered : 1 = false;  ///< asked for hosts
    bool takes_bye : 1 = false, takes_vendor : 1 = false, takes_ggep : 1 = false;
    std::uint8_t alive_unanswered = 0;                            ///< pings in a row
    std::uint8_t hops_flow_announced = LinkCredit::no_hops_flow;  ///< what we asked of it
    std::uint32_t duplicates = 0;                                 ///< messages it has sent twice itself
    std::uint32_t transmit_at = 0;                                ///< see Outbox::is_stuck
    Instant last_heard{};
    std::unique_ptr<PendingHandshake> handshake;  ///< until up and its last output is on its way
    LinkCredit credit;
    Instant due{};                 ///< end of the handshake or of closing; up: when a sign of life is asked for
    Guid servent;                  ///< blank: did not say
    std::uint32_t pinged = 0;      ///< first bytes of our last ping's GUID, which pongs repeat; see Pinger
    std::uint32_t discovered = 0;  ///< when it last asked for hosts; see Pinger

    [[nodiscard]] PeerId id() const { return info.peer; }
    [[nodiscard]] Stage stage() const { return stage_; }
    [[nodiscard]] bool is_up() const { return stage_ == Stage::up; }
    /// Outgoing: where to.
    [[nodiscard]] std::optional<Endpoint> dialled() const {
        return info.direction == Direction::outgoing && !called_off ? std::optional{info.remote} : std::nullopt;
    }
    [[nodiscard]] bool has_handshake_output() const { return handshake && !handshake->output.empty(); }
};

/// The table of peers, in order of PeerId. It alone changes the stage of a peer, and keeps the counts of slots as it does.
/// @threads one: it belongs to an overlay.
class Peers {
public:
    explicit Peers(Context& context) : ctx_{context} {}
    Peers(Peers const&) = delete;
    Peers& operator=(Peers const&) = delete;

    /// An id for a connection that is to come.
    [[nodiscard]] PeerId allot() { return PeerId{next_++}; }
    /// An outgoing one is connecting, an incoming one is handshaking. @pre no peer has this id.
    Peer& add(PeerId id, Direction direction, Endpoint remote);
    /// @pre not for up, see `set_up`.
    void set_stage(Peer& peer, Stage stage);
    /// The handshake has ended: it is a link of this kind.
    void set_up(Peer& peer, LinkKind kind);
    /// The peers that are gone leave the table. Call at the end of an event: until then references to them stay valid.
    void remove_gone();

    /// Null: there is none, or it is gone.
    [[nodiscard]] Peer* find(PeerId id);
    /// The same of links past their handshake.
    [[nodiscard]] Peer* find_up(PeerId id) {
        Peer* const peer = find(id);
        return peer != nullptr && peer->is_up() ? peer : nullptr;
    }
    /// The first link to this servent; null: none.
    [[nodiscard]] Peer* find_servent(Guid const& servent);
    /// All, those that are gone since the event began among them. `add` makes it invalid.
    [[nodiscard]] std::span<std::unique_ptr<Peer> const> all() const { return peers_; }
    [[nodiscard]] std::size_t size() const { return peers_.size(); }
    /// Where peers were called or can be reached: connections to these are not wanted a second time.
    [[nodiscard]] std::vector<Endpoint> endpoints_in_use() const;

    struct Counts {
        std::uint32_t ultrapeers = 0, leaves = 0;     ///< links that are up
        std::uint32_t dialling = 0, handshaking = 0;  ///< outgoing, incoming ones on their way there
        [[nodiscard]] std::uint32_t links() const { return ultrapeers + leaves; }
    };
    [[nodiscard]] Counts const& counts() const { return counts_; }

    /// See Overlay::fetch: the entry of the table, then what messages touch of the peer.
    void prefetch(unsigned stage, PeerId id) const noexcept;
    /// The same of the first links.
    void prefetch_all() const noexcept;

private:
    [[nodiscard]] std::uint32_t* count_of(Peer const& peer);
    void change_stage(Peer& peer, Stage stage);

    std::vector<std::unique_ptr<Peer>> peers_;
    std::uint32_t first_ = 0;  // id of the first one
    std::uint32_t next_ = 1;
    Counts counts_;
    bool any_gone_ = false;
    Context& ctx_;
};

}  // namespace praline::overlay
