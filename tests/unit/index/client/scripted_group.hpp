#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "index/client/client_core.hpp"

/// A node's core among scripted servers, in a time of its own: each message takes half a round trip.
namespace praline::index::client::test {

using namespace std::chrono_literals;

inline Endpoint server_at(std::uint8_t number) { return {0x0A000000U + number, 7000}; }

struct ScriptedServer {
    ServerId id{};
    bool up = true;
    bool silent = false;         // takes everything, says nothing
    bool slow_searches = false;  // never answers a search
    Duration round_trip = 20ms;
    std::uint8_t load = 0;
    std::optional<RefusalReason> refuses;  // to let a node in
    std::optional<RefusalReason> refuses_searches;
    bool wrong_digests = false;
    bool always_behind = false;
    bool never_acknowledges = false;
    bool push_needed = false;  // as the last sign-in said
    Version held;
    SetDigest digest;
    std::size_t sign_ins = 0, searches = 0, changes = 0, opened = 0;
};

struct ListScript {  // of a list of numbered changes, whose digest is its version
    Version own;
    std::size_t reads = 0, resets = 0;
    static SetDigest digest_of(Version version) { return {version.era, version.number}; }
    [[nodiscard]] ChangeRead read(ReadChange const& wanted) {
        ++reads;
        bool const known =
            wanted.held.era == own.era && wanted.held.number <= own.number && wanted.digest == digest_of(wanted.held);
        Change change;
        change.from = wanted.held;
        if (wanted.reset || !known) {
            if (wanted.held != Version{}) ++resets;
            change.reset = true;
            own.era = std::max(own.era, wanted.held.era) + 1;
            change.to = {own.era, std::min<std::uint64_t>(own.number, 1)};
            if (change.to.number == 0) change.to.number = own.number = 1;
        } else {
            if (wanted.held.number == own.number) return {};
            change.to = {own.era, wanted.held.number + 1};
        }
        return {change, digest_of(change.to)};
    }
};

inline Query words(std::string text) {
    Query query;
    query.words = std::move(text);
    return query;
}

class ScriptedGroup {
public:
    explicit ScriptedGroup(std::size_t count, ClientOptions options = {}, std::uint64_t seed = 1)
        : core_{options, Rng{seed}} {
        for (std::size_t i = 1; i <= count; ++i) {
            ScriptedServer server;
            server.id = ServerId{i};
            servers[server_at(static_cast<std::uint8_t>(i))] = server;
        }
    }

    /// Knows the first `known` of the servers; the others it must learn.
    void start(std::size_t known) {
        ClientStarted started;
        for (auto const& [endpoint, server] : servers)
            if (started.servers.size() < known)
                started.servers.push_back({endpoint, ServerId{}, 0, std::nullopt, true});
        started.sign_in.version = publisher.own;
        feed(started);
    }
    void feed(ClientEvent const& event) {
        actions_.clear();
        core_.handle(event, now, actions_);
        auto const actions = actions_;
        for (auto const& action : actions) perform(action);
    }
    void run_for(Duration time) {
        auto const until = now + time;
        for (;;) {
            auto const tick = core_.next_deadline();
            auto const event =
                calendar_.empty() ? std::optional<Instant>{} : std::optional{calendar_.begin()->first.first};
            if (!tick && !event) break;
            auto const next = tick && (!event || *tick < *event) ? *tick : *event;
            if (next > until) break;
            now = std::max(now, next);
            if (event && next == *event) {
                auto const due = calendar_.begin()->second;
                calendar_.erase(calendar_.begin());
                due();
            } else {
                feed(ClientTick{});
                ++ticks;
            }
        }
        now = until;
    }
    /// As when its process is killed: every connection to it ends at once.
    void kill(Endpoint endpoint) {
        servers.at(endpoint).up = false;
        std::vector<ConnectionId> ended;
        for (auto const& [id, connection] : connections_)
            if (connection.to == endpoint && connection.open) ended.push_back(id);
        for (auto const id : ended) {
            connections_.erase(id);
            feed(Closed{id, "Connection reset by peer."});
        }
    }
    void say(Endpoint endpoint, ToNode const& message) {
        std::vector<ConnectionId> to;
        for (auto const& [id, connection] : connections_)
            if (connection.to == endpoint && connection.open) to.push_back(id);
        for (auto const id : to) feed(FromServer{id, message, 100});
    }
    [[nodiscard]] ClientState state() const { return core_.state(); }
    [[nodiscard]] std::optional<Instant> next_deadline() const { return core_.next_deadline(); }
    [[nodiscard]] std::size_t open_connections() const { return connections_.size(); }
    [[nodiscard]] std::vector<Member> members() const {
        std::vector<Member> members;
        for (auto const& [endpoint, server] : servers) members.push_back({server.id, 1, endpoint, server.load});
        return members;
    }
    [[nodiscard]] std::optional<Endpoint> home() const {
        auto const now_at = state().signed_in;
        return now_at ? std::optional{now_at->endpoint} : std::nullopt;
    }
    [[nodiscard]] std::size_t sign_ins() const {
        std::size_t sum = 0;
        for (auto const& [endpoint, server] : servers) sum += server.sign_ins;
        return sum;
    }

