#include <algorithm>

#include <catch2/catch.hpp>

#include "unit/index/replica/host.hpp"

namespace graph_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::replica;
using namespace std::chrono_literals;

TEST_CASE("both sides of a link say who they are, and a joining server is told the members") {
    Host host;
    host.start();
    host.meet(60);
    host.forget();
    host.meet(70, 1, true);
    REQUIRE(host.sent<Members>(70).at(0).members.size() == 3);
    REQUIRE(host.sent<Members>(60).size() == 1);
    REQUIRE(host.core.members(host.now).size() == 2);
    auto const greetings = host.sent<Hello>(0);
    REQUIRE(greetings.size() == 1);
    REQUIRE(greetings[0].self.id == ServerId{50});
}

TEST_CASE("another protocol, our own id, a foreign introduction and silence end a link with a sentence") {
    Host host;
    host.start();
    auto const closed_by = [&](Envelope const& envelope, Hello const& hello) {
        static std::uint32_t number = 900;
        LinkId const link{++number};
        host.feed(LinkUp{link, false});
        host.forget();
        host.feed(MessageArrived{link, envelope, hello});
        return host.did<CloseLink>().size() == 1 && !host.did<CloseLink>()[0].why.empty();
    };
    REQUIRE(closed_by({ServerId{60}, {}, 1, false}, greeting(member(60), server_protocol_version + 1)));
    REQUIRE(closed_by({ServerId{50}, {}, 1, false}, greeting(member(50))));
    REQUIRE(closed_by({ServerId{61}, {}, 1, false}, greeting(member(60))));
    REQUIRE_FALSE(closed_by({ServerId{60}, {}, 1, false}, greeting(member(60))));
    host.feed(LinkUp{LinkId{999}, false});
    host.forget();
    host.feed(MessageArrived{LinkId{999}, {ServerId{60}, ServerId{50}, 1, false}, Heartbeat{}});
    REQUIRE(host.did<CloseLink>().size() == 1);
    host.meet(60);
    host.feed(LinkUp{LinkId{1000}, false});
    host.forget();
    host.pass(11s, {60});
    REQUIRE(std::any_of(host.actions().begin(), host.actions().end(), [](Action const& action) {
        auto const* const close = std::get_if<CloseLink>(&action);
        return close != nullptr && close->link == LinkId{1000};
    }));
}

