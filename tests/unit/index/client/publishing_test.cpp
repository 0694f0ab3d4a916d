#include <catch2/catch.hpp>

#include "unit/index/client/scripted_group.hpp"

namespace publishing_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::client;
using namespace praline::index::client::test;

TEST_CASE("what is shared is published from where the server is to the end") {
    ScriptedGroup group{3};
    group.publisher.own = {1, 30};
    for (auto& [endpoint, server] : group.servers) {
        server.held = {1, 10};
        server.digest = ListScript::digest_of(server.held);
    }
    group.start(3);
    group.run_for(5s);
    REQUIRE(group.servers[server_at(1)].held == Version{1, 30});
    REQUIRE(group.state().held == Version{1, 30});
    REQUIRE(group.state().replicated == Version{1, 30});
    REQUIRE(group.state().replicas == 3);
    REQUIRE(group.publisher.resets == 0);
    group.publisher.own.number = 31;
    group.feed(ListChanged{group.publisher.own});
    group.run_for(1s);
    REQUIRE(group.state().held == Version{1, 31});
}

TEST_CASE("changes go out no faster than a server allows, on the average") {
    ClientOptions options;
    options.changes_per_second = 40;
    ScriptedGroup group{1, options};
    group.servers[server_at(1)].round_trip = 1ms;
    group.publisher.own = {1, 2000};
    group.servers[server_at(1)].held = {1, 0};
    group.servers[server_at(1)].digest = ListScript::digest_of({1, 0});
    group.start(1);
    group.run_for(20s);
    auto const sent = group.servers[server_at(1)].changes;
    REQUIRE(sent > 800);
    REQUIRE(sent <= 1000);
    group.run_for(30s);
    REQUIRE(group.state().held == Version{1, 2000});
}

TEST_CASE("a list that the server has otherwise begins a new era") {
    ScriptedGroup group{1};
    group.publisher.own = {1, 5};
    group.servers[server_at(1)].held = {4, 77};
    group.start(1);
    group.run_for(3s);
    REQUIRE(group.servers[server_at(1)].held.era == 5);
    REQUIRE(group.publisher.resets == 1);
    REQUIRE(group.state().held.era == 5);
}

TEST_CASE("a digest that differs begins a new era, and a server that always differs is left alone") {
    ScriptedGroup group{1};
    group.publisher.own = {1, 5};
    group.servers[server_at(1)].held = {1, 1};
    group.servers[server_at(1)].digest = ListScript::digest_of({1, 1});
    group.servers[server_at(1)].wrong_digests = true;
    group.start(1);
    group.run_for(10min);
    REQUIRE(group.publisher.resets >= 1);
    REQUIRE(group.servers[server_at(1)].changes < 400);
    REQUIRE_FALSE(group.state().problem.empty());
    group.servers[server_at(1)].wrong_digests = false;
    group.run_for(1h);
    REQUIRE(group.state().signed_in);
    REQUIRE(group.state().problem.empty());
}

TEST_CASE("a server that always sends back is not flooded") {
    ScriptedGroup group{1};
    group.publisher.own = {1, 500};
    group.servers[server_at(1)].held = {1, 1};
    group.servers[server_at(1)].digest = ListScript::digest_of({1, 1});
    group.servers[server_at(1)].always_behind = true;
    group.start(1);
    group.run_for(10min);
    REQUIRE(group.servers[server_at(1)].changes < 400);
    group.feed(SearchWanted{1, words("x")});
    group.run_for(1s);
    REQUIRE(group.answered.contains(1));
}

TEST_CASE("a server lost in the middle of publishing: the next goes on from what it has") {
    ScriptedGroup group{2};
    group.publisher.own = {1, 100};
    for (auto& [endpoint, server] : group.servers) {
        server.held = {1, 0};
        server.digest = ListScript::digest_of({1, 0});
    }
    group.start(2);
    group.run_for(700ms);
    auto const home = *group.home();
    auto const other = home == server_at(1) ? server_at(2) : server_at(1);
    REQUIRE(group.servers[home].held.number < 100);
    group.servers[other].held.number -= 3;  // what was on its way to it is lost
    group.servers[other].digest = ListScript::digest_of(group.servers[other].held);
    group.kill(home);
    group.run_for(5s);
    REQUIRE(group.servers[other].held == Version{1, 100});
    REQUIRE(group.publisher.resets == 0);
}

TEST_CASE("the same key in two nodes: neither fights, and the problem is said") {
    ScriptedGroup group{1};
    group.publisher.own = {1, 3};
    group.servers[server_at(1)].refuses = RefusalReason::signed_in_elsewhere;
    group.start(1);
    group.run_for(1h);
    REQUIRE(group.sign_ins() <= 10);
    REQUIRE(group.state().problem.find("Another node is signed in") == 0);
    group.feed(SearchWanted{1, words("x")});  // asking needs no signing in
    group.run_for(1s);
    REQUIRE(group.answered.contains(1));
    group.servers[server_at(1)].refuses.reset();
    group.run_for(1h);
    REQUIRE(group.state().problem.empty());
    REQUIRE(group.state().held == group.publisher.own);
}

TEST_CASE("two nodes of one key that throw each other out change places a few times an hour at most") {
    ScriptedGroup group{1};
    group.start(1);
    group.run_for(3s);
    std::size_t thrown_out = 0;
    for (int second = 0; second < 4 * 3600; ++second) {
        group.run_for(1s);
        if (group.home() && second % 5 == 0) {
            group.say(server_at(1), Refused{RefusalReason::signed_in_elsewhere, "Signed in elsewhere.", 0});
            ++thrown_out;
        }
    }
    REQUIRE(thrown_out < 20);
}

TEST_CASE("a change that nobody acknowledges leads to another server") {
    ScriptedGroup group{2};
    group.start(2);
    group.run_for(3s);
    auto const home = *group.home();
    group.publisher.own = {1, 1};
    group.feed(ListChanged{group.publisher.own});
    group.servers[home].never_acknowledges = true;
    group.run_for(2min);
    REQUIRE(group.home());
    REQUIRE(group.home() != home);
}

TEST_CASE("a node that cannot be reached any more signs in anew, loses no search and publishes nothing again") {
    for (std::size_t const count : {1, 2}) {
        INFO("servers " << count);
        ScriptedGroup group{count};
        group.publisher.own = {1, 3};
        for (auto& [endpoint, server] : group.servers) {
            server.held = {1, 3};
            server.digest = ListScript::digest_of(server.held);
        }
        group.start(count);
        group.run_for(5s);
        REQUIRE(group.sign_ins() == 1);
        auto const reads = group.publisher.reads;
        auto const fail_overs = group.state().fail_overs;
        group.feed(SearchWanted{1, words("x")});
        group.feed(PushNeededChanged{true});
        group.run_for(5s);
        REQUIRE(group.home());
        REQUIRE(group.servers.at(*group.home()).push_needed);
        REQUIRE(group.sign_ins() == 2);
        REQUIRE(group.answered.contains(1));
        REQUIRE(group.publisher.reads <= reads + 1);  // which finds nothing to tell
        REQUIRE(group.publisher.resets == 0);
        REQUIRE_FALSE(group.signs_out);
        REQUIRE(group.state().fail_overs == fail_overs);
        REQUIRE(group.state().problem.empty());
        group.feed(PushNeededChanged{true});
        group.run_for(5s);
        REQUIRE(group.sign_ins() == 2);  // nothing has changed
    }
}

}  // namespace publishing_test
