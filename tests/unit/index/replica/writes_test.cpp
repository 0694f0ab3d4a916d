#include <catch2/catch.hpp>

#include "unit/index/replica/host.hpp"

namespace writes_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::replica;
using namespace std::chrono_literals;

namespace {

/// Signed in at 50, with 60 and 70 in the group.
Host three(ReplicaOptions options = {}) {
    Host host{50, options};
    host.start();
    host.meet(60);
    host.meet(70);
    host.sign_in(1, {60, 70});
    host.forget();
    return host;
}

void ack(Host& host, std::uint64_t from, std::size_t which, WriteOutcome outcome = WriteOutcome::applied,
         Version held = {}, Claim claim = {}) {
    host.say(from, WriteAck{host.sent<Write>(from).at(which).position, outcome, held, claim});
}

Change const first = change({}, {0, 1}, 1);
Change const second = change({0, 1}, {0, 2}, 2);

}  // namespace

TEST_CASE("a change is replicated when it is here and everybody has acknowledged it") {
    Host host = three();
    host.disk_answers = false;
    host.feed(PublishWanted{publisher_id(1), first});
    REQUIRE(host.did<Apply>().size() == 1);
    REQUIRE(host.sent<Write>(60).empty());
    host.feed(host.disk.apply(host.did<Apply>().at(0)));
    ack(host, 60, 0);
    REQUIRE(host.did<Replicated>().empty());
    ack(host, 70, 0, WriteOutcome::known);
    auto const told = host.did<Replicated>();
    REQUIRE(told.size() == 1);
    REQUIRE(told[0].version == Version{0, 1});
    REQUIRE(told[0].replicas == 3);
    REQUIRE(told[0].members == 3);
}

TEST_CASE("a write costs 2(n-1) messages, and a session 2(n-1) once: the paper's lock for every write costs 5(n-1)") {
    constexpr std::uint64_t servers = 5, writes = 20;
    std::vector<Host> hosts;
    for (std::uint64_t id = 1; id <= servers; ++id) hosts.emplace_back(id);
    for (std::uint64_t id = 1; id <= servers; ++id) {
        hosts[id - 1].start();
        for (std::uint64_t other = 1; other <= servers; ++other)
            if (other != id) hosts[id - 1].meet(other);
        hosts[id - 1].forget();
    }
    auto const carry = [&](std::size_t from, std::size_t done) {
        auto const actions = hosts[from].actions();
        for (std::size_t i = done; i < actions.size(); ++i)
            if (auto const* const send = std::get_if<Send>(&actions[i]))
                hosts[send->envelope.to.value() - 1].say(from + 1, send->message);
        return actions.size();
    };
    std::vector<std::size_t> done(servers, 0);
    auto const settle = [&] {
        for (bool more = true; more;) {
            more = false;
            for (std::size_t i = 0; i < servers; ++i) {
                auto const now = carry(i, done[i]);
                more = more || now != done[i];
                done[i] = now;
            }
        }
    };
    hosts[0].sign_in(1);
    settle();
    for (std::uint64_t number = 0; number < writes; ++number) {
        hosts[0].feed(
            PublishWanted{publisher_id(1), change({0, number}, {0, number + 1}, static_cast<std::uint8_t>(number))});
        settle();
    }
    REQUIRE(hosts[0].did<Replicated>().size() == writes);
    std::uint64_t messages = 0;
    for (Host const& host : hosts) messages += host.core.counters().write_messages;
    REQUIRE(messages == 2 * (servers - 1) * (writes + 1));
    REQUIRE(messages < 5 * (servers - 1) * writes / 2);
    for (Host const& host : hosts) REQUIRE(host.core.digest() == hosts[0].core.digest());
}

TEST_CASE("changes of one publisher are reported in order, though acknowledged in another") {
    Host host = three();
    host.feed(PublishWanted{publisher_id(1), first});
    host.feed(PublishWanted{publisher_id(1), second});
    for (std::uint64_t const server : {60, 70}) ack(host, server, 1);
    REQUIRE(host.did<Replicated>().empty());
    for (std::uint64_t const server : {60, 70}) ack(host, server, 0);
    REQUIRE(host.did<Replicated>().at(0).version == Version{0, 1});
    REQUIRE(host.did<Replicated>().at(1).version == Version{0, 2});
}

TEST_CASE("a change that overtook the one before it is sent again after that one") {
    Host host = three();
    host.feed(PublishWanted{publisher_id(1), first});
    host.feed(PublishWanted{publisher_id(1), second});
    ack(host, 60, 1, WriteOutcome::behind);
    REQUIRE(host.sent<Write>(60).size() == 2);
    ack(host, 60, 0);
    REQUIRE(host.sent<Write>(60).size() == 3);
    REQUIRE(host.sent<Write>(60).at(2) == host.sent<Write>(60).at(1));
    ack(host, 60, 2);
    ack(host, 70, 0);
    ack(host, 70, 1);
    REQUIRE(host.did<Replicated>().at(1).replicas == 3);
}