TEST_CASE(
    "a server with another heartbeat, suspicion or lease is turned away with both values, and nobody else notices") {
    Host host;
    host.start();
    host.meet(70);
    Hello const same = greeting(member(60));
    std::uint32_t number = 900;
    for (auto const& [times, flags] : std::vector<std::pair<GroupTimes, std::string>>{
             {{100'000, 4, 60'000'000}, "--beat 0.1 --suspect-after 4 --lease 60,"},
             {{500'000, 5, 60'000'000}, "--beat 0.5 --suspect-after 5 --lease 60,"},
             {{500'000, 4, 7'250'001}, "--beat 0.5 --suspect-after 4 --lease 7.250001,"}}) {
        Hello other = same;
        other.times = times;
        LinkId const link{++number};
        host.feed(LinkUp{link, false});
        host.forget();
        host.feed(MessageArrived{link, {ServerId{60}, {}, 1, false}, other});
        auto const closed = host.did<CloseLink>();
        REQUIRE(closed.size() == 1);
        REQUIRE(closed[0].link == link);
        REQUIRE(closed[0].turned_away);
        REQUIRE_THAT(closed[0].why, Catch::Contains("the other server runs with " + flags));
        REQUIRE_THAT(closed[0].why, Catch::Contains("this one with --beat 0.5 --suspect-after 4 --lease 60. "));
        REQUIRE_THAT(closed[0].why, Catch::Contains("start it with the values of the group"));
        REQUIRE(host.core.members(host.now).size() == 1);
        REQUIRE(host.sent<Members>(70).empty());
    }
    host.feed(LinkUp{LinkId{1000}, false});
    host.feed(MessageArrived{LinkId{1000}, {ServerId{60}, {}, 1, false}, same});
    REQUIRE(host.core.members(host.now).size() == 2);
}

TEST_CASE("a server says its own heartbeat, suspicion and lease, when it greets and when it has become complete") {
    ReplicaOptions options;
    options.heartbeat_every = 250ms;
    options.suspect_after_heartbeats = 6;
    options.lease = 30s;
    GroupTimes const times{250'000, 6, 30'000'000};
    Host host{50, options};
    host.start(member(60).endpoint);
    host.meet(60, 1, false, true);
    REQUIRE(host.sent<Hello>(0).at(0).times == times);
    REQUIRE(host.sent<Hello>(0).at(0).joining);
    for (int heartbeats = 0; heartbeats < 100 && host.sent<Hello>(60).empty(); ++heartbeats) {
        host.forget();
        host.pass(250ms, {60});
        for (Digests const& asked : host.sent<Digests>(60)) host.say(60, Digests{asked.round, asked.nodes});
    }
    REQUIRE(host.sent<Hello>(60).at(0).times == times);
    REQUIRE_FALSE(host.sent<Hello>(60).at(0).joining);
}

TEST_CASE("of two links with one server both sides keep the one that the lower id opened") {
    Host lower{50}, higher{50};
    higher.start();
    higher.meet(40);
    higher.feed(LinkUp{LinkId{500}, true});
    higher.forget();
    higher.feed(MessageArrived{LinkId{500}, {ServerId{40}, {}, 1, false}, greeting(member(40))});
    REQUIRE(higher.did<CloseLink>().at(0).link == LinkId{500});
    lower.start();
    auto const theirs = lower.meet(60);
    lower.feed(LinkUp{LinkId{500}, true});
    lower.forget();
    lower.feed(MessageArrived{LinkId{500}, {ServerId{60}, {}, 1, false}, greeting(member(60))});
    REQUIRE(lower.did<CloseLink>().at(0).link == theirs);
}

TEST_CASE("a server that was started again replaces the one before, and messages of the one before are dropped") {
    Host host;
    host.start();
    host.meet(60, 1);
    host.meet(70, 1);
    host.meet(60, 2);
    auto const refused = host.core.counters().refused_messages;
    host.say(60, Heartbeat{1, 5, 0}, 1, 70);
    REQUIRE(host.core.counters().refused_messages == refused + 1);
    REQUIRE(host.core.members(host.now).at(0).member.incarnation == 2);
    host.feed(LinkUp{LinkId{500}, false});
    host.forget();
    host.feed(MessageArrived{LinkId{500}, {ServerId{60}, {}, 1, false}, greeting(member(60, 1))});
    REQUIRE(host.did<CloseLink>().size() == 1);
}

TEST_CASE("a server does not begin anew on the link that it has: that ends the link, and a new one is taken") {
    Host host;
    host.start();
    auto const link = host.meet(60);
    host.forget();
    host.feed(MessageArrived{link, {ServerId{60}, {}, 2, false}, greeting(member(60, 2))});
    REQUIRE(host.did<CloseLink>().size() == 1);
    REQUIRE(host.did<CloseLink>()[0].why == "a server began anew on the link that it had");
    REQUIRE(host.core.members(host.now).at(0).member.incarnation == 1);
    REQUIRE_FALSE(host.core.members(host.now).at(0).direct);
    host.meet(60, 2);
    REQUIRE(host.core.members(host.now).at(0).member.incarnation == 2);
    REQUIRE(host.core.members(host.now).at(0).direct);
}

TEST_CASE("what a server calls passed on, but says itself, is refused") {
    Host host;
    host.start();
    auto const link = host.meet(60);
    auto const refused = host.core.counters().refused_messages;
    host.forget();
    host.feed(MessageArrived{link, {ServerId{60}, ServerId{50}, 2, true}, Heartbeat{2, 0, 0}});
    REQUIRE(host.core.counters().refused_messages == refused + 1);
    REQUIRE(host.did<CloseLink>().empty());
    REQUIRE(host.core.members(host.now).at(0).member.incarnation == 1);
    REQUIRE_FALSE(host.core.members(host.now).at(0).by_way_of);
}

TEST_CASE("a broken link is redialled by the lower id, less and less often") {
    Host host;
    host.start();
    host.meet(60);
    host.meet(40);
    host.feed(LinkDown{host.link(60)});
    host.feed(LinkDown{host.link(40)});
    host.forget();
    host.pass(1s);
    auto const dialled = [&](std::uint64_t id) {
        auto const all = host.did<Connect>();
        return std::count_if(all.begin(), all.end(),
                             [&](Connect const& one) { return one.endpoint == member(id).endpoint; });
    };
    REQUIRE(dialled(60) == 1);
    REQUIRE(dialled(40) == 0);
    host.forget();
    host.pass(60s);
    REQUIRE(dialled(60) >= 2);
    REQUIRE(dialled(60) < 15);
}

TEST_CASE("a server that leaves is a member no more, and hearsay does not bring it back") {
    Host host;
    host.start();
    host.meet(60);
    host.meet(70);
    host.say(60, Leave{});
    REQUIRE(host.core.members(host.now).size() == 1);
    host.say(70, Members{{member(60), member(70)}});
    REQUIRE(host.core.members(host.now).size() == 1);
    host.say(70, Members{{member(60, 2), member(70)}});
    REQUIRE(host.core.members(host.now).size() == 2);
}

TEST_CASE("no more members are taken in than a group may have") {
    Host host;
    host.start();
    host.meet(60);
    Members crowd;
    for (std::uint64_t id = 1000; id < 1200; ++id) crowd.members.push_back(member(id));
    for (int times = 0; times < 5; ++times) host.say(60, crowd);
    REQUIRE(host.core.members(host.now).size() == members_max - 1);
}

TEST_CASE("with its link broken a server is reached by way of another, and directly again when it is back") {
    Host host;
    host.start();
    host.meet(60);
    host.meet(70);
    host.forget();
    host.feed(LinkDown{host.link(60)});
    auto const probes = host.sent<Probe>(60);
    REQUIRE(probes.size() == 1);
    host.say(60, ProbeAnswer{probes[0].nonce}, 1, 70);
    auto const view = host.core.members(host.now).at(0);
    REQUIRE_FALSE(view.direct);
    REQUIRE(view.by_way_of == ServerId{70});
    host.forget();
    host.pass(600ms, {70});
    REQUIRE(host.sent<Heartbeat>(60).size() >= 1);
    REQUIRE(host.did<Send>().at(0).link == host.link(70));
    REQUIRE_FALSE(host.core.members(host.now).at(0).suspected);
    host.meet(60);
    REQUIRE(host.core.members(host.now).at(0).direct);
}

TEST_CASE("a message for another server is passed on once, and one that was passed on is not passed on again") {
    Host host;
    host.start();
    host.meet(60);
    host.meet(70);
    host.forget();
    host.feed(MessageArrived{host.link(60), {ServerId{60}, ServerId{70}, 1, false}, Probe{5}});
    REQUIRE(host.sent<Probe>(70).size() == 1);
    REQUIRE(host.did<Send>().at(0).envelope.relayed);
    host.forget();
    host.feed(MessageArrived{host.link(60), {ServerId{60}, ServerId{70}, 1, true}, Probe{5}});
    host.feed(MessageArrived{host.link(60), {ServerId{60}, ServerId{80}, 1, false}, Probe{5}});
    host.feed(MessageArrived{host.link(60), {ServerId{99}, ServerId{70}, 1, false}, Probe{5}});
    REQUIRE(host.did<Send>().empty());
}

TEST_CASE("a server is suspected after four heartbeats, and trusted with its next word") {
    Host host;
    host.start();
    host.meet(60);
    host.pass(1900ms);
    REQUIRE_FALSE(host.core.members(host.now).at(0).suspected);
    host.pass(700ms);
    REQUIRE(host.core.members(host.now).at(0).suspected);
    host.meet(60);
    REQUIRE_FALSE(host.core.members(host.now).at(0).suspected);
}

TEST_CASE("a server that is silent for a day is forgotten") {
    Host host;
    host.start();
    host.meet(60);
    host.pass(24h + 1min);
    REQUIRE(host.core.members(host.now).empty());
}

TEST_CASE(
    "a forgotten server is looked for now and then, for a month, and where one is found the others are looked for at "
    "once") {
    ReplicaOptions options;
    options.forget_after = 10s;
    options.rejoin_partition_for = 1h;
    Host host{50, options};
    host.start();
    for (std::uint64_t const other : {60, 70, 80}) host.meet(other);
    host.pass(11s, {80});
    host.forget();
    auto const dialled = [&](std::uint64_t other) {
        auto const all = host.did<Connect>();
        return std::count_if(all.begin(), all.end(),
                             [&](Connect const& one) { return one.endpoint == member(other).endpoint; });
    };
    host.pass(30min, {80});
    REQUIRE(host.core.members(host.now).size() == 1);
    REQUIRE(dialled(60) >= 2);
    REQUIRE(dialled(60) <= 4);
    REQUIRE(dialled(70) >= 2);
    host.meet(60);
    host.forget();
    host.pass(2s, {60, 80});
    REQUIRE(host.core.members(host.now).size() == 2);
    REQUIRE(dialled(60) == 0);
    REQUIRE(dialled(70) == 1);
    host.pass(31min, {60, 80});
    host.forget();
    host.pass(30min, {60, 80});
    REQUIRE(host.did<Connect>().empty());
}

TEST_CASE("a server that comes back under another id, as without its disk, is not looked for under the old one") {
    ReplicaOptions options;
    options.forget_after = 10s;
    Host host{50, options};
    host.start();
    host.meet(60);
    host.pass(11s);
    host.meet(70, 1, false, false, member(60).endpoint);
    host.forget();
    host.pass(1h, {70});
    REQUIRE(host.did<Connect>().empty());
}

TEST_CASE("every server is sent a heartbeat every half second, and the members now and then") {
    Host host;
    host.start();
    host.meet(60);
    host.forget();
    host.pass(10s, {60});
    REQUIRE(host.sent<Heartbeat>(60).size() >= 19);
    REQUIRE(host.sent<Heartbeat>(60).size() <= 21);
    REQUIRE(host.sent<Members>(60).size() == 2);
}

}  // namespace graph_test
