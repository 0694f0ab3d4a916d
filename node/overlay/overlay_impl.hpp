#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "node/base/rate.hpp"
#include "node/overlay/call_back_gate.hpp"
#include "node/overlay/guid_routes.hpp"
#include "node/overlay/handshake.hpp"
#include "node/overlay/host_cache.hpp"
#include "node/overlay/link.hpp"
#include "node/overlay/overlay.hpp"
#include "node/overlay/pong_cache.hpp"
#include "node/overlay/push_routes.hpp"
#include "node/wire/codec.hpp"
#include "node/wire/vendor.hpp"

/// Inside this room: what stands behind Overlay. connections.cpp: sockets; admission.cpp: handshakes and slots;
/// upkeep.cpp: time and role; messages.cpp: checks and sending; queries.cpp: queries, hits; pushes.cpp: pushes; pings.cpp: pings,
/// pongs, datagrams; flow_control.cpp: what a link may bring; counters.cpp: what was dropped.
namespace praline::overlay {

enum class Stage : std::uint8_t { connecting, handshaking, up, closing, gone };

/// What only a handshake needs.
struct Opening {
    Handshake handshake;
    std::string words;  ///< that wait for the socket
};

/// One connection. A million nodes of a simulation have several each.
struct Peer {
    LinkInfo info;  ///< `peer`, `remote` and `direction` from the start, the rest from up on
    Stage stage = Stage::connecting;
    CloseReason closing{};
    bool called_off : 1 = false;  ///< outgoing: not to be counted against the host
    bool in_flight : 1 = false;   ///< a Transmit is not yet Drained
    bool dirty : 1 = false;       ///< listed for flushing
    bool takes_bye : 1 = false, takes_vendor : 1 = false, takes_ggep : 1 = false;
    std::uint8_t alive_unanswered = 0;
    std::uint32_t duplicates = 0;
    Link link;  ///< from up on
    Instant last_heard{}, transmit_at{};
    std::unique_ptr<Opening> opening;  ///< until up and the last words of the handshake are on their way
    Rate queries, steps, requests;     ///< what it may still bring
    Instant due{};                     ///< end of the handshake or of closing; up: when a sign of life is asked for
    Instant discovery_at = Instant::min();
    Guid servent;              ///< blank: did not say
    std::uint64_t pinged = 0;  ///< first octets of our last ping's GUID, which pongs repeat

    [[nodiscard]] PeerId id() const { return info.peer; }
    /// Outgoing: where to.
    [[nodiscard]] std::optional<Endpoint> dialled() const {
        return info.direction == Direction::outgoing && !called_off ? std::optional{info.remote} : std::nullopt;
    }
    [[nodiscard]] bool has_words() const { return opening && !opening->words.empty(); }
};

/// Empty: of no kind that is counted apart.
[[nodiscard]] std::optional<Kind> kind_of(std::uint8_t function) noexcept;

struct Overlay::Impl {
    Impl(Settings the_settings, std::shared_ptr<Limits const> the_limits, Rng the_rng);

    // ---- overlay.cpp ----
    void handle(Event const& event, Instant at, UnixSeconds unix_at, Actions& actions);
    void finish_event();
    [[nodiscard]] Peer* find(PeerId id);
    [[nodiscard]] Peer* find_up(PeerId id);
    template <class A>
    void emit(A&& action) {
        out->emplace_back(std::forward<A>(action));
    }

    void on(Start const& event);
    void on(Tick const&);
    void on(Accepted const& event);
    void on(Connected const& event);
    void on(ConnectFailed const& event);
    void on(Received const& event);
    void on(Handed const& event);
    void on(Drained const& event);
    void on(Closed const& event);
    void on(DatagramReceived const& event);
    void on(UserConnect const& event);
    void on(UserDisconnect const& event);
    void on(HostCacheFound const& event);
    void on(HostsFound const& event);
    void on(SharingChanged const& event);
    void on(ForwardQuery const& event);
    void on(OpenQuery const& event);
    void on(CloseQuery const& event);
    void on(AnswerQuery const& event);
    void on(SendQrp const& event);
    void on(RejectQrp const& event);
    void on(QueryCost const& event);
    void on(SendPush const& event);
    void on(SendNote const& event);
    void on(Shutdown const&);

