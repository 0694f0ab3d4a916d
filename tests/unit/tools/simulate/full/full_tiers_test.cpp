// Two tiers at full scale: leaves are leaves, and routing tables say who gets a query.
#include <catch2/catch.hpp>

#include <algorithm>

#include "tools/simulate/full/full_host.hpp"
#include "tools/simulate/graph/graph_host.hpp"
#include "tools/simulate/world/topology.hpp"
#include "unit/tools/simulate/asking.hpp"
#include "unit/tools/simulate/samples.hpp"

namespace full_tiers_test {
using namespace praline;
using namespace praline::simulate;
using namespace praline::simulate::world;
using namespace praline::simulate::graph;
using namespace praline::simulate::full;
using search::strategy::Kind;
using search::strategy::Parameters;

namespace {

FullOptions tiers() {
    FullOptions options;
    options.query_routing = options.two_tier = true;
    return options;
}

/// Of the nodes reached, those that are leaves; rising.
std::set<Node> leaves_of(std::vector<Node> const& reached, Graph const& graph) {
    std::set<Node> leaves;
    for (Node const node : reached)
        if (graph.is_leaf(node)) leaves.insert(node);
    return leaves;
}

std::set<Node> leaves_of(std::set<Node> const& nodes, Graph const& graph) {
    return leaves_of(std::vector<Node>(nodes.begin(), nodes.end()), graph);
}

}  // namespace

TEST_CASE(
    "a query reaches the leaves whose tables match and no others, as soon as tables have followed what is shared") {
    Graph const graph = make_topology("two-tier:20:4:6", 4);
    NetworkModel const model{{}, graph.nodes(), 1};
    FullHost full{graph, model, tiers()};
    Rng choices{11};
    for (int i = 0; i < 12; ++i) {
        // By turns an ultrapeer and a leaf ask; each time others have it.
        auto const source =
            static_cast<Node>(i % 2 == 0 ? choices.below(graph.ultrapeers())
                                         : graph.ultrapeers() + choices.below(graph.nodes() - graph.ultrapeers()));
        std::set<Node> const have = samples::some_nodes(graph, choices.below(12), source, choices);
        Rng name{static_cast<std::uint64_t>(i)};
        CAPTURE(i, source);
        Outcome const outcome = full.ask(source, asking(Kind::flood, 20), samples::node_set_of(graph, have), name);
        CHECK(leaves_of(full.reached(), graph) == leaves_of(have, graph));
        CHECK(outcome.results == have.size());
        CHECK(full.reached().size() == graph.ultrapeers() - (i % 2 == 0 ? 1U : 0U) + leaves_of(have, graph).size());
    }
}

TEST_CASE("items that are asked for in turn keep their places in tables") {
    Graph const graph = make_topology("two-tier:12:4:5", 4);
    NetworkModel const model{{}, graph.nodes(), 1};
    FullHost full{graph, model, tiers()};
    Rng choices{12};
    std::vector<std::set<Node>> have;
    for (int item = 0; item < 3; ++item) have.push_back(samples::some_nodes(graph, 6, 0, choices));
    for (std::uint64_t i = 0; i < 9; ++i) {
        std::set<Node> const& now = have[i % 3];
        full.set_query_text("item" + std::to_string(i % 3), true);
        Rng name{i};
        (void)full.ask(0, asking(Kind::flood, 20), samples::node_set_of(graph, now), name);
        CHECK(leaves_of(full.reached(), graph) == leaves_of(now, graph));
    }
}

TEST_CASE("between ultrapeers tables save the last hop, and no more") {
    // Three ultrapeers in a row, a leaf each: 0 - 1 - 2, leaves 3, 4 and 5.
    Graph const line{6, {{0, 1}, {1, 2}, {0, 3}, {1, 4}, {2, 5}}, 3};
    NetworkModel const model{{}, line.nodes(), 1};
    FullHost full{line, model, tiers()};
    Rng names{13};
    auto const messages = [&](std::set<Node> const& have, std::uint8_t ttl) {
        return full.ask(0, asking(Kind::flood, ttl), samples::node_set_of(line, have), names).messages;
    };
    CHECK(messages({}, 1) == 0);
    CHECK(messages({}, 2) == 1);   // to 1, which is not the last; its table rules out that 2 has it
    CHECK(messages({5}, 2) == 3);  // on to 2, whose leaf gets it though the TTL has run out
    CHECK(messages({4}, 1) == 2);
    CHECK(messages({3}, 1) == 1);  // its own leaf, and nobody else
    CHECK(messages({4, 5}, 7) == 4);
}

TEST_CASE("where everybody has it and the TTL is no limit, tables change no count of a flood") {
    Graph const graph = make_topology("two-tier:15:4:4", 6);
    NetworkModel const model{{}, graph.nodes(), 1};
    FullHost full{graph, model, tiers()};
    GraphHost host{graph};
    for (Node source = 0; source < graph.ultrapeers(); ++source) {
        std::set<Node> have;
        for (Node node = 0; node < graph.nodes(); ++node)
            if (node != source) have.insert(node);
        NodeSet const holders = samples::node_set_of(graph, have);
        Rng name{source};
        Outcome const outcome = full.ask(source, asking(Kind::flood, 30), holders, name),
                      flat = host.flood(source, 30, holders);
        CHECK(outcome.messages == flat.messages);
        CHECK(outcome.reach == flat.reach);
        CHECK(outcome.results == flat.results);
    }
}

TEST_CASE("every way to ask finds what a leaf has, whoever asks") {
    Graph const graph = make_topology("two-tier:16:4:4", 5);
    NetworkModel const model{{}, graph.nodes(), 1};
    FullHost full{graph, model, tiers()};
    Node const leaf = graph.nodes() - 1;
    Rng names{16};
    for (Kind const kind : {Kind::flood, Kind::expanding_ring, Kind::random_walk, Kind::biased_walk, Kind::dynamic,
                            Kind::key, Kind::automatic})
        for (Node const source : {Node{0}, graph.ultrapeers()}) {
            CAPTURE(static_cast<int>(kind), source);
            Outcome const outcome = full.ask(source, asking(kind, 20), samples::node_set_of(graph, {leaf}), names);
            CHECK(outcome.found);
            CHECK(leaves_of(full.reached(), graph) == std::set<Node>{leaf});
        }
}

}  // namespace full_tiers_test
