#include <catch2/catch.hpp>

#include "unit/index/replica/host.hpp"

namespace asks_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::replica;
using namespace std::chrono_literals;

namespace {

Query const query{"words", {}, 100, 0, UINT64_MAX, ""};

}  // namespace

TEST_CASE("the first server of a group answers alone; one that joins does so when it lacks nothing") {
    Host first;
    first.start();
    REQUIRE(first.core.answers_alone());
    Host host;
    host.start(member(60).endpoint);
    REQUIRE(host.did<Connect>().at(0).endpoint == member(60).endpoint);
    host.meet(60);
    REQUIRE_FALSE(host.core.answers_alone());
    host.pass(1s, {60});
    auto const asked = host.sent<Digests>(60);
    host.forget();
    host.say(60, Digests{asked.back().round, asked.back().nodes});
    REQUIRE(host.core.answers_alone());
    REQUIRE_FALSE(host.sent<Hello>(60).at(0).joining);
}

TEST_CASE("a server that joins and finds nobody answers alone after a lease, and goes on trying to join") {
    Host host;
    host.start(member(60).endpoint);
    host.pass(59s);
    REQUIRE_FALSE(host.core.answers_alone());
    host.pass(2s);
    REQUIRE(host.core.answers_alone());
    host.forget();
    host.pass(2min);
    REQUIRE(host.did<Connect>().size() >= 2);
}

TEST_CASE("a young server asks the one it joined through what it does not know itself") {
    Host host;
    host.start(member(60).endpoint);
    host.meet(40);
    host.meet(60, 1, false, true);
    host.forget();
    host.feed(AskWanted{Ticket{7}, query});
    auto const asked = host.sent<AskFor>(60);
    REQUIRE(asked.size() == 1);
    Answer answer;
    answer.more = true;
    host.say(40, AnswerFor{asked[0].request, {}});
    REQUIRE(host.did<AskDone>().empty());
    host.say(60, AnswerFor{asked[0].request, answer});
    REQUIRE(host.did<AskDone>().at(0).ticket == Ticket{7});
    REQUIRE(host.did<AskDone>().at(0).answer == answer);
}

TEST_CASE("a question that is not answered in time, or that nobody could be asked, is answered from here") {
    Host host;
    host.start(member(60).endpoint);
    host.feed(AskWanted{Ticket{7}, query});
    REQUIRE_FALSE(host.did<AskDone>().at(0).answer);
    host.meet(60);
    host.forget();
    host.feed(AskWanted{Ticket{8}, query});
    REQUIRE(host.did<AskDone>().empty());
    host.pass(2100ms, {60});
    REQUIRE(host.did<AskDone>().size() == 1);
    REQUIRE(host.did<AskDone>()[0].ticket == Ticket{8});
}

TEST_CASE("questions passed on are limited: further ones are answered from here") {
    ReplicaOptions options;
    options.asks_under_way_max = 2;
    Host host{50, options};
    host.start(member(60).endpoint);
    host.meet(60);
    for (std::uint64_t ticket = 1; ticket <= 3; ++ticket) host.feed(AskWanted{Ticket{ticket}, query});
    REQUIRE(host.did<AskDone>().size() == 1);
    REQUIRE(host.did<AskDone>()[0].ticket == Ticket{3});
}

TEST_CASE("another server's question goes to the catalogue and its answer back") {
    Host host;
    host.start();
    host.meet(60);
    host.say(60, AskFor{99, query});
    auto const needed = host.did<AnswerNeeded>();
    REQUIRE(needed.at(0).query == query);
    host.feed(AskAnswered{needed.at(0).ticket, {}});
    host.feed(AskAnswered{needed.at(0).ticket, {}});
    REQUIRE(host.sent<AnswerFor>(60).size() == 1);
    REQUIRE(host.sent<AnswerFor>(60)[0].request == 99);
}

TEST_CASE("a young server to which a comparison showed something new is not complete yet") {
    Host host;
    host.start(member(60).endpoint);
    host.meet(60, 1, false, true);
    host.pass(1s, {60});
    auto const asked = host.sent<Digests>(60);
    Record const record = record_of_one_file(1, {1, ServerId{60}});
    host.say(60, Records{asked.back().round, {}, false, {{record, 60'000}}});
    REQUIRE_FALSE(host.core.answers_alone());
    host.say(60, CopyPart{{record, 60'000}, true, {}, {entry(1)}, true, false});
    REQUIRE_FALSE(host.core.answers_alone());
    host.pass(1s, {60});
    auto const again = host.sent<Digests>(60);
    REQUIRE(again.size() > asked.size());
    host.say(60, Digests{again.back().round, again.back().nodes});
    REQUIRE(host.core.answers_alone());
}

}  // namespace asks_test
