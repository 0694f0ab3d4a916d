// Queries through the router: walkers, key requests, the strategies of our own searches.
#include "unit/search/routing/router_fixture.hpp"

namespace spreading_test {
using namespace praline;
using namespace praline::search;
using namespace praline::search::test;

TEST_CASE("a walker goes on as one copy with its next step, and asks leaves and strangers only the first time") {
    Fixture f;
    for (std::uint32_t number : {1U, 2U}) f.feed(NeighbourChanged{ours(number)});
    f.give_table(11, {"linux"});
    QueryArrived walker{peer(1), Guid{}, Ttl{0}, Hops{200}, view("linux")};
    walker.walker = strategy::Walker{3, 5, 0, 1000, true};
    f.out.clear();
    f.feed(walker);
    REQUIRE(f.out.size() == 3);
    auto const& step = std::get<Forward>(f.out.at(0));
    CHECK(step.to.size() == 1);
    REQUIRE(step.walker);
    CHECK(*step.walker == strategy::Walker{3, 6, 0, 1000, true});
    CHECK(step.hops == Hops{200});
    CHECK(std::get<Forward>(f.out.at(1)).to == std::vector{peer(3)});   // the stranger
    CHECK_FALSE(std::get<Forward>(f.out.at(1)).walker);
    CHECK(std::get<Forward>(f.out.at(2)).to == std::vector{peer(11)});
    CHECK_FALSE(std::get<Forward>(f.out.at(2)).walker);
    walker.again = true;
    f.out.clear();
    f.feed(walker);
    REQUIRE(f.out.size() == 1);
    CHECK(std::get<Forward>(f.out.at(0)).walker);
    walker.answered_here = true;
    f.out.clear();
    f.feed(walker);
    CHECK(f.out.empty());
}

TEST_CASE("what a walker claims is bounded, and one with absurd claims goes no further") {
    Fixture f;
    for (std::uint32_t number : {1U, 2U}) f.feed(NeighbourChanged{ours(number)});
    auto const arrive = [&](strategy::Walker walker) {
        QueryArrived event{peer(1), Guid{}, Ttl{0}, Hops{255}, view("linux"), true};
        event.walker = walker;
        f.out.clear();
        f.feed(event);
        return f.out;
    };
    auto const endless = arrive({0, 1, 0, 0xFFFFFFFF, false});
    REQUIRE(endless.size() == 1);
    CHECK(std::get<Forward>(endless.at(0)).walker->steps_max == strategy::WalkLimits{}.steps_max);
    CHECK(std::get<Forward>(endless.at(0)).hops == Hops{254});  // 255 no neighbour's Hops Flow lets pass
    CHECK(arrive({0, strategy::WalkLimits{}.steps_max, 0, 0xFFFFFFFF, false}).empty());
    CHECK(f.router.counters().walkers_refused == 0);
    CHECK(arrive({0xFFFFFFFF, 1, 0, 10, false}).empty());
    CHECK(arrive({0, 0xFFFFFFFF, 0, 0xFFFFFFFF, false, true}).empty());
    CHECK(f.router.counters().walkers_refused == 2);
}

TEST_CASE("a walker that waits goes on when the answer comes, once, and not if it is no") {
    Fixture f;
    for (std::uint32_t number : {1U, 2U}) f.feed(NeighbourChanged{ours(number)});
    QueryArrived walker{peer(1), Guid{}, Ttl{0}, Hops{4}, view("linux"), true};
    walker.walker = strategy::Walker{3, 4, 4, 1000, true};
    for (bool const go_on : {true, false}) {
        f.out.clear();
        f.feed(walker);
        REQUIRE(f.out.size() == 1);
        CHECK(std::get<AskOrigin>(f.out.at(0)).check.walker.step == 4);
        f.out.clear();
        f.feed(AnswerArrived{Guid{}, 3, 5, true});  // of another step
        f.feed(AnswerArrived{Guid{}, 2, 4, true});  // of another walker
        CHECK(f.out.empty());
        f.feed(AnswerArrived{Guid{}, 3, 4, go_on});
        f.feed(AnswerArrived{Guid{}, 3, 4, go_on});
        CHECK(f.out.size() == (go_on ? 1 : 0));
    }
}

TEST_CASE("a leaf's walker is relayed, not started, and does not come back to the leaf") {
    Fixture f;
    auto walking = leaf(11);
    walking.praline = true;
    f.feed(NeighbourChanged{walking});
    f.feed(NeighbourChanged{ours(2)});
    for (int i = 0; i < 10; ++i) {
        QueryArrived walker{peer(11), Guid{}, Ttl{0}, Hops{1}, view("linux"), i > 0};
        walker.walker = strategy::Walker{0, 1, 0, 1000, false};
        f.out.clear();
        f.feed(walker);
        REQUIRE_FALSE(f.out.empty());
        CHECK(std::get<Forward>(f.out.at(0)).to == std::vector{peer(2)});
        if (i > 0) CHECK(f.out.size() == 1);
    }
}

TEST_CASE("a search is spread by the strategy it names: walkers to nodes of ours, a flood to strangers") {
    Fixture f;
    f.feed(NeighbourChanged{ours(1)});
    f.out.clear();
    strategy::Parameters parameters;
    parameters.kind = strategy::Kind::random_walk;
    parameters.walkers = 5U;
    f.feed(StartQuery{Guid{}, view("linux"), Ttl{0}, parameters});
    std::size_t walkers = 0;
    for (Action const& action : f.out) {
        auto const& forward = std::get<Forward>(action);
        if (!forward.walker) {
            CHECK(forward.to == std::vector{peer(2), peer(3)});
            CHECK(forward.ttl == Ttl{4});
            continue;
        }
        CHECK(forward.to == std::vector{peer(1)});
        ++walkers;
    }
    CHECK(walkers == 5);
    CHECK(f.router.wants_more(Guid{}));
    f.feed(ResultsCame{Guid{}, 1});
    CHECK_FALSE(f.router.wants_more(Guid{}));
}

TEST_CASE("rings of a search go out under new names, which are told first; enough results or a stop end them") {
    for (int const end : {0, 1, 2}) {
        Fixture f;
        strategy::Parameters parameters;
        parameters.kind = strategy::Kind::expanding_ring;
        parameters.results_wanted = 2U;
        f.out.clear();
        f.feed(StartQuery{Guid{}, view("linux"), Ttl{0}, parameters});
        CHECK(f.copies() == "1:1 2:1 3:1");
        CHECK(f.router.asks_more(Guid{}));
        REQUIRE(f.router.next_deadline());
        if (end == 1) f.feed(ResultsCame{Guid{}, 2});
        if (end == 2) f.feed(StopQuery{Guid{}});
        if (end > 0) {
            CHECK_FALSE(f.router.asks_more(Guid{}));
            CHECK_FALSE(f.router.next_deadline());
            continue;
        }
        f.now = *f.router.next_deadline();
        f.feed(Tick{});
        REQUIRE(f.out.size() == 2);
        auto const& renamed = std::get<Renamed>(f.out.at(0));
        CHECK(renamed.search == Guid{});
        CHECK(std::get<Forward>(f.out.at(1)).guid == renamed.name);
        CHECK(f.copies() == "1:3 2:3 3:3");
    }
}

TEST_CASE("a key request goes to one neighbour, and back to whom it came from when nobody is left") {
    Fixture f;
    for (std::uint32_t number : {1U, 2U}) f.feed(NeighbourChanged{ours(number)});
    QueryArrived request{peer(1), Guid{}, Ttl{0}, Hops{1}, view("linux")};
    request.trip = strategy::KeyTrip{12345, 10};
    f.out.clear();
    f.feed(request);
    auto const& sent = std::get<Forward>(f.out.at(0));
    CHECK(sent.to == std::vector{peer(2)});
    REQUIRE(sent.trip);
    CHECK(sent.trip->htl == 9);
    f.out.clear();
    f.feed(KeyReturned{peer(2), Guid{}, 7});
    REQUIRE(f.out.size() == 1);
    auto const& back = std::get<ReturnKey>(f.out.at(0));
    CHECK(back.to == peer(1));
    CHECK(back.htl <= 7);
    f.out.clear();
    f.feed(KeyReturned{peer(2), Guid{}, 255});  // nothing was asked of it
    f.feed(KeyReturned{peer(99), Guid{}, 255});
    CHECK(f.out.empty());
}

TEST_CASE("a leaf with tables is spared what does not match, and that is counted") {
    Fixture f;
    f.give_table(11, {"linux"});
    f.give_table(1, {"sugar"});
    (void)f.arrive(2, 1, "music");
    CHECK(f.router.counters().held_from_leaves == 1);
    CHECK(f.router.counters().held_by_tables == 1);
    CHECK(f.router.counters().leaves_asked == 0);
    (void)f.arrive(2, 1, "linux");
    CHECK(f.router.counters().leaves_asked == 1);
}

}  // namespace spreading_test
