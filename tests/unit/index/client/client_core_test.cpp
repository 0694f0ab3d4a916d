#include <catch2/catch.hpp>

#include "unit/index/client/scripted_group.hpp"

namespace client_core_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::client;
using namespace praline::index::client::test;

TEST_CASE("a node signs in to the nearest of its servers and keeps another at its side") {
    ScriptedGroup group{3};
    group.servers[server_at(1)].round_trip = 80ms;
    group.servers[server_at(2)].round_trip = 10ms;
    group.start(3);
    group.run_for(3s);
    REQUIRE(group.home() == server_at(2));
    REQUIRE(group.state().stand_by);
    REQUIRE(group.open_connections() == 2);
    REQUIRE(group.sign_ins() == 1);
    REQUIRE(group.state().problem.empty());
}

TEST_CASE("a server that is near but full is as good as far away") {
    ScriptedGroup group{2};
    group.servers[server_at(1)].round_trip = 20ms;
    group.servers[server_at(1)].load = 255;
    group.servers[server_at(2)].round_trip = 40ms;
    group.start(2);
    group.run_for(3s);
    REQUIRE(group.home() == server_at(2));
}

TEST_CASE("servers that only others know are learnt and stand by") {
    ScriptedGroup group{3};
    group.start(1);
    group.run_for(5s);
    REQUIRE(group.state().servers.size() == 3);
    REQUIRE(group.state().stand_by);
    REQUIRE(group.saved > 0);
}

TEST_CASE("addresses that mean nothing here are not learnt") {
    ScriptedGroup group{1};
    group.start(1);
    group.run_for(1s);
    group.say(server_at(1), Leaving{{{ServerId{8}, 1, {0x7F000001, 7000}, 0},
                                     {ServerId{9}, 1, {0, 7000}, 0},
                                     {ServerId{10}, 1, {0x0A000009, 0}, 0}}});
    REQUIRE(group.state().servers.size() == 1);
}

TEST_CASE("one server under two addresses does not stand by for itself") {
    ScriptedGroup group{2};
    group.servers[server_at(2)].id = ServerId{1};
    group.start(2);
    group.run_for(10s);
    REQUIRE(group.home());
    REQUIRE_FALSE(group.state().stand_by);
}

TEST_CASE("a search is answered and its cost counted") {
    ScriptedGroup group{2};
    group.start(2);
    group.run_for(2s);
    group.feed(SearchWanted{7, words("linux")});
    group.run_for(1s);
    REQUIRE(group.answered.contains(7));
    auto const& answer = group.answered.at(7);
    REQUIRE(answer.cost.messages == 2);
    REQUIRE(answer.cost.bytes == 150);
    REQUIRE(answer.cost.took == Duration{20ms});
    REQUIRE(answer.server == group.state().signed_in->id);
}

TEST_CASE("a search that is wanted before a server is there waits for it") {
    ScriptedGroup group{1};
    group.start(1);
    group.feed(SearchWanted{1, words("early")});
    group.run_for(1s);
    REQUIRE(group.answered.contains(1));
}

TEST_CASE("a server that dies in the middle of searches leaves all of them to the stand-by, at once") {
    ScriptedGroup group{3};
    group.start(3);
    group.run_for(3s);
    auto const home = *group.home();
    group.servers[home].round_trip = 1s;  // so that answers are under way when it dies
    for (std::uint32_t search = 1; search <= 100; ++search) group.feed(SearchWanted{search, words("x")});
    group.run_for(50ms);
    REQUIRE(group.answered.empty());
    group.kill(home);
    group.run_for(25ms);  // one round trip to the other
    REQUIRE(group.answered.size() == 100);
    REQUIRE(group.failed.empty());
    group.run_for(1s);
    REQUIRE(group.home());
    REQUIRE(group.home() != home);
    REQUIRE(group.state().fail_overs == 1);
    REQUIRE(group.outcomes == 100);
}

TEST_CASE("a server that falls silent is left, and searches meanwhile are answered by the stand-by") {
    ScriptedGroup group{2};
    group.start(2);
    group.run_for(3s);
    auto const home = *group.home();
    group.servers[home].silent = true;
    group.feed(SearchWanted{1, words("x")});
    group.run_for(300ms);  // hedge_after and a round trip
    REQUIRE(group.answered.contains(1));
    REQUIRE(group.answered.at(1).cost.messages == 3);
    group.run_for(10s);
    REQUIRE(group.home());
    REQUIRE(group.home() != home);
}

TEST_CASE("an answer that comes twice is given once") {
    ScriptedGroup group{2};
    group.start(2);
    group.run_for(3s);
    group.servers[*group.home()].round_trip = 400ms;
    group.feed(SearchWanted{1, words("x")});
    group.run_for(2s);
    REQUIRE(group.answered.at(1).cost.messages == 3);
    REQUIRE(group.outcomes == 1);
}

