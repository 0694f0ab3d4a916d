#include "search/strategy/random_walk.hpp"

#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "unit/search/strategy/samples.hpp"

namespace random_walk_test {
using namespace praline;
using namespace praline::search::strategy;

namespace {

QueryContext asked(std::uint8_t name, std::optional<wire::WalkerItem> walker = std::nullopt) {
    QueryContext query = query_as(name, 3);
    query.walker = walker;
    return query;
}

wire::WalkerItem at_step(std::uint32_t step, bool keep_state = false, std::uint32_t number = 0) {
    return wire::WalkerItem{number, step, 1024, 4, keep_state};
}

WalkLimits walkers(std::uint32_t count, bool keep_state) {
    WalkLimits limits;
    limits.walkers = count;
    limits.keep_state = keep_state;
    return limits;
}

struct Node {
    explicit Node(WalkLimits limits = {}, std::uint32_t peers = 5)
        : walk{limits}, neighbours{neighbours_of_ours(peers)} {}
    RandomWalk walk;
    std::vector<Neighbour> neighbours;
    std::optional<Neighbour> back;
    Rng rng{7};
    Instant now{std::chrono::hours{1}};

    [[nodiscard]] RoutingView view() { return RoutingView{neighbours, now, rng, back}; }
    ForwardPlans start(QueryContext const& query) {
        ForwardPlans out;
        walk.start(query, view(), out);
        return out;
    }
    ForwardPlans relay(QueryContext const& query) {
        ForwardPlans out;
        walk.relay(query, view(), out);
        return out;
    }
    WalkerChecks checks() {
        WalkerChecks out;
        walk.take_checks(out);
        return out;
    }
};

std::map<std::uint32_t, int> copies_by_peer(ForwardPlans const& out) {
    std::map<std::uint32_t, int> count;
    for (ForwardPlan const& plan : out)
        for (Hop const& copy : plan.next_hops) ++count[copy.to.value()];
    return count;
}

}  // namespace

TEST_CASE("all walkers leave together, each with its number and its first step") {
    Node node{walkers(32, false)};
    ForwardPlans const out = node.start(asked(1));
    REQUIRE(out.size() == 1);
    REQUIRE(out[0].next_hops.size() == 32);
    for (std::uint32_t number = 0; number < 32; ++number)
        CHECK(out[0].next_hops[number].walker == wire::WalkerItem{number, 1, 1024, 4, false});
    CHECK(copies_by_peer(out).size() > 1);
}

TEST_CASE("with state, walkers of one search use every link before any is used twice") {
    Node node{walkers(10, true)};
    for (auto const& [peer, count] : copies_by_peer(node.start(asked(1)))) CHECK(count == 2);
    CHECK(copies_by_peer(node.start(asked(1))).size() == 5);

    std::set<PeerId> passed;
    for (std::uint32_t number = 0; number < 5; ++number)
        passed.insert(node.relay(asked(2, at_step(1, true, number))).at(0).next_hops.at(0).to);
    CHECK(passed.size() == 5);
}

TEST_CASE("state outlives neighbours that come and go") {
    Node node{walkers(1, true), 3};
    std::set<PeerId> passed;
    for (int i = 0; i < 3; ++i) passed.insert(node.relay(asked(1, at_step(1, true))).at(0).next_hops.at(0).to);
    node.neighbours.erase(node.neighbours.begin());
    node.neighbours.push_back(Neighbour{PeerId{9}, 4, nullptr, true});
    CHECK(node.relay(asked(1, at_step(1, true))).at(0).next_hops.at(0).to == PeerId{9});
}

TEST_CASE("queries whose links are remembered are bounded, the oldest is forgotten") {
    WalkLimits limits = walkers(1, true);
    limits.visited_queries_max = 2;
    Node node{limits, 3};
    auto const next = [&](std::uint8_t query) {
        return node.relay(asked(query, at_step(1, true))).at(0).next_hops.at(0).to;
    };
    PeerId const first = next(1);
    (void)next(2);
    CHECK(next(1) != first);
    (void)next(3);            // pushes 1 out
    CHECK(next(1) == first);  // the same chance, and every link free again; remembered, it would be the third
}

TEST_CASE("a walker may go back where it came from") {
    Node node{walkers(1, false), 0};
    CHECK(node.relay(asked(1, at_step(1))).empty());
    node.back = Neighbour{PeerId{3}, 4, nullptr, true};
    ForwardPlans const out = node.relay(asked(1, at_step(1)));
    REQUIRE(out.size() == 1);
    CHECK(out[0].next_hops.at(0).to == PeerId{3});
    CHECK(out[0].next_hops[0].walker == at_step(2));
}

TEST_CASE("without state every link is as likely as any other") {
    Node node{walkers(1, false), 4};
    node.back = Neighbour{PeerId{5}, 4, nullptr, true};
    std::map<PeerId, int> count;
    for (std::uint32_t number = 0; number < 5000; ++number)
        ++count[node.relay(asked(1, at_step(1, false, number))).at(0).next_hops.at(0).to];
    REQUIRE(count.size() == 5);
    for (auto const& [peer, times] : count) CHECK(std::abs(times - 1000) < 150);
}

TEST_CASE("what a walker chooses follows from the names of query, walker and step, and from nothing else") {
    Node one{walkers(1, false)}, other{walkers(1, false)};
    other.rng = Rng{8};
    std::map<PeerId, int> by_query, by_step;
    for (std::uint32_t number = 0; number < 300; ++number) (void)other.relay(asked(2, at_step(2, false, number)));
    for (std::uint32_t number = 0; number < 300; ++number) {
        wire::WalkerItem const walker = at_step(1 + 4 * (number / 7), false, number);
        CHECK(one.relay(asked(1, walker)).at(0).next_hops.at(0).to ==
              other.relay(asked(1, walker)).at(0).next_hops.at(0).to);
        ++by_query[one.relay(asked(static_cast<std::uint8_t>(number % 200), at_step(1))).at(0).next_hops.at(0).to];
        ++by_step[one.relay(asked(1, at_step(1 + 4 * (number % 200)))).at(0).next_hops.at(0).to];
    }
    CHECK(by_query.size() == 5);
    CHECK(by_step.size() == 5);
}

TEST_CASE("a walker ends where it finds a match, and at its last step whatever it claims") {
    Node node;
    QueryContext match = asked(1, at_step(2));
    match.answered_here = true;
    CHECK(node.relay(match).empty());
    wire::WalkerItem endless = at_step(1023);
    endless.steps_max = 0xFFFFFFFF;
    endless.check_every = 0;
    CHECK(node.relay(asked(1, endless)).size() == 1);
    endless.step = 1024;
    CHECK(node.relay(asked(1, endless)).empty());
    wire::WalkerItem brief = at_step(2);
    brief.steps_max = 2;
    CHECK(node.relay(asked(1, brief)).empty());
    CHECK(node.checks().empty());
}

TEST_CASE("at every fourth step a walker waits and asks; the answer sends it on or ends it") {
    Node node;
    CHECK(node.relay(asked(1, at_step(3))).size() == 1);
    CHECK(node.checks().empty());
    CHECK(node.relay(asked(1, at_step(4, false, 5))).empty());
    CHECK(node.relay(asked(1, at_step(8, false, 6))).empty());
    WalkerChecks const checks = node.checks();
    REQUIRE(checks.size() == 2);
    CHECK(checks[0].walker.number == 5);
    CHECK(checks[0].guid == named(1));
    CHECK(node.checks().empty());

    ForwardPlans out;
    node.walk.check_answered(checks[0], true, node.view(), out);
    REQUIRE(out.size() == 1);
    CHECK(out[0].next_hops.at(0).walker == at_step(5, false, 5));
    node.walk.check_answered(checks[0], true, node.view(), out);  // said twice
    node.walk.check_answered(checks[1], false, node.view(), out);
    node.walk.check_answered(checks[1], true, node.view(), out);
    CHECK(out.size() == 1);
    CHECK_FALSE(node.walk.next_deadline());
}

TEST_CASE("where the query began, walkers are wanted until there are enough results or it is stopped") {
    WalkLimits limits;
    limits.results_wanted = 3;
    limits.searches_max = 2;
    Node node{limits};
    CHECK_FALSE(node.walk.wants_more(named(1)));
    (void)node.start(asked(1));
    CHECK(node.walk.wants_more(named(1)));
    node.walk.results(named(1), 2);
    CHECK(node.walk.wants_more(named(1)));
    node.walk.results(named(1), 1);
    CHECK_FALSE(node.walk.wants_more(named(1)));
    (void)node.start(asked(2));
    node.walk.stop_querying(named(2));
    CHECK_FALSE(node.walk.wants_more(named(2)));
    for (std::uint8_t name = 3; name <= 5; ++name) (void)node.start(asked(name));
    CHECK_FALSE(node.walk.wants_more(named(3)));
    CHECK(node.walk.wants_more(named(5)));
}

TEST_CASE("walkers that wait are bounded in number and in time") {
    WalkLimits limits;
    limits.waiting_max = 1;
    Node node{limits};
    (void)node.relay(asked(1, at_step(4, false, 0)));
    (void)node.relay(asked(1, at_step(4, false, 1)));
    WalkerChecks const checks = node.checks();
    REQUIRE(checks.size() == 1);
    REQUIRE(node.walk.next_deadline() == node.now + limits.patience);
    node.now = *node.walk.next_deadline();
    ForwardPlans out;
    node.walk.tick(node.view(), out);
    node.walk.check_answered(checks[0], true, node.view(), out);
    CHECK(out.empty());
    CHECK_FALSE(node.walk.next_deadline());
}

TEST_CASE("strangers get no walkers: among strangers only, the query starts as a flood") {
    Node node{walkers(8, false), 4};
    for (Neighbour& neighbour : node.neighbours) neighbour.praline = neighbour.peer == PeerId{2};
    CHECK(copies_by_peer(node.start(asked(1))) == std::map<std::uint32_t, int>{{2, 8}});
    node.neighbours[1].praline = false;
    ForwardPlans const flood = node.start(asked(2));
    CHECK(copies_by_peer(flood) == std::map<std::uint32_t, int>{{1, 1}, {2, 1}, {3, 1}, {4, 1}});
    CHECK_FALSE(flood.at(0).next_hops.at(0).walker);
    CHECK(node.relay(asked(3, at_step(1))).empty());
}

TEST_CASE("a query that comes without a walker is relayed as a flood") {
    Node node{walkers(8, false), 3};
    ForwardPlans const out = node.relay(asked(1));
    CHECK(copies_by_peer(out) == std::map<std::uint32_t, int>{{1, 1}, {2, 1}, {3, 1}});
    CHECK(out.at(0).next_hops.at(0).ttl == Ttl{3});
}

TEST_CASE("the choice among unused links is uniform, also across words of bits") {
    constexpr std::size_t links = 130;
    Rng rng{3};
    std::vector<std::uint64_t> used(words_for(links));
    REQUIRE(used.size() == 3);
    for (int round = 0; round < 3; ++round) {
        std::set<std::size_t> seen;
        for (std::size_t i = 0; i < links; ++i) seen.insert(unused_link(links, used, rng));
        CHECK(seen.size() == links);
        CHECK(*seen.rbegin() == links - 1);
    }
    std::map<std::size_t, int> firsts;
    for (int i = 0; i < 13'000; ++i) {
        std::vector<std::uint64_t> fresh(words_for(links));
        ++firsts[unused_link(links, fresh, rng)];
    }
    CHECK(firsts.size() == links);
    for (auto const& [link, times] : firsts) CHECK(std::abs(times - 100) < 60);
}

TEST_CASE("what a search asks for goes before the limits, as far as they allow") {
    WalkLimits limits;
    limits.walkers_max = 40;
    Node node{limits};
    QueryContext query = asked(1);
    query.parameters.walkers = 1'000'000;
    query.parameters.check_every = 7;
    query.parameters.steps_max = 0xFFFFFFFF;
    query.parameters.keep_state = false;
    query.parameters.results_wanted = 3;
    ForwardPlans const out = node.start(query);
    REQUIRE(out.at(0).next_hops.size() == 40);
    CHECK(out[0].next_hops[39].walker == wire::WalkerItem{39, 1, 1024, 7, false, false});
    node.walk.results(named(1), 2);
    CHECK(node.walk.wants_more(named(1)));
    node.walk.results(named(1), 1);
    CHECK_FALSE(node.walk.wants_more(named(1)));
}

TEST_CASE("started once more, a query gets further walkers, with further numbers, and what it found counts on") {
    WalkLimits limits = walkers(3, true);
    limits.results_wanted = 2;
    Node node{limits};
    (void)node.start(asked(1));
    node.walk.results(named(1), 1);
    ForwardPlans const out = node.start(asked(1));
    REQUIRE(out.at(0).next_hops.size() == 3);
    CHECK(out[0].next_hops[0].walker->number == 3);
    CHECK(out[0].next_hops[2].walker->number == 5);
    CHECK(node.walk.wants_more(named(1)));
    node.walk.results(named(1), 1);
    CHECK_FALSE(node.walk.wants_more(named(1)));
}

}  // namespace random_walk_test