    // ---- connections.cpp, admission.cpp, upkeep.cpp ----
    struct Counts {
        std::size_t ultrapeers = 0, leaves = 0, dialling = 0, handshaking = 0, dialled_up = 0;
    };
    [[nodiscard]] Counts count() const;
    Peer& add_peer(PeerId id, Direction direction, Endpoint remote);
    void connect_more();
    [[nodiscard]] bool wants_ultrapeers(Counts const& counts) const;
    [[nodiscard]] std::vector<Endpoint> busy() const;
    void shake_hands(Peer& peer, ByteView bytes);
    [[nodiscard]] Situation situation_for(Peer const& peer, Offer const& offer);
    [[nodiscard]] Peer* link_to_evict(LinkKind kind, AddressPrefix newcomer);
    [[nodiscard]] std::optional<std::string> conflict_of(Peer const& peer, Offer const& offer);
    [[nodiscard]] std::vector<Endpoint> try_hosts(Endpoint asking, std::optional<Endpoint> dialled);
    [[nodiscard]] bool crawler_allowed(Endpoint remote);
    [[nodiscard]] Duration time_after_first_block() const;
    void evict_a_handshake();
    void harvest(Offer const& offer, AddressPrefix teller);
    void link_up(Peer& peer);
    void change_role(Role to, PeerId keep);
    /// Ends a peer at any stage: tells those above, and the other side by Bye `bye_code` (0: not) if it understands.
    void end(Peer& peer, CloseReason reason, std::string text, std::uint16_t bye_code = 0);
    void close_now(Peer& peer, bool after_sending);
    void note_failure(Peer const& peer, CloseReason reason);
    void forget_what_came_by(PeerId link);
    void mark(Peer& peer);
    void flush(Peer& peer);
    void transmit(Peer& peer, Bytes bytes);
    void check_time(Peer& peer);
    void check_role();
    void plan_deadline();
    [[nodiscard]] Instant hearsay_due(Instant due) const;

    // ---- messages.cpp ----
    void read_messages(Peer& peer, ByteView bytes);
    /// @param value  what the payload says, if whoever sent it said so; else it is decoded.
    [[nodiscard]] bool take(Peer& peer, wire::Header const& header, ByteView payload, Message const* value = nullptr);
    template <class Value>
    [[nodiscard]] bool hand_over(Peer& peer, Guid const& guid, Ttl ttl, Hops hops, Value const& value) {
        if (!hands_over || peer.stage != Stage::up) return false;
        ++peer.info.messages_out;
        emit(HandOver{peer.id(), Message{guid, ttl, hops, value}});
        return true;
    }
    void send(Peer& peer, Guid const& guid, wire::Function function, Ttl ttl, Hops hops, SharedBytes payload);
    template <class M>
    void send(Peer& peer, Guid const& guid, wire::Function function, Ttl ttl, Hops hops, M const& message) {
        send(peer, guid, function, ttl, hops, std::make_shared<Bytes const>(wire::encode(message)));
    }
    void malformed(Peer& peer, Kind kind);
    void drop(DropReason reason, std::optional<Kind> kind, std::uint64_t count = 1);  // counters.cpp
    void send_now(Peer& peer, Outgoing const& message);
    void show_load(Peer& peer);
    void count_given_way(SendQueue::GaveWay const& gave_way);
    [[nodiscard]] bool may_come_far(Peer const& peer, wire::Header const& header, ByteView payload);
    void take_bye(Peer& peer, ByteView payload);
    void take_qrp(Peer& peer, ByteView payload);
    void take_vendor(Peer& peer, wire::Header const& header, ByteView payload);
    void take_note(Peer& peer, Guid const& guid, wire::PralineNote const& note);
    void say_what_we_support(Peer& peer);

    // ---- queries.cpp ----
    void take_query(Peer& peer, wire::Header const& header, ByteView payload, Message const* value);
    void fetch_peers() const noexcept;
    enum class Novelty : std::uint8_t { fresh, probe_again, step_again, repeated };
    [[nodiscard]] Novelty novelty_of(Peer const& peer, wire::Header const& header, GuidRoutes::Entry const* known,
                                     bool may_step) const;
    void count_repeated(Peer& peer, bool same_peer);
    // ---- flow_control.cpp ----
    [[nodiscard]] std::uint32_t queries_per_second() const;
    [[nodiscard]] bool query_allowed(Peer& peer, wire::Header const& header);
    [[nodiscard]] bool ping_allowed(Peer& peer, bool alive);
    void check_flow(Peer& peer);
    [[nodiscard]] std::optional<Instant> flow_due(Peer const& peer) const;

