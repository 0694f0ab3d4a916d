#include "search/strategy/expanding_ring.hpp"

#include <catch2/catch.hpp>

#include "unit/search/strategy/samples.hpp"

namespace expanding_ring_test {
using namespace praline;
using namespace praline::search::strategy;

namespace {

constexpr Instant begin{std::chrono::hours{1}};

struct Node {
    explicit Node(RingLimits limits = {}) : ring{limits} {}
    ExpandingRing ring;
    std::vector<Neighbour> neighbours{{PeerId{1}, 7, nullptr}, {PeerId{2}, 7, nullptr}};
    Rng rng{1};
    Instant now = begin;

    ForwardPlans start(QueryContext const& query) {
        ForwardPlans out;
        ring.start(query, RoutingView{neighbours, now, rng}, out);
        return out;
    }
    /// Waits for the deadline, then ticks.
    ForwardPlans next() {
        REQUIRE(ring.next_deadline());
        now = *ring.next_deadline();
        ForwardPlans out;
        ring.tick(RoutingView{neighbours, now, rng}, out);
        return out;
    }
};

std::vector<unsigned> ttls_until_quiet(Node& node, QueryContext const& query) {
    std::vector<unsigned> ttls;
    ForwardPlans out = node.start(query);
    for (;;) {
        for (ForwardPlan const& plan : out) ttls.push_back(plan.next_hops.at(0).ttl.value());
        if (!node.ring.next_deadline()) return ttls;
        out = node.next();
    }
}

}  // namespace

TEST_CASE("a search may set how far its rings go and how many results it wants") {
    Node node;
    QueryContext query = query_as(1);
    query.parameters.ttl = std::uint8_t{5};
    query.parameters.results_wanted = 3U;
    CHECK(ttls_until_quiet(node, query) == std::vector<unsigned>{1, 3, 5});
    (void)node.start(query);
    CHECK(node.ring.may_query_more(named(1)));
    CHECK_FALSE(node.ring.may_query_more(named(2)));
    node.ring.results(named(1), 2);
    CHECK(node.ring.may_query_more(named(1)));
    node.ring.results(named(1), 1);
    CHECK_FALSE(node.ring.may_query_more(named(1)));
    query.parameters.ttl = std::uint8_t{255};
    CHECK(ttls_until_quiet(node, query).back() == RingLimits{}.ttl_max);
}

TEST_CASE("rings grow by two up to the limit and then nothing is owed") {
    Node node;
    CHECK(ttls_until_quiet(node, query_as(1)) == std::vector<unsigned>{1, 3, 5, 7});
    CHECK(ttls_until_quiet(node, query_as(2, 4)) == std::vector<unsigned>{1, 3, 4});
    CHECK(ttls_until_quiet(node, query_as(3, 1)) == std::vector<unsigned>{1});
    CHECK(ttls_until_quiet(node, query_as(4, 255)) == std::vector<unsigned>{1, 3, 5, 7});
}

TEST_CASE("no ring goes beyond what the neighbours allow, nor is the furthest one repeated") {
    Node node;
    for (Neighbour& neighbour : node.neighbours) neighbour.max_ttl = 3;
    CHECK(ttls_until_quiet(node, query_as(1)) == std::vector<unsigned>{1, 3});
}

TEST_CASE("each ring goes to every neighbour, under a new name that says whose it is") {
    Node node;
    ForwardPlans const first = node.start(query_as(1));
    REQUIRE(first.size() == 1);
    CHECK(first[0].next_hops.size() == 2);
    CHECK(first[0].context.guid == named(1));
    CHECK_FALSE(first[0].round_of);
    ForwardPlans const second = node.next();
    REQUIRE(second.size() == 1);
    CHECK(second[0].next_hops.size() == 2);
    CHECK(second[0].context.guid != named(1));
    CHECK(second[0].round_of == named(1));
    ForwardPlans const third = node.next();
    CHECK(third.at(0).context.guid != second[0].context.guid);
    CHECK(third.at(0).round_of == named(1));
}

TEST_CASE("the wait before the next ring is as long as the last one reached") {
    RingLimits limits;
    limits.wait_per_hop = std::chrono::milliseconds{100};
    Node node{limits};
    (void)node.start(query_as(1));
    CHECK(node.ring.next_deadline() == begin + std::chrono::milliseconds{100});
    ForwardPlans early;
    node.ring.tick(RoutingView{node.neighbours, begin + std::chrono::milliseconds{99}, node.rng}, early);
    CHECK(early.empty());
    (void)node.next();
    CHECK(node.ring.next_deadline() == begin + std::chrono::milliseconds{400});
}

TEST_CASE("enough results, of whichever ring, end it at once; too few do not") {
    RingLimits limits;
    limits.results_wanted = 5;
    Node node{limits};
    (void)node.start(query_as(1));
    node.ring.results(named(1), 2);
    Guid const second = node.next().at(0).context.guid;
    node.ring.results(second, 2);
    node.ring.results(named(9), 100);
    CHECK(node.ring.next_deadline());
    node.ring.results(named(1), 1);
    CHECK_FALSE(node.ring.next_deadline());
}

TEST_CASE("a search that is stopped sends no further ring, the others do") {
    Node node;
    (void)node.start(query_as(1));
    (void)node.start(query_as(2));
    node.ring.stop_querying(named(1));
    ForwardPlans const out = node.next();
    REQUIRE(out.size() == 1);
    CHECK(out[0].round_of == named(2));
}

TEST_CASE("searches that wait are bounded, the oldest gives way") {
    RingLimits limits;
    limits.searches_max = 2;
    Node node{limits};
    for (std::uint8_t name = 1; name <= 3; ++name) (void)node.start(query_as(name));
    ForwardPlans const out = node.next();
    REQUIRE(out.size() == 2);
    CHECK(out[0].round_of == named(2));
    CHECK(out[1].round_of == named(3));
}

TEST_CASE("a ring that passes by is relayed as a flood") {
    Node node;
    ForwardPlans out;
    node.ring.relay(query_as(1, 2), RoutingView{node.neighbours, node.now, node.rng}, out);
    REQUIRE(out.size() == 1);
    CHECK(out[0].next_hops.size() == 2);
    CHECK(out[0].next_hops[0].ttl == Ttl{2});
    CHECK_FALSE(node.ring.next_deadline());
}

TEST_CASE("a schedule with senseless numbers still ends") {
    RingSchedule const odd{0, 0, 3, 1};
    CHECK(odd.first() == 1);
    CHECK(odd.after(1, 0) == 2U);
    CHECK(odd.after(2, 0) == 3U);
    CHECK_FALSE(odd.after(3, 0));
    CHECK_FALSE(odd.after(1, 1));
    CHECK(RingSchedule{9, 2, 4, 1}.first() == 4);
}

}  // namespace expanding_ring_test
