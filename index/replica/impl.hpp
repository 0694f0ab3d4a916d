#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "index/replica/digest_tree.hpp"
#include "index/replica/held.hpp"
#include "index/replica/limits.hpp"
#include "index/replica/own_writes.hpp"
#include "index/replica/peers.hpp"
#include "index/replica/repairs.hpp"
#include "index/replica/replica.hpp"

namespace praline::index {

/// All state of a replica. Its functions stand by concern in membership.cpp, routes.cpp, detector.cpp, claims.cpp,
/// writes.cpp, applies.cpp, records.cpp, leases.cpp, repair.cpp, compare.cpp, copies.cpp, asks.cpp.
/// Everything is kept in order of ids, so that a run is the same everywhere.
struct Replica::Impl {
    Impl(ReplicaOptions options, Rng rng) : options_{options}, rng_{rng} {}

    void handle(Event const& event);
    [[nodiscard]] std::optional<Instant> next_deadline() const;

    // ---- replica.cpp ----
    void on(Started const& event);
    void restore(std::vector<Record> const& records);
    void on(Tick const&);
    void on(LoadIs const& event) { self_.load = event.load; }
    void message(LinkId link, Envelope const& from, ServerMessage const& message);
    void dispatch(Envelope const& from, ServerMessage const& message);
    void refuse() { ++counters_.refused_messages; }
    template <class T>
    void emit(T&& action) { out_->emplace_back(std::forward<T>(action)); }
    Ticket ticket() { return Ticket{++last_ticket_}; }

    // ---- membership.cpp ----
    void on(LinkUp const& event);
    void on(LinkDown const& event);
    void on(ConnectFailed const&) {}     // the next try is timed already
    void hello(LinkId link, Envelope const& from, Hello const& hello);
    void got(Envelope const& from, Members const& message);
    void got(Envelope const& from, Leave const& message);
    bool keep_link(LinkId fresh, PeerLink const& link, Peer& peer);
    Peer* add_member(Member const& member);
    void new_incarnation(Peer& peer, Member const& member);
    void remove_member(ServerId id, bool left);
    void close(LinkId link, std::string why);
    void turn_away(LinkId link, std::string why);
    void unbind(LinkId link);
    void spread_members();
    [[nodiscard]] Members member_list() const;
    void tell_members() { members_changed_ = true; }
    void dial(Instant now);
    void dial_one(Peer& peer, bool first);
    void lose(ServerId id, Endpoint endpoint);
    void found(Member const& member);
    void seek_lost();
    void close_silent_links();

    // ---- routes.cpp ----
    bool send(ServerId to, ServerMessage message);
    void send_over(LinkId link, ServerId to, ServerMessage message);
    void relay(Envelope const& envelope, ServerMessage const& message);
    void count(ServerMessage const& message);
    [[nodiscard]] bool reachable(Peer const& peer) const;
    void probe(Peer& peer);
    void probe_broken_routes();
    void route_lost_through(ServerId relay);
    void got(Envelope const& from, Probe const& message);
    void got(Envelope const& from, ProbeAnswer const& message);

    // ---- detector.cpp ----
    void beat();
    void heard(Peer& peer);
    void suspect_silent();
    void slept(Duration time);
    void got(Envelope const& from, Beat const& message);
    [[nodiscard]] Duration suspect_after() const { return options_.beat_every * options_.suspect_after_beats; }
    [[nodiscard]] std::vector<ServerId> live() const;
    void compare_soon(ServerId id);

    // ---- claims.cpp ----
    void on(SessionOpened const& event);
    void on(SessionClosed const& event);
    void on(SessionEnded const& event);
    void got(Envelope const& from, Acquire const& message);
    void got(Envelope const& from, Grant const& message);
    void got(Envelope const& from, Deny const& message);
    void acquire(Session& session);
    void claim_settled(PublisherId const& id);
    void claims_without(ServerId silent);
    void silence_is_consent();
    void lose_session(PublisherId const& id);
    void learn_claim(Held& held, Claim const& claim);
    void begin_anew(PublisherId const& id, Version floor);
    [[nodiscard]] Session* session_of(PublisherId const& id);