TEST_CASE("a server that leaves is left without a search lost, and without the list being taken away") {
    ScriptedGroup group{2};
    group.start(2);
    group.run_for(3s);
    auto const home = *group.home();
    group.feed(SearchWanted{1, words("x")});
    group.say(home, Leaving{group.members()});
    group.run_for(1s);
    REQUIRE(group.home());
    REQUIRE(group.home() != home);
    REQUIRE(group.answered.contains(1));
    REQUIRE_FALSE(group.signs_out);
}

TEST_CASE("the only server is used until it has left") {
    ScriptedGroup group{1};
    group.start(1);
    group.run_for(3s);
    group.say(server_at(1), Leaving{group.members()});
    group.feed(SearchWanted{1, words("x")});
    group.run_for(1s);
    REQUIRE(group.answered.contains(1));
}

TEST_CASE("a search that one server refuses is put to the other, and fails with its words when both do") {
    ScriptedGroup group{2};
    group.start(2);
    group.run_for(3s);
    group.servers[*group.home()].refuses_searches = RefusalReason::too_fast;
    group.feed(SearchWanted{1, words("x")});
    group.run_for(1s);
    REQUIRE(group.answered.at(1).cost.messages == 4);
    for (auto& [endpoint, server] : group.servers) server.refuses_searches = RefusalReason::busy;
    group.feed(SearchWanted{2, words("x")});
    group.run_for(1s);
    REQUIRE(group.failed.at(2).sentence == "Not now.");
}

TEST_CASE("a full server sends the node to another") {
    ScriptedGroup group{2};
    group.servers[server_at(1)].round_trip = 5ms;
    group.servers[server_at(1)].refuses = RefusalReason::busy;
    group.start(2);
    group.run_for(5s);
    REQUIRE(group.home() == server_at(2));
}

TEST_CASE("with all servers dead each search fails with a sentence, and all is well when they are back") {
    ScriptedGroup group{3};
    group.start(3);
    group.run_for(3s);
    for (std::uint8_t i = 1; i <= 3; ++i) group.kill(server_at(i));
    group.feed(SearchWanted{1, words("x")});
    group.run_for(ClientOptions{}.link_within + 100ms);
    REQUIRE(group.failed.contains(1));
    REQUIRE(group.failed.at(1).sentence.find("can be reached") != std::string::npos);
    group.run_for(30s);
    group.feed(SearchWanted{2, words("x")});
    group.run_for(6s);
    REQUIRE(group.failed.contains(2));
    REQUIRE(group.state().problem.find("No index server can be reached") == 0);
    group.run_for(10min);
    std::size_t opened = 0;
    for (auto& [endpoint, server] : group.servers) {
        server.up = true;
        opened += server.opened;
    }
    group.feed(SearchWanted{3, words("x")});  // does not wait for a retry that is a minute away
    group.run_for(1s);
    REQUIRE(group.answered.contains(3));
    REQUIRE(group.home());
    REQUIRE(opened <= 9);
}

TEST_CASE("a search that is made while the only server is restarted waits for it") {
    for (auto const away : {10ms, 300ms, 900ms}) {
        ScriptedGroup group{1};
        group.start(1);
        group.run_for(10s);
        group.kill(server_at(1));
        group.run_for(5ms);
        group.feed(SearchWanted{1, words("x")});
        group.run_for(away);
        REQUIRE(group.outcomes == 0);
        group.servers[server_at(1)].up = true;
        group.run_for(ClientOptions{}.link_retry_every + 60ms);
        REQUIRE(group.answered.contains(1));
        REQUIRE(group.home());
    }
}

TEST_CASE("searches that were under way when the only server was killed are put to it again when it is back") {
    ScriptedGroup group{1};
    group.start(1);
    group.run_for(10s);
    group.servers[server_at(1)].slow_searches = true;
    for (std::uint32_t search = 1; search <= 100; ++search) group.feed(SearchWanted{search, words("x")});
    group.run_for(3s);
    group.kill(server_at(1));
    group.run_for(700ms);
    REQUIRE(group.outcomes == 0);
    group.servers[server_at(1)].up = true;
    group.servers[server_at(1)].slow_searches = false;
    group.run_for(300ms);
    REQUIRE(group.answered.size() == 100);
    REQUIRE(group.outcomes == 100);
}

TEST_CASE(
    "a search waits for a server that does not come back no longer than it may, and not at all when it has been away "
    "for long") {
    ScriptedGroup group{1};
    group.start(1);
    group.run_for(10s);
    group.kill(server_at(1));
    group.run_for(50ms);
    group.feed(SearchWanted{1, words("x")});
    group.run_for(ClientOptions{}.link_within + 100ms);
    REQUIRE(group.failed.at(1).sentence.find("can be reached") != std::string::npos);
    REQUIRE(group.failed.at(1).cost.took >= ClientOptions{}.link_within);
    group.run_for(ClientOptions{}.gone_after);
    group.feed(SearchWanted{2, words("x")});
    group.run_for(100ms);
    REQUIRE(group.failed.at(2).sentence.find("can be reached") != std::string::npos);
}

