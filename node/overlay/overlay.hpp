#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "node/base/bytes.hpp"
#include "node/base/endpoint.hpp"
#include "node/base/ids.hpp"
#include "node/base/rng.hpp"
#include "node/base/time.hpp"
#include "node/overlay/buffers.hpp"
#include "node/overlay/limits.hpp"
#include "node/wire/message.hpp"
#include "node/wire/praline.hpp"
#include "node/wire/routed_query.hpp"

/// The base overlay as a core: events in, actions out. It shakes hands, keeps slots, host and pong caches and the
/// reverse path of every message, and says what each socket must carry. Whom a query goes to is not decided here:
/// `QueryArrived` goes up to search/engine, which answers with `ForwardQuery`.
namespace praline::overlay {

enum class Mode : std::uint8_t { automatic, leaf, ultrapeer };
enum class Role : std::uint8_t { leaf, ultrapeer };            ///< what we are just now
enum class LinkKind : std::uint8_t { to_ultrapeer, to_leaf };  ///< what the other end is
enum class Direction : std::uint8_t { incoming, outgoing };

/// What makes one node; its limits are apart, since a host of many nodes gives all of them the same.
struct Settings {
    Mode mode = Mode::automatic;
    std::string user_agent = "Praline/0.1";
    Guid servent;                 ///< ours, kept over restarts
    Endpoint listen;              ///< as advertised to others; port 0: not reachable
    std::vector<Endpoint> peers;  ///< named by the user: kept connected, private addresses allowed
    bool accept_private =
        true;  ///< take loopback and private addresses from X-Try and pongs; off in network = "gnutella"
    bool deflate = true;
    bool query_routing = true;             ///< off: ultrapeers are not asked for routing tables, nor given any
    bool pong_cache = true;                ///< off: pings are answered with our own pong only
    bool report_passing_hits = false;      ///< say HitPassed
    std::uint16_t degree_advertised = 32;  ///< X-Degree: links to ultrapeers that an ultrapeer here keeps
    std::uint32_t capacity_kbits = 0;      ///< our upstream, as advertised to Praline nodes; 0: not said
    bool hand_over = false;  ///< queries, hits and notes leave by `HandOver`: every neighbour is in this process
};
struct Config : Settings {
    Limits limits;
};

struct HostRecord {  ///< one row of the host cache
    Endpoint endpoint;
    bool ultrapeer = false;
    UnixSeconds last_seen = 0;     ///< last named by a peer
    UnixSeconds last_success = 0;  ///< 0: never connected
    std::uint32_t failures = 0;    ///< in a row
};

using wire::QueryPtr;
using wire::RoutedQuery;
/// The same of a hit.
struct RoutedHit {
    wire::QueryHit hit;
    SharedBytes payload;
};
using HitPtr = std::shared_ptr<RoutedHit const>;

/// What a search sends, as it goes between two nodes of one process (`Settings::hand_over`): no bytes are written or read.
struct Message {
    Guid guid;
    Ttl ttl;
    Hops hops;
    std::variant<QueryPtr, HitPtr, wire::PralineNote> value;  ///< pointers are never null

    [[nodiscard]] wire::Function function() const;
    /// As bytes, made where the message began; of a note none.
    [[nodiscard]] ByteView payload() const;
};

/// What a link is to the other rooms.
struct LinkInfo {
    std::string user_agent;
    Instant since{};
    Endpoint remote;                   ///< of the socket
    std::uint16_t listening_port = 0;  ///< where it accepts connections, at the address of `remote`; 0: not known
    std::uint32_t files = 0;           ///< from its pong
    std::uint32_t capacity_kbits = 0;  ///< of its X-Praline header; 0: did not say
    std::uint32_t dropped_out = 0;     ///< messages that were evicted from its queue
    /// Links to ultrapeers: those it has, by its last pong, if it is one of ours; else those it keeps, by X-Degree; 0: did not say.
    std::uint16_t degree = 0;
    std::uint16_t malformed = 0;  ///< messages of it that could not be understood
    // What every message touches stands together, here and at the beginning of what follows in Peer.
    PeerId peer{};
    std::uint32_t queued_bytes = 0;
    Direction direction : 1 = Direction::outgoing;
    LinkKind kind : 1 = LinkKind::to_ultrapeer;
    bool deflate_in : 1 = false, deflate_out : 1 = false;
    /// A leaf that sends a table, or an ultrapeer that exchanges them (X-Ultrapeer-Query-Routing).
    bool query_routing : 1 = false;
    bool wants_queries : 1 = true;  ///< false while Hops Flow says 0
    bool praline : 1 = false;       ///< said X-Praline: takes walkers, key requests and notes
    bool ext_probes : 1 = false;    ///< takes a query again with a higher TTL
    std::uint8_t hops_flow = 255;   ///< send only queries with hops below this
    std::uint8_t max_ttl = 4;       ///< X-Max-TTL: of queries that start here
    std::uint8_t load = 0;          ///< how full its queue is, 255: full. Walks do well to go round it
    std::uint64_t bytes_in = 0, bytes_out = 0, messages_in = 0, messages_out = 0;