    // ---- writes.cpp ----
    void on(PublishWanted const& event);
    WriteKey queue_write(PublisherId const& id, Change change, bool from_session);
    void start_waiting_writes();
    void ask_apply(WriteKey key);
    void own_applied(WriteKey key, Applied const& event);
    void got(Envelope const& from, WriteAck const& message);
    void acked(WriteKey key, ServerId by, bool has_it);
    void send_again_after(WriteKey key, ServerId to);
    [[nodiscard]] bool waits_for_earlier(WriteKey key, ServerId peer) const;
    void report_done(PublisherId const& id);
    void drop_write(WriteKey key);
    void writes_without(ServerId silent);
    void give_up_late_writes();
    void take_away(PublisherId const& id);
    [[nodiscard]] bool is_plausible(Change const& change) const;
    void on(DrainWanted const&);
    void drain_if_done();

    // ---- applies.cpp ----
    void got(Envelope const& from, Write const& message);
    void ack(Envelope const& from, std::uint64_t position, WriteOutcome outcome, Version held, Claim claim);
    void write_is_behind(Envelope const& from, Write const& message, Held* held);
    void on(Applied const& event);
    void settle(PublisherId const& id, Applied const& event);
    void replica_applied(PendingApply const& pending, Applied const& event);

    // ---- records.cpp ----
    [[nodiscard]] Held* find(PublisherId const& id);
    /// Makes a blank one if need be; null: there is no room.
    Held* hold(PublisherId const& id);
    void forget(PublisherId const& id);
    void refresh(Held& held);
    void adopt(Held& held, Publisher const& publisher, Claim claim);
    void hide(Held& held);
    void set_due(Held& held, std::optional<Instant> due);
    void leave_owner(Held& held);
    void join_owner(Held& held, Owner const& owner);

    // ---- leases.cpp ----
    /// After anything that decides who renews its lease. `lapse`: the owner does not.
    void place(Held& held, std::optional<Instant> lapse = {});
    void lapse();
    void lapse_one(PublisherId const& id);
    void lapse_silent_owners(std::size_t& left);
    void renew(Owner const& owner);
    /// Its owner has the same of that stretch as we.
    void confirm(ServerId owner, Stretch const& stretch);
    void not_restored(Held& held);
    void merge_owners(ServerId id, std::uint64_t into);
    [[nodiscard]] Duration lease_left(Held const& held) const;
    [[nodiscard]] bool all_suspected() const;

    // ---- repair.cpp ----
    void repair();
    void begin_round(Peer& peer);
    void go_on_round();
    bool ask_digests();
    bool ask_page();
    void end_round(bool whole);
    void got(Envelope const& from, Digests const& message);
    void answer_digests(Envelope const& from, Digests const& message);
    void complete_if_equal();
    [[nodiscard]] Duration jittered(Duration mean);

    // ---- compare.cpp ----
    void got(Envelope const& from, Records const& message);
    /// @returns what the other lacks or has older.
    bool compare(ServerId with, LeasedRecord const& theirs, bool& differs, bool& missing);
    bool take(ServerId with, LeasedRecord const& theirs);
    /// Whether it is what our comparison asked for; what of it is still to be asked for is noted.
    bool take_page(ServerId from, Records const& message);
    void got(Envelope const& from, RecordsAsk const& message);
    /// All of ours, as far as one message goes.
    void send_page(ServerId to, std::uint64_t round, DigestNode const& below, Stretch stretch);
    void send_answer(ServerId to, Records const& to_what, std::vector<PublisherId> const& ids);
    [[nodiscard]] LeasedRecord leased(Held const& held) const;