    // ---- queries.cpp ----
    [[nodiscard]] static bool remove_foreign_steps(QueryPtr& query);
    [[nodiscard]] static bool mark_for_neighbour(QueryPtr& query, Hops hops);
    void take_hit(Peer& peer, wire::Header const& header, ByteView payload, Message const* value);

    // ---- pushes.cpp ----
    void take_push(Peer& peer, wire::Header const& header, ByteView payload);
    void answer_push(Peer const& peer, Guid const& guid, wire::Push const& push);
    void take_proxy_request(Peer& peer, Guid const& servent);
    void learn_servent(Guid const& servent, Peer const& from);
    [[nodiscard]] Peer* path_to(Guid const& servent);
    [[nodiscard]] Peer* linked_servent(Guid const& servent);

    // ---- pings.cpp ----
    void take_ping(Peer& peer, wire::Header const& header, ByteView payload);
    void take_pong(Peer& peer, wire::Header const& header, ByteView payload);
    void send_ping(Peer& peer, Ttl ttl);
    void send_cached_pongs(Peer& peer, wire::Header const& ping);  // and how fast nodes meet fast ones
    void send_neighbours(Peer& peer, wire::Header const& ping);
    [[nodiscard]] wire::Pong own_pong(bool with_ggep);
    /// @param teller  see HostCache::Source. @returns whether the host is in the cache.
    bool hear(Endpoint endpoint, bool ultrapeer, AddressPrefix teller);
    void take_packed_hosts(wire::Ggep const& ggep, AddressPrefix teller);
    [[nodiscard]] bool datagram_allowed(Endpoint from);
    [[nodiscard]] bool datagram_asked(Guid const& ping);
    void take_datagram_ping(Endpoint from, wire::Header const& header, ByteView payload);
    void take_datagram_pong(wire::Header const& header, ByteView payload);
    void discover();

    // What every message touches comes first and together: among a million nodes each line costs a walk to memory.
    std::vector<std::unique_ptr<Peer>> peers;  // by PeerId
    Instant now{};                             // of the event being handled
    UnixSeconds unix_now = 0;
    Actions* out = nullptr;
    Limits const& limits;
    Role role;
    bool hands_over;  // Settings::hand_over
    bool started = false, stopping = false;
    bool connect_wanted = false;  // something changed: look for hosts at the end of this event
    bool deadline_stale = true;
    bool hosts_changed = false, someone_gone = false;
    std::uint32_t first_peer = 0;  // id of the first one
    std::uint32_t link_changes = 0;
    std::vector<PeerId> dirty;
    GuidRoutes routes;
    Counters counters;
    std::optional<Instant> deadline;

    std::vector<PeerId> peer_ids;   // of `peers`
    std::vector<Guid> own_queries;  // oldest first
    Settings config;
    std::shared_ptr<Limits const> shared_limits;
    std::uint64_t push_key;  // of push_routes
    Rng rng;
    std::unique_ptr<PushRoutes> push_routes_if_any;
    [[nodiscard]] PushRoutes& push_routes() {
        if (!push_routes_if_any) push_routes_if_any = std::make_unique<PushRoutes>(limits, push_key);
        return *push_routes_if_any;
    }
    HostCache hosts;
    Rate hearsay_dials;
    PongCache pongs;
    std::uint32_t next_peer = 1;
    std::uint32_t files = 0;
    std::uint64_t shared_bytes = 0;
    Instant started_at{}, hosts_told_at = Instant::min(), hosts_needed_at = Instant::min(), discover_at{};
    Instant lonely_since{};
    /// Strangers without a link. Oldest first.
    struct Outside {
        explicit Outside(Limits const& limits) : call_backs{limits} {}
        std::vector<std::pair<AddressPrefix, Instant>> crawlers, answered;  ///< by address
        std::vector<std::pair<Guid, Instant>> pings;                        ///< ours
        CallBackGate call_backs;
    };
    std::unique_ptr<Outside> outside_if_any;
    [[nodiscard]] Outside& outside() {
        if (!outside_if_any) outside_if_any = std::make_unique<Outside>(limits);
        return *outside_if_any;
    }
};

}  // namespace praline::overlay
