#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "index/server/sessions.hpp"

/// A server that does nothing but remember, for tests of sessions.
namespace praline::index::server {

inline Instant at(Duration since_start) { return Instant{} + std::chrono::hours{1} + since_start; }

inline PublisherId key(std::uint8_t number) {
    PublisherId id;
    id.bytes[0] = number;
    return id;
}

inline Change change(std::uint32_t era, std::uint64_t from, std::uint64_t bytes = 1000) {
    Entry entry;
    entry.sha1.bytes[0] = static_cast<std::uint8_t>(from);
    entry.size_bytes = bytes;
    entry.name = "a song.ogg";
    return {{era, from}, {era, from + 1}, false, {}, {entry}};
}

struct FakeHost : SessionHost {
    void send(SessionId to, ToNode const& message) override { sent.emplace_back(to, message); }
    void close(SessionId session) override { closed.push_back(session); }
    void tell_replica(replica::Event event) override { told.push_back(std::move(event)); }
    bool search(SessionId, AddressPrefix, std::uint32_t request, Query const&) override {
        if (searches_full) return false;
        searched.push_back(request);
        return true;
    }
    bool has_room_for(PublisherId const&) const override { return room; }
    EntryLedger const& ledger() const override { return listed; }
    std::uint64_t disk_bytes() const override { return disk_used; }
    std::vector<Member> const& members() const override { return group; }
    std::uint8_t load() const override { return 7; }
    std::string trouble() const override { return disk; }
    void wrote(Duration took) override { writes.push_back(took); }

    /// The last thing said to a session, if it was of that kind.
    template <class Message>
    [[nodiscard]] Message const* last(SessionId to) const {
        for (auto one = sent.rbegin(); one != sent.rend(); ++one)
            if (one->first == to) return std::get_if<Message>(&one->second);
        return nullptr;
    }
    template <class Kind>
    [[nodiscard]] std::size_t told_of() const {
        std::size_t count = 0;
        for (auto const& event : told) count += std::holds_alternative<Kind>(event) ? 1 : 0;
        return count;
    }
    [[nodiscard]] bool has_closed(SessionId session) const {
        return std::find(closed.begin(), closed.end(), session) != closed.end();
    }

    std::vector<std::pair<SessionId, ToNode>> sent;
    std::vector<SessionId> closed;
    std::vector<replica::Event> told;
    std::vector<std::uint32_t> searched;
    std::vector<Duration> writes;
    std::vector<Member> group{Member{ServerId{1}, 1, Endpoint{0x7F000001, 4000}, 0}};
    EntryLedger listed;
    std::uint64_t disk_used = 0;
    std::string disk;
    bool room = true, searches_full = false;
};

/// Sessions with their host, and shortcuts for what nodes do.
struct SessionsFixture {
    explicit SessionsFixture(ServerLimits the_limits = {})
        : limits{the_limits}, sessions{limits, SessionTerms{ServerId{1}, std::chrono::seconds{60}}, host} {}

    SessionId open(std::optional<PublisherId> id, std::uint32_t address = 0x7F000001) {
        SessionId const session{next++};
        sessions.opened(session, id, Endpoint{address, 50000}, now);
        return session;
    }
    void say(SessionId session, FromNode message, std::size_t bytes = 100) {
        sessions.arrived(session, std::move(message), bytes, now);
    }
    /// Signed in and welcomed.
    SessionId publisher(std::uint8_t number, std::uint32_t address = 0x7F000001) {
        auto const session = open(key(number), address);
        say(session, SignIn{});
        ready(number);
        return session;
    }
    void ready(std::uint8_t number, Version held = {}) {
        Record record;
        record.publisher.id = key(number);
        record.version = held;
        sessions.on(replica::SessionReady{key(number), record}, now);
    }
    [[nodiscard]] std::string refusal(SessionId session, RefusalReason reason) const {
        auto const* const refused = host.last<Refused>(session);
        return refused != nullptr && refused->reason == reason ? refused->sentence : "";
    }

    ServerLimits limits;
    FakeHost host;
    Sessions sessions;
    Instant now = at({});
    std::uint64_t next = 1;
};

}  // namespace praline::index::server