TEST_CASE("a silent server is waited for no longer than write_within, and a suspected one not at all") {
    Host host = three();
    host.feed(PublishWanted{publisher_id(1), first});
    ack(host, 60, 0);
    host.pass(1900ms, {60, 70});
    REQUIRE(host.did<Replicated>().empty());
    host.pass(200ms, {60, 70});
    REQUIRE(host.did<Replicated>().at(0).replicas == 2);
    REQUIRE(host.core.counters().writes_short == 1);
    REQUIRE(host.core.members(host.now).at(1).acks_missing == 1);
    host.pass(5s, {60});
    host.forget();
    host.feed(PublishWanted{publisher_id(1), second});
    REQUIRE(host.sent<Write>(70).empty());
    ack(host, 60, 0);
    REQUIRE(host.did<Replicated>().size() == 1);
}

TEST_CASE("a change that does not fit is refused with what is held, and goes nowhere") {
    Host host = three();
    host.feed(PublishWanted{publisher_id(1), second});
    REQUIRE(host.did<ChangeRefused>().at(0).held.version == Version{});
    REQUIRE(host.sent<Write>(60).empty());
    host.feed(PublishWanted{publisher_id(2), first});
    REQUIRE(host.did<ChangeRefused>().size() == 2);
    host.feed(PublishWanted{publisher_id(1), change({0, 2}, {0, 1}, 1)});
    host.feed(PublishWanted{publisher_id(1), Change{{}, {UINT32_MAX, 1}, true, {}, {}}});
    REQUIRE(host.did<ChangeRefused>().size() == 4);
    REQUIRE(host.did<Apply>().size() == 1);
}

TEST_CASE("a denied write ends the session") {
    Host host = three();
    host.feed(PublishWanted{publisher_id(1), first});
    ack(host, 60, 0, WriteOutcome::denied, {}, {7, ServerId{70}});
    REQUIRE(host.did<SessionLost>().size() == 1);
    REQUIRE_FALSE(host.core.believes_claim(publisher_id(1)));
    host.feed(PublishWanted{publisher_id(1), second});
    REQUIRE(host.did<ChangeRefused>().size() == 1);
}

TEST_CASE("writes beyond those that may be under way wait, and beyond those that may wait are refused") {
    ReplicaOptions options;
    options.writes_under_way_max = 1;
    Host host = three(options);
    for (std::uint64_t number = 0; number < 70; ++number)
        host.feed(
            PublishWanted{publisher_id(1), change({0, number}, {0, number + 1}, static_cast<std::uint8_t>(number))});
    REQUIRE(host.did<Apply>().size() == 1);
    REQUIRE(host.did<ChangeRefused>().size() == 6);
    for (std::uint64_t const server : {60, 70}) ack(host, server, 0);
    REQUIRE(host.did<Apply>().size() == 2);
}

TEST_CASE("a server applies what fits and says known, behind or denied of the rest") {
    Host host;
    host.start();
    host.meet(60);
    Claim const claim{5, ServerId{60}};
    auto const outcome = [&](Claim under, Change const& what) {
        host.forget();
        host.say(60, Write{1, publisher(1), under, what});
        auto const acks = host.sent<WriteAck>(60);
        return acks.empty() ? WriteOutcome{} : acks.at(0).outcome;
    };
    REQUIRE(outcome(claim, first) == WriteOutcome::applied);
    REQUIRE(outcome(claim, first) == WriteOutcome::known);
    REQUIRE(outcome({4, ServerId{60}}, second) == WriteOutcome::denied);
    REQUIRE(outcome({5, ServerId{70}}, second) == WriteOutcome{});
    REQUIRE(outcome(claim, change({0, 2}, {0, 3}, 3)) == WriteOutcome::behind);
    REQUIRE(host.sent<CopyAsk>(60).size() == 1);
    REQUIRE(outcome({6, ServerId{60}}, second) == WriteOutcome::applied);
    REQUIRE(outcome({6, ServerId{60}}, Change{{0, 9}, {1, 1}, true, {}, {entry(9)}}) == WriteOutcome::applied);
    REQUIRE(host.core.find(publisher_id(1))->version == Version{1, 1});
    REQUIRE(host.core.find(publisher_id(1))->entries == 1);
}

TEST_CASE("a session that moves to another server is lost here with that server's first write") {
    Host host = three();
    host.say(60, Write{1, publisher(1), {9, ServerId{60}}, first});
    REQUIRE(host.did<SessionLost>().size() == 1);
    REQUIRE(host.core.find(publisher_id(1))->claim == Claim{9, ServerId{60}});
}

TEST_CASE("a server that leaves finishes its writes first, takes nobody in and says so to all") {
    Host host = three();
    host.feed(PublishWanted{publisher_id(1), first});
    host.feed(DrainWanted{});
    REQUIRE(host.did<Drained>().empty());
    host.sign_in(2);
    REQUIRE(host.did<SessionLost>().size() == 1);
    ack(host, 60, 0);
    ack(host, 70, 0);
    REQUIRE(host.did<Drained>().size() == 1);
    REQUIRE(host.sent<Leave>(60).size() == 1);
    REQUIRE(host.sent<Leave>(70).size() == 1);
}

TEST_CASE("a server that leaves does not wait for a silent one for ever") {
    Host host = three();
    host.feed(PublishWanted{publisher_id(1), first});
    host.feed(DrainWanted{});
    host.pass(2100ms, {60, 70});
    REQUIRE(host.did<Drained>().size() == 1);
}

}  // namespace writes_test
