#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "index/replica/context.hpp"
#include "index/replica/lost_servers.hpp"
#include "index/replica/peers.hpp"
#include "index/replica/routes.hpp"

namespace praline::index::replica {

/// Which servers belong to the group, which of them are alive, and when to dial one: the complete graph of Clippee (section
/// II-C) with its failure detector. What follows from a server's coming, silence or restart for claims, writes and records
/// is not known here: calls return what happened, and the caller sees to it before the next call.
/// @threads one: it belongs to a replica.
class Group {
public:
    explicit Group(Context& context) : ctx_{context}, routes_{context}, lost_{context} {}
    Group(Group const&) = delete;
    Group& operator=(Group const&) = delete;

    /// Takes over the members of the last run; dials nothing yet.
    void start(Started const& event);
    void dial_all();

    // ---- what is known ----
    [[nodiscard]] std::map<ServerId, Peer> const& peers() const { return routes_.peers(); }
    [[nodiscard]] Peer const* find(ServerId id) const { return routes_.find(id); }
    /// Servers that are not suspected and can be reached.
    [[nodiscard]] std::vector<ServerId> live() const;
    /// True also when there is no other server.
    [[nodiscard]] bool all_suspected() const;
    /// Since when all others have been suspected.
    [[nodiscard]] Duration alone_for() const { return ctx_.now() - alone_since_; }
    /// All servers, this one first.
    [[nodiscard]] Members members() const;
    /// True until everything that the others hold has been copied.
    [[nodiscard]] bool joining() const { return joining_; }
    /// The server we joined through.
    [[nodiscard]] std::optional<ServerId> sponsor() const { return sponsor_; }
    /// We are about to leave: nothing new is begun.
    [[nodiscard]] bool draining() const { return draining_; }

    // ---- links ----
    void link_up(LinkUp const& event);
    void link_down(LinkDown const& event) { routes_.unbind(event.link); }
    void close_silent_links() { routes_.close_silent_links(); }
    void probe_broken_routes() { routes_.probe_broken_routes(); }
    /// False: no way leads there.
    bool send(ServerId to, ServerMessage message) { return routes_.send(to, std::move(message)); }

    // ---- messages ----
    enum class Arrival : std::uint8_t {
        handled,          ///< passed on, refused, or its link was closed
        hello,            ///< for `introduce`
        new_incarnation,  ///< a message, and its sender has been started again: first `begin_incarnation`
        message,
    };
    /// Checks the sender and the receiver. @post not `handled`: the sender is a member, or it is a Hello.
    [[nodiscard]] Arrival arrived(LinkId link, Envelope const& envelope, ServerMessage const& message);
    /// After `arrived`: the server that passed the message on is a route to its sender if there is no other.
    void learn_route(LinkId link, Envelope const& envelope);

    struct Introduction {
        bool met_before = false, begins_anew = false;
    };
    /// Empty: the link was closed. Else the server is a member now; when it `begins_anew`, first `begin_incarnation`.
    [[nodiscard]] std::optional<Introduction> introduce(LinkId link, Envelope const& envelope, Hello const& hello);
    /// After `introduce`: it is not looked for any more.
    void reappeared(Member const& member);
    /// After `reappeared`. True: this is a new link to it, and it stays.
    bool bind(LinkId link, Hello const& hello, Introduction const& known);

    struct Beginning {
        bool first_contact = false, restarted = false;
    };
    /// A server has been started again, or it speaks for the first time. When `restarted`, nothing of what was counted of it
    /// before holds.
    Beginning begin_incarnation(Member const& member);

    void got(Envelope const& from, Members const& message);
    /// True: writes of its are missing here that it had announced one heartbeat earlier already.
    [[nodiscard]] bool got(Envelope const& from, Heartbeat const& message);
    void got(Envelope const& from, Probe const& message) { routes_.got(from, message); }
    void got(Envelope const& from, ProbeAnswer const& message) { routes_.got(from, message); }

    // ---- life and death ----
    /// True: it was suspected until now.
    bool heard(ServerId id);
    /// One server more that has been silent for too long; empty: no further one. Call until then.
    [[nodiscard]] std::optional<ServerId> next_suspect();
    /// To all others; `writes`: how many this server has made. Now and then with the list of members.
    void send_heartbeat(std::uint64_t writes);
    [[nodiscard]] Instant heartbeat_at() const { return heartbeat_at_; }
    void send_members_to_all();
    /// The host was suspended: the others get as much time as they had.
    void resumed(Duration time) { routes_.resumed(time); }
    /// Redials what is due. @returns servers that have been silent for `forget_after`, for `part_from` and `remove`.
    [[nodiscard]] std::vector<ServerId> dial();
    /// After `dial`: looks for lost servers, and for the one to join through.
    void seek();
    /// Takes the link away. `left`: it said goodbye. False: no such member. @post then `remove`.
    bool part_from(ServerId id, bool left);
    void remove(ServerId id, bool left);

    /// Everything is here. Tells the others.
    void complete();
    /// @returns false: it was draining already.
    bool drain() { return !std::exchange(draining_, true); }
    void say_goodbye();
    /// Emits `MembersChanged` if something did.
    void report_members();

    // ---- counts of a member's writes and acknowledgements ----
    void note_write(ServerId owner, std::uint64_t position);
    void all_writes_seen(ServerId owner, std::uint64_t up_to);
    void count_missing_ack(ServerId id);
    void forgive_missing_acks(ServerId id);

private:
    Peer* add_member(Member const& member);
    [[nodiscard]] std::string fault_of(PeerLink const& link, Envelope const& envelope, Hello const& hello) const;
    void learn_member(Member const& member);
    void dial(Peer& peer, bool first);

    Context& ctx_;
    Routes routes_;
    LostServers lost_;
    std::map<ServerId, std::pair<std::uint64_t, bool>> departed_;  ///< incarnation, said goodbye; at most departed_max
    std::optional<Endpoint> join_;                                 ///< until that server has been met
    Instant join_at_{};
    std::uint32_t joins_ = 0;
    std::optional<ServerId> sponsor_;
    bool joining_ = false;
    bool draining_ = false;
    bool members_changed_ = false;
    Instant alone_since_{};
    Instant heartbeat_at_{};
    std::uint64_t heartbeats_ = 0;
};

}  // namespace praline::index::replica