TEST_CASE(
    "searches that wait do not put off the next regular try, and a server that is away is not tried more often than "
    "that") {
    ScriptedGroup group{1};
    group.start(1);
    group.run_for(10s);
    group.kill(server_at(1));
    auto const before = group.tries;
    std::uint32_t search = 0;
    for (int i = 0; i < 50; ++i) {
        group.feed(SearchWanted{++search, words("x")});
        group.run_for(100ms);
    }
    REQUIRE(group.tries - before >= 10);
    REQUIRE(group.tries - before <= 30);
    group.servers[server_at(1)].up = true;
    group.run_for(10s);
    REQUIRE(group.home());
}

TEST_CASE("with no server known a search says what to do") {
    ScriptedGroup group{0};
    group.start(0);
    group.feed(SearchWanted{1, words("x")});
    group.run_for(10s);
    REQUIRE(group.failed.at(1).cost.took <= Duration{5s});
    group.feed(SearchWanted{2, words("x")});
    REQUIRE(group.failed.at(2).sentence.find("--index HOST:PORT") != std::string::npos);
    group.servers[server_at(1)] = {};
    group.feed(ServerLearnt{server_at(1), true});
    group.run_for(1s);
    group.feed(SearchWanted{3, words("x")});
    group.run_for(1s);
    REQUIRE(group.answered.contains(3));
}

TEST_CASE("more searches than may be under way are refused, and a dropped one is not answered") {
    ClientOptions options;
    options.searches_max = 4;
    ScriptedGroup group{1, options};
    group.start(1);
    group.run_for(2s);
    for (std::uint32_t search = 1; search <= 5; ++search) group.feed(SearchWanted{search, words("x")});
    REQUIRE(group.failed.contains(5));
    group.feed(SearchDropped{1});
    group.run_for(1s);
    REQUIRE(group.answered.size() == 3);
    REQUIRE(group.outcomes == 4);
}

TEST_CASE("load that shifts moves a node once, and noise does not move it") {
    ScriptedGroup group{3};
    for (auto& [endpoint, server] : group.servers) server.round_trip = 20ms;
    group.start(3);
    group.run_for(5s);
    auto const home = *group.home();
    group.run_for(120s);
    REQUIRE(group.home() == home);
    group.servers[home].load = 200;
    group.run_for(60s);
    auto const second = *group.home();
    REQUIRE(second != home);
    REQUIRE(group.sign_ins() == 2);
    // What came with us makes the new one slower, by less than is worth a move back.
    for (auto& [endpoint, server] : group.servers) server.load = 30;
    group.servers[second].load = 40;
    Rng rng{5};
    for (int i = 0; i < 600; ++i) {
        for (auto& [endpoint, server] : group.servers)
            server.round_trip = Duration{15'000 + static_cast<int>(rng.below(10'000))};
        group.run_for(1s);
    }
    REQUIRE(group.home() == second);
    REQUIRE(group.sign_ins() == 2);
    REQUIRE(group.state().fail_overs == 0);
}

TEST_CASE("a server that is busy for a moment is not left for that") {
    ScriptedGroup group{2};
    group.start(2);
    group.run_for(60s);
    auto const home = *group.home();
    for (int i = 0; i < 20; ++i) {
        group.servers[home].load = 200;
        group.run_for(12s);  // two looks fall into it at most
        group.servers[home].load = 0;
        group.run_for(15s);
    }
    REQUIRE(group.sign_ins() == 1);
}

TEST_CASE("a third server that has become the nearest is found by looking round") {
    ScriptedGroup group{3};
    group.servers[server_at(3)].round_trip = 200ms;
    group.start(3);
    group.run_for(5s);
    REQUIRE(group.home() != server_at(3));
    group.servers[server_at(3)].round_trip = 1ms;
    group.run_for(5min);
    REQUIRE(group.home() == server_at(3));
    REQUIRE(group.sign_ins() == 2);
}

TEST_CASE("stopping closes all without taking the list away, and answers every search") {
    ScriptedGroup group{2};
    group.start(2);
    group.run_for(2s);
    group.feed(SearchWanted{1, words("x")});
    group.feed(StopWanted{});
    REQUIRE(group.failed.contains(1));
    REQUIRE(group.open_connections() == 0);
    REQUIRE_FALSE(group.signs_out);
    REQUIRE_FALSE(group.next_deadline());
}

}  // namespace client_core_test
