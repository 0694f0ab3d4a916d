#include "index/server/sessions.hpp"

#include <catch2/catch.hpp>

#include "unit/index/server/fake_host.hpp"

namespace sessions_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::server;
using namespace std::chrono_literals;

TEST_CASE("who signs in is welcomed when the replica has its claim, at the address that was seen") {
    SessionsFixture fixture;
    auto const node = fixture.open(key(1), 0x0A000001);
    fixture.say(node, SignIn{protocol_version, "Praline/1", 6346, true, Guid{}, Version{2, 5}});
    auto const& opened = std::get<replica::SessionOpened>(fixture.host.told.at(0));
    REQUIRE(opened.publisher.transfer == Endpoint{0x0A000001, 6346});
    REQUIRE(opened.publisher.id == key(1));
    REQUIRE(opened.own == Version{2, 5});
    REQUIRE(fixture.host.last<Welcome>(node) == nullptr);
    fixture.ready(1, {2, 4});
    auto const* const welcome = fixture.host.last<Welcome>(node);
    REQUIRE(welcome != nullptr);
    REQUIRE(welcome->held == Version{2, 4});
    REQUIRE(welcome->lease_ms == 60'000);
    REQUIRE(fixture.sessions.publishers() == 1);
}

TEST_CASE("a change goes to the replica and comes back as published") {
    SessionsFixture fixture;
    auto const node = fixture.publisher(1);
    fixture.say(node, Publish{change(1, 0)});
    REQUIRE(std::get<replica::PublishWanted>(fixture.host.told.back()).change == change(1, 0));
    fixture.now += 3ms;
    fixture.sessions.on(replica::Replicated{key(1), {1, 1}, {}, 3, 3}, fixture.now);
    REQUIRE(fixture.host.last<Published>(node)->replicas == 3);
    REQUIRE(fixture.host.writes == std::vector<Duration>{3ms});
}

TEST_CASE("a change that does not fit is answered with what is held, and those after it are forgotten") {
    ServerLimits limits;
    limits.changes_under_way_max = 1;
    SessionsFixture fixture{limits};
    auto const node = fixture.publisher(1);
    fixture.say(node, Publish{change(1, 3)});
    fixture.say(node, Publish{change(1, 4)});
    replica::ChangeRefused refused{key(1), {}, false};
    refused.held.version = {1, 2};
    fixture.sessions.on(refused, fixture.now);
    REQUIRE(fixture.host.last<Behind>(node)->held == Version{1, 2});
    REQUIRE(fixture.host.told_of<replica::PublishWanted>() == 1);
    fixture.say(node, Publish{change(1, 2)});
    REQUIRE(fixture.host.told_of<replica::PublishWanted>() == 2);
}

TEST_CASE("one key at two connections: the later one stays, the earlier is told") {
    SessionsFixture fixture;
    auto const first = fixture.publisher(1);
    auto const second = fixture.open(key(1));
    fixture.say(second, SignIn{});
    REQUIRE_FALSE(fixture.refusal(first, RefusalReason::signed_in_elsewhere).empty());
    REQUIRE(fixture.host.has_closed(first));
    REQUIRE_FALSE(fixture.host.has_closed(second));
    REQUIRE(fixture.sessions.publishers() == 1);
    fixture.sessions.closed(first);
    REQUIRE(fixture.sessions.publishers() == 1);
}

TEST_CASE("a session that another server takes over is told and closed") {
    SessionsFixture fixture;
    auto const node = fixture.publisher(1);
    fixture.sessions.on(replica::SessionLost{key(1)});
    REQUIRE_FALSE(fixture.refusal(node, RefusalReason::signed_in_elsewhere).empty());
    REQUIRE(fixture.host.has_closed(node));
}

TEST_CASE("signing out takes the list away, a broken connection does not") {
    SessionsFixture fixture;
    auto const polite = fixture.publisher(1);
    fixture.say(polite, SignOut{});
    REQUIRE(fixture.host.told_of<replica::SessionEnded>() == 1);
    auto const broken = fixture.publisher(2);
    fixture.sessions.closed(broken);
    REQUIRE(fixture.host.told_of<replica::SessionEnded>() == 1);
    REQUIRE(std::get<replica::SessionClosed>(fixture.host.told.back()).publisher == key(2));
    REQUIRE(fixture.sessions.publishers() == 0);
}

TEST_CASE("a ping is answered with load and members") {
    SessionsFixture fixture;
    auto const node = fixture.open(std::nullopt);
    fixture.say(node, Ping{77});
    REQUIRE(fixture.host.last<Pong>(node)->nonce == 77);
    REQUIRE(fixture.host.last<Pong>(node)->load == 7);
    REQUIRE(fixture.host.last<Pong>(node)->members == fixture.host.group);
}

TEST_CASE("who never speaks is closed soon, who falls silent after a lease") {
    SessionsFixture fixture;
    auto const mute = fixture.open(key(1));
    auto const node = fixture.publisher(2);
    fixture.now += fixture.limits.sign_in_within;
    fixture.sessions.tick(fixture.now);
    REQUIRE(fixture.host.has_closed(mute));
    REQUIRE_FALSE(fixture.host.has_closed(node));
    fixture.say(node, Ping{1});
    fixture.now += 60s - 1ms;
    fixture.sessions.tick(fixture.now);
    REQUIRE_FALSE(fixture.host.has_closed(node));
    REQUIRE(fixture.sessions.next_deadline() == fixture.now + 1ms);
    fixture.now += 1ms;
    fixture.sessions.tick(fixture.now);
    REQUIRE(fixture.host.has_closed(node));
    REQUIRE(fixture.host.told_of<replica::SessionClosed>() == 1);
    REQUIRE_FALSE(fixture.sessions.next_deadline());
}

TEST_CASE("a server that leaves tells its nodes and takes no new ones, but answers searches still") {
    SessionsFixture fixture;
    auto const node = fixture.publisher(1);
    fixture.sessions.drain();
    REQUIRE(fixture.host.last<Leaving>(node) != nullptr);
    auto const late = fixture.open(key(2));
    fixture.say(late, SignIn{});
    REQUIRE_FALSE(fixture.refusal(late, RefusalReason::leaving).empty());
    Query query;
    query.words = "song";
    fixture.say(node, Search{1, query});
    REQUIRE(fixture.host.searched.size() == 1);
}

}  // namespace sessions_test
