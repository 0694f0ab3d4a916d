// Queries through the router: walkers, key requests, the strategies of our own searches.
#include "unit/search/engine/router_fixture.hpp"

namespace router_test {
using namespace praline;
using namespace praline::search;
using namespace praline::search::test;

namespace {

using overlay::ForwardQuery;

QueryRouter::Passing as_walker(wire::WalkerItem const& walker) {
    QueryRouter::Passing passing;
    passing.walker = walker;
    return passing;
}

}  // namespace

TEST_CASE("a walker goes on as one copy with its next step, and asks leaves and foreign peers only the first time") {
    Fixture f;
    for (std::uint32_t number : {1U, 2U}) f.change(ours(number));
    f.give_table(11, {"linux"});
    auto walker = as_walker({3, 5, 1000, 0, true});
    f.out.clear();
    f.query_came(1, Ttl{0}, Hops{200}, view("linux"), walker);
    REQUIRE(f.out.size() == 3);
    auto const& step = std::get<ForwardQuery>(f.out.at(0));
    CHECK(step.to.size() == 1);
    REQUIRE(walker_of(f.out.at(0)));
    CHECK(*walker_of(f.out.at(0)) == wire::WalkerItem{3, 6, 1000, 0, true});
    CHECK(step.hops == Hops{200});
    CHECK(std::get<ForwardQuery>(f.out.at(1)).to == std::vector{peer(3)});  // the foreign peer
    CHECK_FALSE(walker_of(f.out.at(1)));
    CHECK(std::get<ForwardQuery>(f.out.at(2)).to == std::vector{peer(11)});
    CHECK_FALSE(walker_of(f.out.at(2)));
    f.out.clear();
    f.query_came(1, Ttl{0}, Hops{200}, view("linux"), walker, true);
    REQUIRE(f.out.size() == 1);
    CHECK(walker_of(f.out.at(0)));
    CHECK(f.router.counters().walkers_ended == 0);
    walker.answered_here = true;
    f.out.clear();
    f.query_came(1, Ttl{0}, Hops{200}, view("linux"), walker, true);
    CHECK(f.out.empty());
    CHECK(f.router.counters().walkers_ended == 1);
}

TEST_CASE("what a walker claims is bounded, and one with absurd claims goes no further") {
    Fixture f;
    for (std::uint32_t number : {1U, 2U}) f.change(ours(number));
    auto const arrive = [&](wire::WalkerItem const& walker) {
        f.out.clear();
        f.query_came(1, Ttl{0}, Hops{255}, view("linux"), as_walker(walker), true);
        return f.out;
    };
    auto const endless = arrive({0, 1, 0xFFFFFFFF, 0, false});
    REQUIRE(endless.size() == 1);
    CHECK(walker_of(endless.at(0))->steps_max == strategy::WalkLimits{}.steps_max);
    CHECK(std::get<ForwardQuery>(endless.at(0)).hops == Hops{254});  // 255 no neighbour's Hops Flow lets pass
    CHECK(arrive({0, strategy::WalkLimits{}.steps_max, 0xFFFFFFFF, 0, false}).empty());
    CHECK(f.router.counters().walkers_refused == 0);
    CHECK(arrive({0xFFFFFFFF, 1, 10, 0, false}).empty());
    CHECK(arrive({0, 0xFFFFFFFF, 0xFFFFFFFF, 0, false, true}).empty());
    CHECK(f.router.counters().walkers_refused == 2);
}

TEST_CASE("a walker that waits goes on when the answer comes, once, and not if it is no") {
    Fixture f;
    for (std::uint32_t number : {1U, 2U}) f.change(ours(number));
    auto walker = as_walker({3, 4, 1000, 4, true});
    walker.route = peer(2);
    for (bool const go_on : {true, false}) {
        f.out.clear();
        f.query_came(1, Ttl{0}, Hops{4}, view("linux"), walker, true);
        REQUIRE(f.out.size() == 1);
        auto const& asks = std::get<overlay::SendNote>(f.out.at(0));
        CHECK(asks.to == peer(2));
        CHECK(std::get<wire::CheckNote>(asks.note) == wire::CheckNote{3, 4});
        f.out.clear();
        f.router.on_answer(Guid{}, {3, 5, true}, f.turn());  // of another step
        f.router.on_answer(Guid{}, {2, 4, true}, f.turn());  // of another walker
        CHECK(f.out.empty());
        f.router.on_answer(Guid{}, {3, 4, go_on}, f.turn());
        f.router.on_answer(Guid{}, {3, 4, go_on}, f.turn());
        CHECK(f.out.size() == (go_on ? 1 : 0));
    }
}

TEST_CASE("a walker that comes home is told at once whether to go on") {
    Fixture f;
    for (std::uint32_t number : {1U, 2U}) f.change(ours(number));
    strategy::Parameters parameters;
    parameters.kind = strategy::Kind::random_walk;
    f.start(view("linux"), parameters);
    auto walker = as_walker({3, 4, 1000, 4, true});
    walker.route = Checks::here;
    for (bool const wanted : {true, false}) {
        if (!wanted) f.strategies.results(Guid{}, 1);
        f.out.clear();
        f.query_came(1, Ttl{0}, Hops{4}, view("linux"), walker, true);
        REQUIRE(f.out.size() == (wanted ? 1 : 0));
        if (wanted) CHECK(walker_of(f.out.at(0))->step == 5);
    }
}

TEST_CASE("a leaf's walker is relayed, not started, and does not come back to the leaf") {
    Fixture f;
    auto walking = leaf(11);
    walking.praline = true;
    f.change(walking);
    f.change(ours(2));
    for (int i = 0; i < 10; ++i) {
        f.out.clear();
        f.query_came(11, Ttl{0}, Hops{1}, view("linux"), as_walker({0, 1, 1000, 0, false}), i > 0);
        REQUIRE_FALSE(f.out.empty());
        CHECK(std::get<ForwardQuery>(f.out.at(0)).to == std::vector{peer(2)});
        if (i > 0) CHECK(f.out.size() == 1);
    }
}

TEST_CASE("a search is spread by the strategy it names: walkers to Praline peers, a flood to foreign ones") {
    Fixture f;
    f.change(ours(1));
    f.out.clear();
    strategy::Parameters parameters;
    parameters.kind = strategy::Kind::random_walk;
    parameters.walkers = 5U;
    f.start(view("linux"), parameters);
    std::size_t walkers = 0;
    for (overlay::Event const& event : f.out) {
        auto const& forward = std::get<ForwardQuery>(event);
        if (!walker_of(event)) {
            CHECK(forward.to == std::vector{peer(2), peer(3)});
            CHECK(forward.ttl == Ttl{4});
            continue;
        }
        CHECK(forward.to == std::vector{peer(1)});
        ++walkers;
    }
    CHECK(walkers == 5);
    CHECK(f.strategies.wants_more(Guid{}));
    f.strategies.results(Guid{}, 1);
    CHECK_FALSE(f.strategies.wants_more(Guid{}));
}

TEST_CASE("rings of a search go out under new names, announced first; enough results or a stop end them") {
    for (int const end : {0, 1, 2}) {
        Fixture f;
        strategy::Parameters parameters;
        parameters.kind = strategy::Kind::expanding_ring;
        parameters.results_wanted = 2U;
        f.out.clear();
        OwnSearch const& search = f.start(view("linux"), parameters);
        CHECK(f.copies() == "1:1 2:1 3:1");
        CHECK(f.strategies.may_query_more(Guid{}));
        REQUIRE(f.next_deadline());
        if (end == 1) f.strategies.results(Guid{}, 2);
        if (end == 2) f.strategies.stop_querying(Guid{});
        if (end > 0) {
            CHECK_FALSE(f.strategies.may_query_more(Guid{}));
            CHECK_FALSE(f.next_deadline());
            continue;
        }
        f.now = *f.next_deadline();
        f.tick();
        REQUIRE(f.out.size() == 2);
        Guid const name = std::get<overlay::OpenQuery>(f.out.at(0)).guid;
        CHECK(search.is_called(name));
        CHECK_FALSE(name == search.guid());
        CHECK(std::get<ForwardQuery>(f.out.at(1)).guid == name);
        CHECK(f.copies() == "1:3 2:3 3:3");
    }
}

TEST_CASE("a key request goes to one neighbour, and back to the peer it came from when no neighbour is left") {
    Fixture f;
    for (std::uint32_t number : {1U, 2U}) f.change(ours(number));
    QueryRouter::Passing request;
    request.key_request = wire::KeyItem{12345, 10};
    f.out.clear();
    f.query_came(1, Ttl{0}, Hops{1}, view("linux"), request);
    auto const& sent = std::get<ForwardQuery>(f.out.at(0));
    CHECK(sent.to == std::vector{peer(2)});
    auto const key = wire::key_of(sent.query->query);
    REQUIRE(key);
    CHECK(key->htl == 9);
    f.out.clear();
    f.router.on_key_return(peer(2), Guid{}, {7}, f.turn());
    REQUIRE(f.out.size() == 1);
    auto const& back = std::get<overlay::SendNote>(f.out.at(0));
    CHECK(back.to == peer(1));
    CHECK(std::get<wire::KeyReturnNote>(back.note).htl <= 7);
    f.out.clear();
    f.router.on_key_return(peer(2), Guid{}, {255}, f.turn());  // nothing was asked of it
    f.router.on_key_return(peer(99), Guid{}, {255}, f.turn());
    CHECK(f.out.empty());
}

TEST_CASE("a leaf with tables is spared what does not match, and that is counted") {
    Fixture f;
    f.give_table(11, {"linux"});
    f.give_table(1, {"sugar"});
    (void)f.arrive(2, 1, "music");
    CHECK(f.router.counters().held_from_leaves == 1);
    CHECK(f.router.counters().held_by_tables == 1);
    CHECK(f.router.counters().sent_to_leaves == 0);
    (void)f.arrive(2, 1, "linux");
    CHECK(f.router.counters().sent_to_leaves == 1);
}

}  // namespace router_test
