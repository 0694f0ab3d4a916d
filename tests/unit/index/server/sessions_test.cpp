#include "index/server/sessions.hpp"

#include <catch2/catch.hpp>

#include "unit/index/server/fake_host.hpp"

namespace sessions_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::server;
using namespace std::chrono_literals;

TEST_CASE("who signs in is welcomed when the replica has its claim, at the address that was seen") {
    Hall hall;
    auto const node = hall.open(key(1), 0x0A000001);
    hall.say(node, SignIn{protocol_version, "Praline/1", 6346, true, Guid{}, Version{2, 5}});
    auto const& opened = std::get<replica::SessionOpened>(hall.host.told.at(0));
    REQUIRE(opened.publisher.transfer == Endpoint{0x0A000001, 6346});
    REQUIRE(opened.publisher.id == key(1));
    REQUIRE(opened.own == Version{2, 5});
    REQUIRE(hall.host.last<Welcome>(node) == nullptr);
    hall.ready(1, {2, 4});
    auto const* const welcome = hall.host.last<Welcome>(node);
    REQUIRE(welcome != nullptr);
    REQUIRE(welcome->held == Version{2, 4});
    REQUIRE(welcome->lease_ms == 60'000);
    REQUIRE(hall.sessions.publishers() == 1);
}

TEST_CASE("a change goes to the replica and comes back as published") {
    Hall hall;
    auto const node = hall.publisher(1);
    hall.say(node, Publish{change(1, 0)});
    REQUIRE(std::get<replica::PublishWanted>(hall.host.told.back()).change == change(1, 0));
    hall.now += 3ms;
    hall.sessions.on(replica::Replicated{key(1), {1, 1}, {}, 3, 3}, hall.now);
    REQUIRE(hall.host.last<Published>(node)->replicas == 3);
    REQUIRE(hall.host.writes == std::vector<Duration>{3ms});
}

TEST_CASE("a change that does not fit is answered with what is held, and those after it are forgotten") {
    ServerLimits limits;
    limits.changes_under_way_max = 1;
    Hall hall{limits};
    auto const node = hall.publisher(1);
    hall.say(node, Publish{change(1, 3)});
    hall.say(node, Publish{change(1, 4)});
    replica::ChangeRefused refused{key(1), {}, false};
    refused.held.version = {1, 2};
    hall.sessions.on(refused, hall.now);
    REQUIRE(hall.host.last<Behind>(node)->held == Version{1, 2});
    REQUIRE(hall.host.told_of<replica::PublishWanted>() == 1);
    hall.say(node, Publish{change(1, 2)});
    REQUIRE(hall.host.told_of<replica::PublishWanted>() == 2);
}

TEST_CASE("one key at two connections: the later one stays, the earlier is told") {
    Hall hall;
    auto const first = hall.publisher(1);
    auto const second = hall.open(key(1));
    hall.say(second, SignIn{});
    REQUIRE_FALSE(hall.refusal(first, RefusalReason::signed_in_elsewhere).empty());
    REQUIRE(hall.host.has_closed(first));
    REQUIRE_FALSE(hall.host.has_closed(second));
    REQUIRE(hall.sessions.publishers() == 1);
    hall.sessions.closed(first);
    REQUIRE(hall.sessions.publishers() == 1);
}

TEST_CASE("a session that another server takes over is told and closed") {
    Hall hall;
    auto const node = hall.publisher(1);
    hall.sessions.on(replica::SessionLost{key(1)});
    REQUIRE_FALSE(hall.refusal(node, RefusalReason::signed_in_elsewhere).empty());
    REQUIRE(hall.host.has_closed(node));
}

TEST_CASE("signing out takes the list away, a broken connection does not") {
    Hall hall;
    auto const polite = hall.publisher(1);
    hall.say(polite, SignOut{});
    REQUIRE(hall.host.told_of<replica::SessionEnded>() == 1);
    auto const broken = hall.publisher(2);
    hall.sessions.closed(broken);
    REQUIRE(hall.host.told_of<replica::SessionEnded>() == 1);
    REQUIRE(std::get<replica::SessionClosed>(hall.host.told.back()).publisher == key(2));
    REQUIRE(hall.sessions.publishers() == 0);
}

TEST_CASE("a ping is answered with load and members") {
    Hall hall;
    auto const node = hall.open(std::nullopt);
    hall.say(node, Ping{77});
    REQUIRE(hall.host.last<Pong>(node)->nonce == 77);
    REQUIRE(hall.host.last<Pong>(node)->load == 7);
    REQUIRE(hall.host.last<Pong>(node)->members == hall.host.group);
}

TEST_CASE("who never speaks is closed soon, who falls silent after a lease") {
    Hall hall;
    auto const mute = hall.open(key(1));
    auto const node = hall.publisher(2);
    hall.now += hall.limits.sign_in_within;
    hall.sessions.tick(hall.now);
    REQUIRE(hall.host.has_closed(mute));
    REQUIRE_FALSE(hall.host.has_closed(node));
    hall.say(node, Ping{1});
    hall.now += 60s - 1ms;
    hall.sessions.tick(hall.now);
    REQUIRE_FALSE(hall.host.has_closed(node));
    REQUIRE(hall.sessions.next_deadline() == hall.now + 1ms);
    hall.now += 1ms;
    hall.sessions.tick(hall.now);
    REQUIRE(hall.host.has_closed(node));
    REQUIRE(hall.host.told_of<replica::SessionClosed>() == 1);
    REQUIRE_FALSE(hall.sessions.next_deadline());
}

TEST_CASE("a server that leaves tells its nodes and takes no new ones, but answers searches still") {
    Hall hall;
    auto const node = hall.publisher(1);
    hall.sessions.drain();
    REQUIRE(hall.host.last<Leaving>(node) != nullptr);
    auto const late = hall.open(key(2));
    hall.say(late, SignIn{});
    REQUIRE_FALSE(hall.refusal(late, RefusalReason::leaving).empty());
    Query query;
    query.words = "song";
    hall.say(node, Search{1, query});
    REQUIRE(hall.host.searched.size() == 1);
}

}  // namespace sessions_test
