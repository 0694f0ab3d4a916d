#include "tools/simulate/graph/graph_host.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "tools/simulate/world/topology.hpp"
#include "unit/tools/simulate/samples.hpp"

namespace graph_host_test {
using namespace praline;
using namespace praline::simulate;
using namespace praline::simulate::world;
using namespace praline::simulate::graph;
using search::strategy::RingSchedule;
using search::strategy::WalkRules;

namespace {

std::vector<std::string> const topologies{"grid:7x5", "random:60:100", "power-law:80:30:0.8", "two-tier:12:3:4",
                                          "grid:9x1"};

/// The distance of the nearest of `holders`.
unsigned nearest(Graph const& graph, Node source, std::set<Node> const& holders) {
    unsigned best = 1000;
    for (auto const& [node, distance] : samples::distances(graph, source))
        if (holders.contains(node)) best = std::min(best, distance);
    return best;
}

}  // namespace

TEST_CASE("a flood counts what its definition says, from every node at every TTL") {
    for (auto const& topology : topologies) {
        CAPTURE(topology);
        Graph const graph = make_topology(topology, 3);
        GraphHost host{graph};
        NodeSet const nobody = samples::node_set_of(graph, {});
        for (Node source = 0; source < graph.nodes(); ++source)
            for (unsigned const ttl : {1U, 2U, 3U, 5U, 8U, 255U}) {
                Outcome const outcome = host.flood(source, ttl, nobody);
                samples::Counts const expected = samples::flood(graph, source, ttl);
                REQUIRE(outcome.reach == expected.reach);
                REQUIRE(outcome.messages == expected.messages);
                REQUIRE_FALSE(outcome.found);
                REQUIRE(outcome.hops == 0);
            }
        CHECK(host.flood(0, 255, nobody).messages == 2 * graph.links() - (graph.nodes() - 1));
    }
}

TEST_CASE("a flood finds the nearest match within its TTL and does not stop there") {
    Rng rng{4};
    for (auto const& topology : topologies) {
        Graph const graph = make_topology(topology, 4);
        GraphHost host{graph};
        for (int i = 0; i < 40; ++i) {
            auto const source = static_cast<Node>(rng.below(graph.nodes()));
            std::set<Node> const holders = samples::some_nodes(graph, 2, source, rng);
            unsigned const distance = nearest(graph, source, holders), ttl = 1 + static_cast<unsigned>(rng.below(6));
            Outcome const outcome = host.flood(source, ttl, samples::node_set_of(graph, holders));
            REQUIRE(outcome.found == (distance <= ttl));
            REQUIRE(outcome.hops == (distance <= ttl ? distance : 0));
            REQUIRE(outcome.messages == samples::flood(graph, source, ttl).messages);
        }
    }
}

TEST_CASE("each ring starts from scratch, and the one that finds is the last") {
    Rng rng{5};
    for (auto const& topology : topologies) {
        Graph const graph = make_topology(topology, 5);
        GraphHost host{graph};
        for (int i = 0; i < 40; ++i) {
            auto const source = static_cast<Node>(rng.below(graph.nodes()));
            std::set<Node> const holders = samples::some_nodes(graph, 1, source, rng);
            unsigned const distance = nearest(graph, source, holders);
            std::uint64_t messages = 0;
            unsigned ttl = 1, waited = 0;
            for (; ttl < distance; waited += ttl, ttl += 2) messages += samples::flood(graph, source, ttl).messages;
            messages += samples::flood(graph, source, ttl).messages;
            Outcome const outcome =
                host.expanding_ring(source, RingSchedule{1, 2, 255, 1}, samples::node_set_of(graph, holders));
            REQUIRE(outcome.found);
            REQUIRE(outcome.messages == messages);
            REQUIRE(outcome.hops == distance);
            REQUIRE(outcome.waited_hops == waited + distance);
            REQUIRE(outcome.reach == samples::flood(graph, source, ttl).reach);
        }
    }
}

TEST_CASE("a ring ends without a match at its limit, and where there is nobody further") {
    Graph const line = make_topology("grid:20x1", 1);
    GraphHost host{line};
    Outcome const limited = host.expanding_ring(0, RingSchedule{1, 2, 4, 1}, samples::node_set_of(line, {10}));
    CHECK_FALSE(limited.found);
    CHECK(limited.messages == 1 + 3 + 4);
    CHECK(limited.waited_hops == 0);
    Outcome const all = host.expanding_ring(0, RingSchedule{1, 2, 255, 1}, samples::node_set_of(line, {}));
    CHECK_FALSE(all.found);
    CHECK(all.messages == 1 + 3 + 5 + 7 + 9 + 11 + 13 + 15 + 17 + 19 + 19);
}

TEST_CASE("walkers on a line of two go to and fro, and stop only when a check tells them") {
    Graph const pair = make_topology("grid:2x1", 1);
    GraphHost host{pair};
    Rng rng{1};
    Outcome const never = host.random_walk(0, Walk{3, WalkRules{4, 10}, false}, samples::node_set_of(pair, {}), rng);
    CHECK_FALSE(never.found);
    CHECK(never.messages == 30);
    CHECK(never.checks == 6);  // after steps 4 and 8
    CHECK(never.reach == 1);   // the source, to which they came back, does not count
    Outcome const once = host.random_walk(0, Walk{3, WalkRules{4, 10}, false}, samples::node_set_of(pair, {1}), rng);
    CHECK(once.found);
    CHECK(once.hops == 1);
    CHECK(once.messages == 3);  // each finds it for itself
    CHECK(once.checks == 0);
}

TEST_CASE("when one walker has found, the others go on until the next check and no further") {
    Graph const star = make_topology("two-tier:2:1:40", 1);  // two hubs with 40 leaves each
    GraphHost host{star};
    Rng rng{2};
    for (int i = 0; i < 200; ++i) {
        Outcome const outcome =
            host.random_walk(0, Walk{16, WalkRules{4, 1000}, false}, samples::node_set_of(star, {5}), rng);
        REQUIRE(outcome.found);
        unsigned const last = (outcome.hops + 3) / 4 * 4;
        REQUIRE(outcome.messages > 16 * (last - 4));
        REQUIRE(outcome.messages <= 16 * last);
        REQUIRE(outcome.hops % 2 == 1);  // leaves are an odd number of steps from their hub
    }
}

TEST_CASE("walkers that never ask walk to the end") {
    Graph const grid = make_topology("grid:30x30", 1);
    GraphHost host{grid};
    Rng rng{3};
    NodeSet const beside = samples::node_set_of(grid, {1});  // one of the two neighbours of the source
    CHECK(host.random_walk(0, Walk{64, WalkRules{4, 50}, false}, beside, rng).messages <= 64 * 4);
    Outcome const outcome = host.random_walk(0, Walk{64, WalkRules{0, 50}, false}, beside, rng);
    CHECK(outcome.hops == 1);
    CHECK(outcome.checks == 0);
    CHECK(outcome.messages > 64 * 5);
}

TEST_CASE("with state, walkers of one query leave a node by different links, and each query begins anew") {
    Graph const star = make_topology("two-tier:2:1:99", 1);  // hub 0 has 99 leaves and the other hub
    GraphHost host{star};
    Rng rng{4};
    for (int i = 0; i < 3; ++i)
        CHECK(host.random_walk(0, Walk{100, WalkRules{4, 1}, true}, samples::node_set_of(star, {}), rng).reach == 100);
    CHECK(host.random_walk(0, Walk{100, WalkRules{4, 1}, false}, samples::node_set_of(star, {}), rng).reach < 90);
}

}  // namespace graph_host_test
