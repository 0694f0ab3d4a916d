#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/overlay/overlay.hpp"
#include "node/wire/handshake.hpp"

namespace praline::overlay {

/// What a header block says of the node that sent it.
struct Offer {
    std::optional<bool> ultrapeer;  ///< empty: a legacy node
    std::optional<bool> ultrapeer_needed;
    std::optional<Guid> servent;
    std::optional<Endpoint> listening;
    std::string user_agent;
    bool accepts_deflate = false, sends_deflate = false;
    bool query_routing = false, ultrapeer_query_routing = false, dynamic_querying = false, ext_probes = false;
    bool vendor = false, bye = false, ggep = false, pong_caching = false, crawler = false, foreign = false;
    bool praline = false;              ///< X-Praline 1 or later
    std::uint32_t capacity_kbits = 0;  ///< from it
    std::uint8_t max_ttl = 7;
    std::uint32_t degree = 8;
    bool says_degree = false;
    std::vector<Endpoint> ultrapeers, hosts;  ///< X-Try-Ultrapeers, X-Try
};
[[nodiscard]] Offer read_offer(wire::HeaderBlock const& block, Endpoint remote);

/// What we can give just now. Made when a block is judged, so that slots are counted then.
struct Situation {
    Role role = Role::ultrapeer;
    bool may_become_leaf = false;                    ///< automatic, without leaves
    bool named = false;                              ///< a peer the user named: slots do not count
    bool leaf_free = false, ultrapeer_free = false;  ///< slots, as an ultrapeer
    bool parent_free = false;                        ///< as a leaf: room for one more ultrapeer
    bool crawler_allowed = false;
    bool stopping = false;
    std::optional<std::string> conflict;  ///< why this servent cannot have a second link
    std::vector<Endpoint> try_ultrapeers, peers, leaves;
};

/// What both sides agreed on.
struct Agreement {
    LinkKind kind = LinkKind::to_ultrapeer;
    bool we_become_leaf = false;
    bool deflate_in = false, deflate_out = false;
    Offer offer;  ///< the other side's
};

enum class Verdict : std::uint8_t { wait, up, refused };

struct Outcome {
    Verdict verdict = Verdict::wait;
    std::string reply;  ///< to send, perhaps before closing; may be empty
    CloseReason reason = CloseReason::handshake_refused;
    std::string text;  ///< why it was refused, for people
};

/// The three steps of a Gnutella handshake, from either side. Bytes in pieces of any size; its owner judges
/// each finished block with `proceed`, sends the reply and keeps its deadline.
/// @threads any, one at a time.   @source Gnutella 0.6; node/wire/protocol/connection.md
class Handshake {
public:
    Handshake(Settings const& settings, Limits const& limits, Direction direction, Endpoint remote)
        : config_{&settings}, limits_{&limits}, direction_{direction}, remote_{remote} {}

    /// Step 1. @pre outgoing.
    [[nodiscard]] std::string open(Role role) const;
    /// Takes bytes up to the end of a block and returns how many. @errors as HeaderBlockParser.
    [[nodiscard]] Result<std::size_t> feed(ByteView in) { return parser_.feed(in); }
    [[nodiscard]] bool block_ready() const { return parser_.done(); }
    /// Whoever sent the block waiting to be judged. @pre block_ready().
    [[nodiscard]] Offer waiting_offer() const { return read_offer(parser_.block(), remote_); }
    /// The block is step 3: the situation is settled. @pre block_ready().
    [[nodiscard]] bool last_step() const { return direction_ == Direction::incoming && answered_; }
    /// Judges the block. @pre block_ready().
    [[nodiscard]] Outcome proceed(Situation const& situation);
    [[nodiscard]] Agreement const& agreement() const { return agreement_; }

private:
    [[nodiscard]] Outcome accept(wire::HeaderBlock const& block, Situation const& situation);
    [[nodiscard]] Outcome conclude(wire::HeaderBlock const& block, Situation const& situation);
    [[nodiscard]] Outcome finish(wire::HeaderBlock const& block);
    [[nodiscard]] Outcome refuse(int code, std::string const& text, Situation const& situation,
                                 CloseReason reason) const;
    [[nodiscard]] Outcome answer_crawler(Situation const& situation);
    void add_common(wire::HeaderBlock& block, Role role) const;

    Settings const* config_;
    Limits const* limits_;
    Direction direction_;
    Endpoint remote_;
    wire::HeaderBlockParser parser_;
    Agreement agreement_;
    Role offered_ = Role::ultrapeer;
    bool answered_ = false, crawler_ = false;
};

}  // namespace praline::overlay
