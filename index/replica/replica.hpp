#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "index/wire/server_messages.hpp"
#include "node/base/rng.hpp"
#include "node/base/time.hpp"

/// One server's part in a replicated group, after Clippee (Albrecht, Arnold, Wattenhofer): complete graph with two-hop
/// routes, eager global write, local read, a lock token a publisher, lazy repair; no consensus protocol. A core: events
/// in, actions out; it owns no socket, file, thread or clock. index/server hosts it over TLS links and a catalogue, the
/// tests over a virtual network.
///
/// What it promises. Versions of a publisher never go backwards here, for as long as they are remembered: `tombstone` after
/// the list has ended. A change is reported as replicated only when every server that was not suspected has it, is being
/// repaired, or has been silent for `write_within`; `Replicated` says how many have it. Two servers believe that they hold
/// the claim of one publisher no longer than until one of them writes or they compare, which begins with the first message
/// between them after a silence. Servers that can hear each other come to hold the same, some `repair_every` after the last
/// change. A write costs 2(n-1) messages and a session 2(n-1) once, where the paper's lock for every write costs 5(n-1).
///
/// Time is only what the host hands in, and only differences of it count: a server's clock may say anything, and hurts
/// no server as long as the clocks of a group run at paces within a factor of two of each other. A host that did not call for
/// longer than a suspicion takes is taken to have been suspended: what others did meanwhile is heard first.
/// @threads one at a time.
namespace praline::index::replica {

/// One connection to another server. Never used again.
using LinkId = Strong<struct LinkIdTag, std::uint32_t>;
/// Names what the host was asked to do, until it says that it is done.
using Ticket = Strong<struct TicketTag, std::uint64_t>;

struct ReplicaOptions {
    Duration heartbeat_every = std::chrono::milliseconds{500};
    std::uint32_t suspect_after_heartbeats = 4;  ///< so many heartbeats missed: suspected, writes do not wait for it
    Duration forget_after = std::chrono::hours{24};  ///< silent for so long: no member any more
    Duration rejoin_partition_every =
        std::chrono::minutes{10};  ///< a try to find one that was forgotten: it may be cut off, not gone
    Duration rejoin_partition_for = std::chrono::hours{24 * 30};
    Duration write_within = std::chrono::seconds{2};  ///< for an ack; a silent server is then counted as not having it
    Duration acquire_within = std::chrono::seconds{1};   ///< silence is consent
    Duration lease = std::chrono::seconds{60};           ///< of a publisher whose session or server is silent
    Duration repair_every = std::chrono::seconds{2};     ///< a comparison with one other server, on the average
    Duration reconnect_every = std::chrono::seconds{2};  ///< a try to restore a broken link, doubled up to 16 times
    Duration tombstone =
        std::chrono::seconds{240};  ///< a list that was taken away is remembered so long; at least 4 leases
    Duration ask_within = std::chrono::seconds{2};  ///< for an answer to AskFor, a CopyAsk, a comparison
    std::uint32_t publishers_max = 1'000'000;
    std::uint32_t writes_under_way_max = 4096;  ///< of ours, of all publishers; further ones wait
    std::uint32_t copies_under_way_max = 4;
    std::uint32_t asks_under_way_max = 1024;  ///< questions passed on for nodes; further ones are answered from here
    std::uint32_t copy_entries = 1000;        ///< of one part
};

// ---- events ----
/// First of all. `members` are those it knew when it last ran.
struct Started {
    Member self;
    std::vector<Record> records;
    std::vector<Member> members;
    std::optional<Endpoint> join;
};
/// A link is open and its other side has proved to be of the group. `outgoing`: we opened it.
struct LinkUp {
    LinkId link;
    bool outgoing = false;
};
struct LinkDown {
    LinkId link;
};
/// What `Connect` asked for did not come about.
struct ConnectFailed {
    Endpoint endpoint;
};
struct MessageArrived {
    LinkId link;
    Envelope envelope;
    ServerMessage message;
};
/// A publisher has proved its identity and wants to publish here.
struct SessionOpened {
    Publisher publisher;
    Version own;
};
/// The connection is gone; the lease runs on.
struct SessionClosed {
    PublisherId publisher;
};
/// It said goodbye: its list goes at once.
struct SessionEnded {
    PublisherId publisher;
};
struct PublishWanted {
    PublisherId publisher;
    Change change;
};
struct AskWanted {
    Ticket ticket;
    Query query;
};  ///< a search, while `answers_alone()` is false
struct AskAnswered {
    Ticket ticket;
    Answer answer;
};  ///< to `AnswerNeeded`
/// To `Apply`, `StageCopy` (last part), in the order in which they were asked for. `fits` false: the record is as it was.
struct Applied {
    Ticket ticket;
    Record record;
    bool fits = true;
    bool too_many = false;
};
struct EntriesRead {
    Ticket ticket;
    std::optional<Record> record;
    std::vector<Entry> entries;
    bool last = false;
};
struct DrainWanted {};
struct LoadIs {
    std::uint8_t load = 0;
};
struct Tick {};
using Event =
    std::variant<Started, LinkUp, LinkDown, ConnectFailed, MessageArrived, SessionOpened, SessionClosed, SessionEnded,
                 PublishWanted, AskWanted, AskAnswered, Applied, EntriesRead, DrainWanted, LoadIs, Tick>;

// ---- actions ----
struct Connect {
    Endpoint endpoint;
};
/// `turned_away`: an operator must act, or the two never talk.
struct CloseLink {
    LinkId link;
    std::string why;
    bool turned_away = false;
};
struct Send {
    LinkId link;
    Envelope envelope;
    ServerMessage message;
};
// for the catalogue, to be done in order
struct Apply {
    Ticket ticket;
    Publisher publisher;
    Claim claim;
    Change change;
};  ///< → Applied
struct Adopt {
    Publisher publisher;
    Claim claim;
};
struct Hide {
    PublisherId publisher;
    Version version;
    bool forget = false;
};
/// A part of a copy: stays invisible until the last one, when the whole is compared with `record.digest`. The record of the
/// last part counts. → Applied, for the last.
struct StageCopy {
    Ticket ticket;
    Record record;
    std::vector<Entry> entries;
    bool first = false, last = false;
};
struct ForgetCopy {
    PublisherId publisher;
};
struct ReadEntries {
    Ticket ticket;
    PublisherId publisher;
    std::optional<Sha1> after;
    std::uint32_t entries_max = 0;
};  ///< → EntriesRead
// for publishers
/// It may publish from `record.version` on; said again when the publisher must begin from there anew.
struct SessionReady {
    PublisherId publisher;
    Record record;
};
/// Another server holds its claim now.
struct SessionLost {
    PublisherId publisher;
};
/// Also said after `SessionReady`, of what was held already.
struct Replicated {
    PublisherId publisher;
    Version version;
    SetDigest digest;
    std::uint16_t replicas = 0, members = 0;
};
struct ChangeRefused {
    PublisherId publisher;
    Record held;
    bool too_many = false;
};  ///< does not fit, or the queue is full
// for searches
struct AnswerNeeded {
    Ticket ticket;
    Query query;
};  ///< another server asks; → AskAnswered
/// What the server joined through knows; empty: no answer in time, what is here must do.
struct AskDone {
    Ticket ticket;
    std::optional<Answer> answer;
};
struct MembersChanged {
    std::vector<Member> members;
};  ///< those that are there, ourselves included; to be kept
/// May be shut down: nothing of ours is under way, or `write_within` has passed.
struct Drained {};
using Action =
    std::variant<Connect, CloseLink, Send, Apply, Adopt, Hide, StageCopy, ForgetCopy, ReadEntries, SessionReady,
                 SessionLost, Replicated, ChangeRefused, AnswerNeeded, AskDone, MembersChanged, Drained>;
using Actions = std::vector<Action>;

struct MemberView {
    Member member;
    bool direct = false;                ///< over a link of its own
    std::optional<ServerId> by_way_of;  ///< a two-hop route
    bool suspected = false;
    Duration silent{};
    std::uint64_t writes_missing =
        0;  ///< its writes, as its last heartbeat counts them, that have not come here: our lag
    std::uint64_t acks_missing = 0;  ///< our writes that it has not acknowledged
    bool same = false;               ///< the last comparison found no difference
    std::uint64_t differing = 0;     ///< publishers in which the last comparison differed
    Duration compared_ago{};
};

/// Each counted once; messages are those sent, relayed ones too.
struct ReplicaCounters {
    std::uint64_t writes = 0, writes_replicated = 0, writes_short = 0;  ///< short: a server was silent
    std::uint64_t write_messages =
        0;  ///< Acquire, Grant, Deny, Write, WriteAck sent here: what the paper counts 5(n-1) of
    std::uint64_t repair_messages = 0, heartbeat_messages = 0, other_messages = 0, relayed_messages = 0;
    std::uint64_t claims_acquired = 0, claims_denied = 0, claims_lost = 0;
    std::uint64_t comparisons = 0, publishers_repaired = 0, copies = 0, copies_failed = 0, copied_entries = 0;
    std::uint64_t leases_ended = 0, two_hop_routes = 0, refused_messages = 0;
};
/// All of them by their names, which stay: "writes", …
[[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> named(ReplicaCounters const& counters);

class Replica {
public:
    Replica(ReplicaOptions options, Rng rng);
    ~Replica();
    Replica(Replica&&) noexcept;
    Replica& operator=(Replica&&) noexcept;

    /// Appends to `out`, in order, what the host must do. Never blocks. @pre `now` never goes backwards; `Started` first, once.
    void handle(Event const& event, Instant now, Actions& out);
    /// When the host owes a `Tick`; empty: never. Ask again after every `handle`.
    [[nodiscard]] std::optional<Instant> next_deadline() const;

    /// False while we have joined and not copied everything yet: a search is then also an `AskWanted`.
    [[nodiscard]] bool answers_alone() const;
    [[nodiscard]] std::vector<MemberView> members(Instant now) const;
    /// What is known of a publisher; null: nothing. Good until the next `handle`.
    [[nodiscard]] Record const* find(PublisherId const& publisher) const;
    /// Whether we believe, now, that we hold its claim.
    [[nodiscard]] bool believes_claim(PublisherId const& publisher) const;
    [[nodiscard]] std::size_t publishers() const;
    /// Of all publishers here; the same at two servers that hold the same.
    [[nodiscard]] DigestNode digest() const;
    [[nodiscard]] ReplicaCounters const& counters() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace praline::index::replica