    // ---- copies.cpp ----
    void want_copy(CopyWanted wanted);
    void start_copies();
    void ask_part(PublisherId const& id, CopyUnderWay& copy);
    void got(Envelope const& from, CopyAsk const& message);
    void got(Envelope const& from, CopyPart const& message);
    void on(EntriesRead const& event);
    bool accept_part(CopyUnderWay& copy, CopyPart const& part);
    bool stage(PublisherId const& id, CopyUnderWay& copy, CopyPart const& part);
    void copy_applied(PublisherId const& id, Applied const& event);
    void end_copy(PublisherId const& id, bool well);
    [[nodiscard]] std::size_t wanted() const { return wanted_small_.size() + wanted_large_.size(); }
    void drop_copy(PublisherId const& id, Version have);
    void give_up_late_copies();

    // ---- asks.cpp ----
    void on(AskWanted const& event);
    void on(AskAnswered const& event);
    void got(Envelope const& from, AskFor const& message);
    void got(Envelope const& from, AnswerFor const& message);
    void give_up_late_asks();
    [[nodiscard]] std::optional<ServerId> whom_to_ask() const;

    ReplicaOptions options_;
    Rng rng_;
    Instant now_{};
    Instant last_event_{};
    Instant awake_since_{};                                ///< the host has called in time since
    Actions* out_ = nullptr;
    ReplicaCounters counters_;
    bool started_ = false;
    Member self_;
    std::uint64_t last_ticket_ = 0;

    std::map<ServerId, Peer> peers_;                       ///< at most members_max - 1
    std::map<LinkId, PeerLink> links_;                         ///< at most links_max
    std::map<ServerId, std::pair<std::uint64_t, bool>> departed_;   ///< incarnation, said goodbye; at most departed_max
    std::map<ServerId, Lost> lost_;                        ///< at most lost_max
    std::optional<Endpoint> join_;                         ///< until that server has been met
    Instant join_at_{};
    std::uint32_t joins_ = 0;
    std::optional<ServerId> sponsor_;                      ///< whom we joined through
    bool young_ = false;
    Instant alone_since_{};
    bool members_changed_ = false;
    Instant beat_at_{};
    std::uint64_t beats_ = 0;

    std::map<PublisherId, Held> held_;                     ///< at most publishers_max
    DigestTree tree_;
    std::set<std::pair<Instant, PublisherId>> dues_;
    std::map<Owner, Owned> owners_;
    std::set<PublisherId> restored_;                       ///< those that are `Held::restored`

    std::map<PublisherId, Session> sessions_;
    std::set<std::pair<Instant, PublisherId>> acquire_deadlines_;
    std::map<WriteKey, OwnWrite> writes_;                  ///< at most writes_under_way_max + writes_waiting_max
    std::map<PublisherId, std::set<WriteKey>> writes_of_;
    std::map<std::uint64_t, WriteKey> positions_;
    std::set<std::pair<Instant, WriteKey>> write_deadlines_;
    std::set<WriteKey> writes_waiting_;
    std::size_t write_octets_ = 0;
    WriteKey last_key_ = 0;
    std::uint64_t position_ = 0;
    std::map<Ticket, PendingApply> applies_;
    std::optional<Instant> draining_until_;
    bool draining_ = false;

    std::optional<Round> round_;
    std::uint64_t last_round_ = 0;
    Instant repair_at_{};
    std::map<PublisherId, CopyWanted> wanted_small_, wanted_large_;   ///< together at most copies_wanted_max
    std::map<PublisherId, CopyUnderWay> copies_;
    std::size_t large_copies_ = 0;
    bool lapses_left_ = false;
    std::map<Ticket, PartAsked> parts_asked_;              ///< at most reads_under_way_max
    std::map<std::uint64_t, QuestionOut> questions_out_;   ///< at most asks_under_way_max
    std::map<Ticket, QuestionIn> questions_in_;            ///< the same
    std::uint64_t last_request_ = 0;
};

}  // namespace praline::index