    /// Where it accepts connections, if known. A peer can vouch only for the address we see.
    [[nodiscard]] std::optional<Endpoint> listening() const {
        return listening_port != 0 ? std::optional{Endpoint{remote.address, listening_port}} : std::nullopt;
    }
};

enum class CloseReason : std::uint8_t {
    handshake_refused,
    handshake_bad,
    handshake_timeout,
    no_slot,
    already_connected,
    remote_closed,
    socket_error,
    connect_failed,
    bad_message,
    message_too_large,
    bad_deflate,
    too_many_duplicates,
    idle,
    removed_by_user,
    mode_changed,
    shutdown,
    bye_received,
    qrp_invalid,
    leaf_relays,
    queue_full,
};
[[nodiscard]] char const* to_string(CloseReason reason) noexcept;

// ---- events ----
/// Begin: connect to named peers and cached hosts. `hosts` is the cache as loaded from disk.
struct Start {
    std::vector<HostRecord> hosts;
};
struct Tick {};
/// A connection whose first bytes were "GNUTELLA CONNECT/"; what was read so far comes by `Received`.
struct Accepted {
    PeerId peer;
    Endpoint remote;
};
struct Connected {
    PeerId peer;
    Endpoint local;
};
struct ConnectFailed {
    PeerId peer;
};
struct Received {
    PeerId peer;
    ByteView bytes;
};
/// A neighbour's `HandOver`. All that holds for a message that came as bytes holds for it too.
struct Handed {
    PeerId peer;
    Message const* message;
};  ///< never null; lives during the call
/// The socket has taken everything given to it by `Transmit`.
struct Drained {
    PeerId peer;
};
/// The socket is gone (never sent for a peer we have `Close`d).
struct Closed {
    PeerId peer;
    bool error;
};
struct DatagramReceived {
    Endpoint from;
    ByteView bytes;
};
struct UserConnect {
    Endpoint endpoint;
};
/// Takes `UserConnect` back, or a peer of the config: it is not called again for the user's sake. A link to it stays.
struct UserForget {
    Endpoint endpoint;
};
/// Ends the link, and forgets the peer as `UserForget` does.
struct UserDisconnect {
    PeerId peer;
};
/// The address of a UDP host cache that the config names.
struct HostCacheFound {
    Endpoint endpoint;
};
struct HostsFound {
    std::vector<Endpoint> endpoints;
};  ///< GWebCache
struct SharingChanged {
    std::uint32_t files;
    std::uint64_t bytes;
};
/// Search tells the overlay to send a query on: ours or one that arrived. Not sent to those whose Hops Flow is not
/// above `hops` (look at `LinkInfo::hops_flow` before, or a walker ends there); counted as dropped by hops_flow.
struct ForwardQuery {
    Guid guid;
    std::vector<PeerId> to;
    Ttl ttl;
    Hops hops;
    QueryPtr query;
};
/// A query of ours begins: hits for this GUID come up as `HitArrived`.
struct OpenQuery {
    Guid guid;
};
struct CloseQuery {
    Guid guid;
};
/// Our answers to a query that arrived; sent back along its way.
/// @param hops  the hits have made so many: 0 for our own, more for those of others that we have kept.
struct AnswerQuery {
    Guid guid;
    std::vector<wire::QueryHit> hits;
    Hops hops{0};
};
struct SendQrp {
    PeerId peer;
    std::vector<wire::Qrp> messages;
};
/// Answering queries that came by this link has cost so much more than the one unit each that was taken for them; the unit
/// is the cost of an ordinary query. Taken from what the link may still bring: in debt, its new queries are dropped.
struct QueryCost {
    PeerId peer;
    std::uint32_t units;
};
/// search/qrp could not apply a table message: Bye 413.
struct RejectQrp {
    PeerId peer;
};
/// Ask a firewalled servent to call us back; routed along the way its hits came.
struct SendPush {
    Guid servent;
    std::uint32_t file_index;
    Endpoint call_back;
};
/// A note to a neighbour of ours; not sent to one that said no X-Praline.
struct SendNote {
    PeerId to;
    Guid guid;
    wire::PralineNote note;
};
/// Bye 200 to all, then Close each.
struct Shutdown {};

using Event =
    std::variant<Start, Tick, Accepted, Connected, ConnectFailed, Received, Handed, Drained, Closed, DatagramReceived,
                 UserConnect, UserForget, UserDisconnect, HostCacheFound, HostsFound, SharingChanged, ForwardQuery,
                 OpenQuery, CloseQuery, AnswerQuery, SendQrp, RejectQrp, QueryCost, SendPush, SendNote, Shutdown>;

// ---- actions ----
struct Connect {
    PeerId peer;
    Endpoint to;
};  ///< answered by Connected or ConnectFailed
struct Transmit {
    PeerId peer;
    Buffers buffers;  ///< not empty
};                    ///< answered by Drained
struct HandOver {
    PeerId peer;
    Message message;
};  ///< at once: no queue, no Drained
struct Close {
    PeerId peer;
    CloseReason reason;
    bool after_sending;
};  ///< no more events for this peer
struct SendDatagram {
    Endpoint to;
    Bytes bytes;
};
struct LinkUp {
    PeerId peer;
};  ///< see `Overlay::link`
struct LinkDown {
    PeerId peer;
    CloseReason reason;
    std::string text;
};
/// A valid query, seen for the first time: ask local content (answer with AnswerQuery) and the strategy (ForwardQuery).
/// `ttl`, `hops` as a copy that leaves here has them, at most: search may lower the TTL. ttl 0: answer only.
/// `again`: a probe repeated with a higher TTL (X-Ext-Probes), or a walker or key request of a query that has been
/// here: forward it, but do not answer it a second time. The reverse path stays that of the first.
/// A walker or key request (`wire::walker_of`, `wire::key_of`) comes with ttl 0 and hops that stop at 255: where it
/// goes on is the strategy's choice, and a ForwardQuery of it goes out with TTL 1 whatever its own says. Those items
/// are there only if they came from a neighbour with `LinkInfo::praline` and TTL 1; else they have been taken out.
struct QueryArrived {
    PeerId from;
    Guid guid;
    Ttl ttl;
    Hops hops;
    QueryPtr query;
    bool again = false;
};
struct HitArrived {
    Guid guid;
    PeerId from;
    Hops hops;
    wire::QueryHit hit;
};
/// A hit of another's query went through us (`Config::report_passing_hits`).
struct HitPassed {
    Guid guid;
    PeerId from;
    Hops hops;
    SharedBytes payload;
};
struct QrpArrived {
    PeerId from;
    wire::Qrp message;
};
struct NoteArrived {
    PeerId from;
    Guid guid;
    wire::PralineNote note;
};
/// A peer cannot reach us and asks us to call back: connect, say GIV (node/wire/protocol/transfer.md).
struct PushArrived {
    Endpoint call_back;
    std::uint32_t file_index;
};
struct HostsChanged {};  ///< the cache differs from what was last saved; see `Overlay::hosts`
struct RoleChanged {
    Role role;
};
struct NeedHosts {};  ///< no host is left to try: ask the host caches of the config, if any
using Action =
    std::variant<Connect, Transmit, HandOver, Close, SendDatagram, LinkUp, LinkDown, QueryArrived, HitArrived,
                 HitPassed, QrpArrived, NoteArrived, PushArrived, HostsChanged, RoleChanged, NeedHosts>;
using Actions = std::vector<Action>;

enum class Kind : std::uint8_t { ping, query, pong, hit, push, note };
inline constexpr std::size_t kinds = 6;
enum class DropReason : std::uint8_t {
    queue_full,  ///< the link takes less than it is given: the least valuable, then the oldest
    over_rate,   ///< it brings more than it may
    ttl,         ///< no hops left, or an absurd number of them
    malformed,
    too_large,
    hops_flow,  ///< the neighbour asked for less
};
inline constexpr std::size_t drop_reasons = 6;
[[nodiscard]] char const* to_string(Kind kind) noexcept;
[[nodiscard]] char const* to_string(DropReason reason) noexcept;

/// Why something was not sent or not taken, counted since the start. `of` says it by kind; the `dropped_` totals also
/// count messages of no kind.
struct Counters {
    [[nodiscard]] std::uint64_t of(Kind kind, DropReason reason) const {
        return drops.empty() ? 0
                             : drops[static_cast<std::size_t>(kind) * drop_reasons + static_cast<std::size_t>(reason)];
    }
    std::uint64_t queries_in = 0, query_steps_in = 0, queries_forwarded = 0, query_duplicates = 0, hits_in = 0,
                  hits_forwarded = 0, hits_no_route = 0, pings_in = 0, pings_throttled = 0, pings_from_cache = 0,
                  pongs_in = 0, pongs_from_cache = 0, hops_flow_announced = 0, pushes_forwarded = 0,
                  call_backs_refused = 0, push_proxies_refused = 0, hosts_refused = 0, dropped_ttl = 0,
                  dropped_malformed = 0, dropped_unknown = 0, dropped_too_large = 0, dropped_queue_full = 0,
                  dropped_over_rate = 0, dropped_hops_flow = 0, handshakes_refused = 0, datagrams_in = 0,
                  datagrams_dropped = 0;
    std::vector<std::uint64_t> drops{};  ///< by kind, then reason; empty: none yet
};

/// All of them by their names, which stay: "queries_in", …, "dropped_query_over_rate", …
[[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> named(Counters const& counters);

class Overlay {
public:
    Overlay(Config config, Rng rng);
    Overlay(Settings settings, std::shared_ptr<Limits const> limits, Rng rng);
    ~Overlay();
    Overlay(Overlay&&) noexcept;
    Overlay& operator=(Overlay&&) noexcept;

    /// Appends to `out`, in order, what the host must do. Never blocks. @pre `now` never goes backwards.
    /// `unix_now` is kept in host records only; no decision of the running session needs it.
    void handle(Event const& event, Instant now, UnixSeconds unix_now, Actions& out);
    /// When the host owes a `Tick`; empty: never. Ask again after every `handle`.
    [[nodiscard]] std::optional<Instant> next_deadline() const;

    /// For a host of many nodes that knows what comes next: fetches what a message `guid` from `peer` will touch. Each
    /// stage follows what the one before has brought, so call stage 0, 1 and 2 some events apart. Changes nothing.
    static constexpr unsigned fetch_stages = 3;
    void fetch(unsigned stage, PeerId peer, Guid const& guid) const noexcept;
    /// The same, after those, if the message will be a new query: it goes on to all links.
    void fetch_links() const noexcept;

    [[nodiscard]] Role role() const;
    /// Links past their handshake, in order of PeerId.
    [[nodiscard]] std::vector<LinkInfo> links() const;
    [[nodiscard]] LinkInfo const* link(PeerId peer) const;
    /// Counts changes of what a link said when it came up: its load, its Hops Flow, how many links the neighbour has.
    [[nodiscard]] std::uint32_t link_changes() const;
    [[nodiscard]] std::vector<HostRecord> hosts() const;
    /// Whom this query came from, as long as we remember it; PeerId{0}: it is ours.
    [[nodiscard]] std::optional<PeerId> reverse_path(Guid const& query, Instant now) const;
    [[nodiscard]] Counters const& counters() const;
    /// A host-side PeerId for the next accepted connection; the core allots those it connects itself.
    [[nodiscard]] PeerId allot_peer();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace praline::overlay
