#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "index/wire/client_messages.hpp"
#include "node/base/rng.hpp"
#include "node/base/time.hpp"

/// A node's side of the index: which server, signing in, publishing what changed, asking, going on with another server
/// when one dies. A core: events in, actions out.
namespace praline::index::client {

using ConnectionId = Strong<struct ConnectionIdTag, std::uint32_t>;  ///< never used again

struct ClientOptions {
    Duration ping_every = std::chrono::seconds{2};
    Duration silent_after = std::chrono::seconds{5};  ///< a server that says nothing for so long, though asked, is left
    Duration hedge_after = std::chrono::milliseconds{
        250};  ///< an answer later than this, or four times the round trip: the stand-by is asked too
    Duration search_within = std::chrono::seconds{5};
    Duration link_within =
        std::chrono::seconds{1};  ///< a search waits so long for a new link, after the only one broke, before it fails
    Duration link_retry_every = std::chrono::milliseconds{200};  ///< meanwhile
    Duration gone_after =
        std::chrono::minutes{1};  ///< whose link broke longer ago is not waited for: it is not just being restarted
    Duration reconnect_every = std::chrono::seconds{1};  ///< doubled up to 64 times, per server
    Duration compare_every = std::chrono::seconds{10};   ///< between two looks at whether another server is nearer
    std::uint32_t better_percent = 70;  ///< another is nearer: at most so much of ours, three looks in a row
    std::uint32_t servers_max = 64;     ///< remembered
    std::uint32_t searches_max = 256;   ///< under way
    std::uint32_t changes_under_way_max = 8;
    std::uint32_t changes_per_second = 40;  ///< on the average; a server ends the link of who is too fast
};

/// What is known of one server.
struct KnownServer {
    Endpoint endpoint;
    ServerId id{};  ///< 0: not known yet
    std::uint8_t load = 0;
    std::optional<Duration> round_trip;
    bool configured = false;  ///< by the user; others were learnt and may be forgotten
    friend bool operator==(KnownServer const&, KnownServer const&) = default;
};

/// What one search at the index has cost this node, and how long it took.
struct SearchCost {
    std::uint32_t messages = 0;
    std::uint64_t bytes = 0;
    Duration took{};
};

// ---- events ----
struct ClientStarted {
    std::vector<KnownServer> servers;
    SignIn sign_in;
};
struct Opened {
    ConnectionId connection;
};
/// It could not be opened, or it broke.
struct Closed {
    ConnectionId connection;
    std::string why;
};
struct FromServer {
    ConnectionId connection;
    ToNode message;
    std::size_t bytes = 0;
};
/// Somebody has told of a server: the user (`configured`), or whoever knows.
struct ServerLearnt {
    Endpoint endpoint;
    bool configured = false;
};
/// The list of what is shared has come to `own`.
struct ListChanged {
    Version own;
};
/// To `ReadChange`; empty: there is nothing to be published until the list changes again.
struct ChangeRead {
    std::optional<Change> change;
    SetDigest digest;
};  ///< digest: of the list at change->to
/// `search` names it here and on the wire: never 0, never that of another one under way.
struct SearchWanted {
    std::uint32_t search = 0;
    Query query;
};
struct SearchDropped {
    std::uint32_t search = 0;
};  ///< nobody waits for its answer: none is given
struct SentBytes {
    ConnectionId connection;
    std::uint32_t search = 0;
    std::size_t bytes = 0;
};  ///< what a Search took
/// Whether we can be reached from outside has changed: a server takes that at a sign-in only, so we sign in anew.
struct PushNeededChanged {
    bool push_needed = false;
};
struct StopWanted {};
struct ClientTick {};
using ClientEvent = std::variant<ClientStarted, Opened, Closed, FromServer, ServerLearnt, ListChanged, ChangeRead,
                                 SearchWanted, SearchDropped, SentBytes, PushNeededChanged, StopWanted, ClientTick>;

// ---- actions ----
struct Open {
    ConnectionId connection;
    Endpoint endpoint;
};
struct Close {
    ConnectionId connection;
};
struct ToServer {
    ConnectionId connection;
    FromNode message;
};
/// The next change after `held`, of at most `change_entries_max` entries; `digest` is what the server holds at `held`.
/// If the list never was like that at `held`, the change is a reset. → ChangeRead
struct ReadChange {
    Version held;
    SetDigest digest;
    bool reset = false;
};
struct SearchAnswered {
    std::uint32_t search = 0;
    Answer answer;
    ServerId server{};
    SearchCost cost;
};
struct SearchFailed {
    std::uint32_t search = 0;
    std::string sentence;
    SearchCost cost;
};
struct ServersChanged {
    std::vector<KnownServer> servers;
};                             ///< to be kept
struct ClientStateChanged {};  ///< ask `state()`
using ClientAction =
    std::variant<Open, Close, ToServer, ReadChange, SearchAnswered, SearchFailed, ServersChanged, ClientStateChanged>;
using ClientActions = std::vector<ClientAction>;

struct ClientState {
    std::optional<KnownServer> signed_in, stand_by;
    Version own, held, replicated;  ///< of our list: here, at the server, at the whole group
    bool list_up_to_date = false;   ///< what is shared now is in our list; false while it is being read
    std::uint16_t replicas = 0, members = 0;
    std::string problem;  ///< a sentence; empty: all is well
    std::uint64_t fail_overs = 0;
    std::vector<KnownServer> servers;
};

class ClientCore {
public:
    ClientCore(ClientOptions options, Rng rng);
    ~ClientCore();
    void handle(ClientEvent const& event, Instant now, ClientActions& out);
    [[nodiscard]] std::optional<Instant> next_deadline() const;
    [[nodiscard]] ClientState state() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace praline::index::client
