#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "index/replica/replica.hpp"
#include "index/server/address_shares.hpp"
#include "index/server/entry_ledger.hpp"
#include "index/server/server_limits.hpp"
#include "index/wire/client_messages.hpp"
#include "node/base/rate.hpp"
#include "node/base/result.hpp"

/// The nodes at one index server: who is signed in, what they may still ask, what they are told. Knows no socket and no
/// clock; index_server.cpp gives it both.
namespace praline::index::server {

/// What sessions need of the server. None of it calls back into `Sessions` before it returns.
class SessionHost {
public:
    virtual ~SessionHost() = default;
    virtual void send(SessionId to, ToNode const& message) = 0;
    /// What was sent still goes out. `Sessions` has forgotten it already.
    virtual void close(SessionId session) = 0;
    virtual void tell_replica(replica::Event event) = 0;
    /// False: too many are waiting. Else `found`, `search_failed` or `search_evicted` follows.
    virtual bool search(SessionId asker, AddressPrefix address, std::uint32_t request, Query const& query) = 0;
    /// False: this publisher is not known here, and there are too many others.
    [[nodiscard]] virtual bool has_room_for(PublisherId const& publisher) const = 0;
    /// Entries on disk, of all publishers of the group.
    [[nodiscard]] virtual EntryLedger const& ledger() const = 0;
    /// Of the catalogue, as last measured.
    [[nodiscard]] virtual std::uint64_t disk_bytes() const = 0;
    [[nodiscard]] virtual std::vector<Member> const& members() const = 0;
    [[nodiscard]] virtual std::uint8_t load() const = 0;
    /// Why nothing can be kept just now, as a sentence; empty: it can.
    [[nodiscard]] virtual std::string trouble() const = 0;
    virtual void wrote(Duration took) = 0;
};

struct SessionTerms {
    ServerId server;
    Duration lease{};
};

class Sessions {
public:
    Sessions(ServerLimits limits, SessionTerms terms, SessionHost& host);

    /// @param key  what its certificate proved; empty: it showed none, and may only ask.
    void opened(SessionId session, std::optional<PublisherId> key, Endpoint remote, Instant now);
    void closed(SessionId session);
    /// @param bytes  of the frame.
    void arrived(SessionId session, Result<FromNode> const& message, std::size_t bytes, Instant now);
    void found(SessionId session, std::uint32_t request, Answer answer);
    void search_failed(SessionId session, std::uint32_t request, std::string const& sentence);
    /// Others had fewer searches waiting.
    void search_evicted(SessionId session, std::uint32_t request);

    // what the replica says
    void on(replica::SessionReady const& ready, Instant now);
    void on(replica::SessionLost const& lost);
    void on(replica::Replicated const& replicated, Instant now);
    void on(replica::ChangeRefused const& refused, Instant now);
    /// Its changes up to `version` are on disk here, and in `SessionHost::ledger`.
    void kept(PublisherId const& publisher, Version version);
    /// A change of it could not be kept.
    void not_kept(PublisherId const& publisher, std::string const& sentence);

    void tick(Instant now);
    [[nodiscard]] std::optional<Instant> next_deadline() const;
    /// Tells everybody that we leave; from now on nobody may sign in.
    void drain();

    [[nodiscard]] std::size_t size() const { return sessions_.size(); }
    [[nodiscard]] std::size_t publishers() const { return publishers_.size(); }
    /// "refused_busy", … and how often each was said.
    [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> counters() const;

private:
    struct Waiting {
        Change change;
        std::size_t bytes = 0;
    };
    struct UnderWay {
        Version to;
        Instant since;
        std::size_t bytes = 0, growth = 0;
        bool reset = false;
    };
    enum class Stage { asking, opening, ready };  ///< not signed in; the replica acquires its claim; it may publish
    struct Session {
        SessionId id;
        std::optional<PublisherId> key;
        Endpoint remote;
        Stage stage = Stage::asking;
        bool spoke = false, stalled = false;  ///< stalled: it waits for changes of others of its address
        Instant heard;
        std::optional<Instant> due;
        Rate changes, searches, pings;
        std::uint32_t bad_messages = 0, searches_refused = 0;
        std::deque<Waiting> waiting;
        std::deque<UnderWay> under_way;
    };

    void on(Session& session, SignIn const& message, std::size_t bytes, Instant now);
    void on(Session& session, Publish const& message, std::size_t bytes, Instant now);
    void on(Session& session, Search const& message, std::size_t bytes, Instant now);
    void on(Session& session, Ping const& message, std::size_t bytes, Instant now);
    void on(Session& session, SignOut const& message, std::size_t bytes, Instant now);

    [[nodiscard]] std::optional<Refused> objection(Session const& session, SignIn const& message) const;
    [[nodiscard]] Session* find(SessionId session);
    [[nodiscard]] Session* publisher(PublisherId const& id);
    void bad(Session& session, std::string const& sentence);
    void refuse(SessionId to, Refused refused);
    /// The session is gone afterwards.
    void refuse_and_close(Session& session, RefusalReason reason, std::string const& sentence);
    void forget(Session& session);
    /// Gives the replica what the limits allow.
    void pump(Session& session, Instant now);
    /// After changes of an address have ended: others of it that waited.
    void pump_stalled(AddressPrefix address, Instant now);
    void drop_changes(Session& session);
    void forget_change(Session const& session, UnderWay const& change);
    /// Why its entries find no room, as a sentence; empty: they do.
    [[nodiscard]] std::string no_room(Session const& session, Change const& change) const;
    [[nodiscard]] bool search_is_too_fast(Session& session, std::uint32_t request, Instant now);
    void sign_off(Session& session);
    [[nodiscard]] Instant silence_ends(Session const& session) const;
    void set_due(Session& session, Instant now);

    ServerLimits limits_;
    SessionTerms terms_;
    SessionHost& host_;
    std::map<SessionId, Session> sessions_;
    std::map<PublisherId, SessionId> publishers_;  ///< signed in here
    AddressShares shares_;
    std::set<std::pair<Instant, SessionId>> due_;  ///< each session once
    std::size_t bytes_held_ = 0;                   ///< of changes waiting and under way
    std::array<std::uint64_t, 13> refused_{};      ///< by reason
    bool draining_ = false;
};

}  // namespace praline::index::server