    Instant now{Duration{1s}};
    std::map<Endpoint, ScriptedServer> servers;
    ListScript publisher;
    std::map<std::uint32_t, SearchAnswered> answered;
    std::map<std::uint32_t, SearchFailed> failed;
    std::size_t outcomes = 0, saved = 0, ticks = 0, tries = 0;
    bool signs_out = false;

private:
    struct Connection {
        Endpoint to;
        bool open = false;
    };

    void later(Duration after, std::function<void()> act) { calendar_[{now + after, ++sequence_}] = std::move(act); }
    void answer(ConnectionId id, Duration after, ToNode const& message) {
        later(after, [this, id, message] {
            if (connections_.contains(id)) feed(FromServer{id, message, 100});
        });
    }

    void perform(ClientAction const& action) {
        std::visit([this](auto const& one) { on(one); }, action);
    }
    void on(Open const& action) {
        ++tries;
        connections_[action.connection] = {action.endpoint, false};
        auto const found = servers.find(action.endpoint);
        auto const trip = found == servers.end() ? Duration{10ms} : found->second.round_trip;
        later(trip, [this, id = action.connection, to = action.endpoint] {
            if (!connections_.contains(id)) return;
            auto const server = servers.find(to);
            if (server == servers.end() || !server->second.up) {
                connections_.erase(id);
                return feed(Closed{id, "Connection refused."});
            }
            ++server->second.opened;
            connections_[id].open = true;
            feed(Opened{id});
        });
    }
    void on(Close const& action) { connections_.erase(action.connection); }
    void on(ToServer const& action) {
        auto const connection = connections_.find(action.connection);
        if (connection == connections_.end()) return;
        auto& server = servers.at(connection->second.to);
        if (auto const* const search = std::get_if<Search>(&action.message))
            feed(SentBytes{action.connection, search->request, 50});
        if (server.silent || !server.up) return;
        std::visit([&](auto const& message) { receive(server, action.connection, message); }, action.message);
    }
    void receive(ScriptedServer& server, ConnectionId id, SignIn const& message) {
        ++server.sign_ins;
        server.push_needed = message.push_needed;
        if (server.refuses) return answer(id, server.round_trip, Refused{*server.refuses, "No, says the script.", 0});
        Welcome welcome;
        welcome.server = server.id;
        welcome.held = server.held;
        welcome.digest = server.digest;
        if (server.wrong_digests) ++welcome.digest.low;
        welcome.lease_ms = 60'000;
        welcome.members = members();
        answer(id, server.round_trip, welcome);
    }
    void receive(ScriptedServer& server, ConnectionId id, Publish const& message) {
        ++server.changes;
        if (server.never_acknowledges) return;
        auto const& change = message.change;
        bool const fits = change.reset ? server.held < change.to : server.held == change.from;
        if (!fits || server.always_behind) return answer(id, server.round_trip, Behind{server.held, server.digest});
        for (auto& [endpoint, one] : servers) {
            one.held = change.to;
            one.digest = ListScript::digest_of(change.to);
        }
        auto digest = server.digest;
        if (server.wrong_digests) ++digest.low;
        answer(id, server.round_trip,
               Published{change.to, digest, static_cast<std::uint16_t>(servers.size()),
                         static_cast<std::uint16_t>(servers.size())});
    }
    void receive(ScriptedServer& server, ConnectionId id, Search const& message) {
        ++server.searches;
        if (server.slow_searches) return;
        if (server.refuses_searches)
            return answer(id, server.round_trip, Refused{*server.refuses_searches, "Not now.", message.request});
        Found found;
        found.request = message.request;
        answer(id, server.round_trip, found);
    }
    void receive(ScriptedServer& server, ConnectionId id, Ping const& message) {
        answer(id, server.round_trip, Pong{message.nonce, server.load, members()});
    }
    void receive(ScriptedServer&, ConnectionId, SignOut const&) { signs_out = true; }
    void on(ReadChange const& action) {
        later(1ms, [this, action] { feed(publisher.read(action)); });
    }
    void on(SearchAnswered const& action) {
        ++outcomes;
        answered[action.search] = action;
    }
    void on(SearchFailed const& action) {
        ++outcomes;
        failed[action.search] = action;
    }
    void on(ServersChanged const&) { ++saved; }
    void on(ClientStateChanged const&) {}

    ClientCore core_;
    ClientActions actions_;
    std::map<ConnectionId, Connection> connections_;
    std::map<std::pair<Instant, std::uint64_t>, std::function<void()>> calendar_;
    std::uint64_t sequence_ = 0;
};

}  // namespace praline::index::client::test
