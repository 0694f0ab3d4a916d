// Nodes that leave and come back at full scale.
#include <catch2/catch.hpp>

#include "tools/simulate/full/full_host.hpp"
#include "tools/simulate/graph/graph_host.hpp"
#include "tools/simulate/world/topology.hpp"
#include "unit/tools/simulate/asking.hpp"
#include "unit/tools/simulate/samples.hpp"

namespace full_churn_test {
using namespace praline;
using namespace praline::simulate;
using namespace praline::simulate::world;
using namespace praline::simulate::graph;
using namespace praline::simulate::full;
using search::strategy::Kind;
using search::strategy::Parameters;

namespace {

NetworkOptions away(double share, std::uint32_t latency_ms) {
    NetworkOptions options;
    options.away = share;
    options.latency_low_ms = options.latency_high_ms = latency_ms;
    return options;
}

struct Sums {
    std::uint64_t messages = 0, reach = 0, results = 0, lost = 0, found = 0;
    void add(Outcome const& outcome) {
        messages += outcome.messages, reach += outcome.reach, results += outcome.results, lost += outcome.lost,
            found += outcome.found;
    }
};

}  // namespace

TEST_CASE("with churn a flood of real nodes goes where that of the graph host goes, from query to query") {
    std::uint64_t missed = 0;
    for (std::string const topology : {"grid:8x6", "random:80:140", "power-law:100:40:0.8"}) {
        Graph const graph = make_topology(topology, 21);
        NetworkModel const model{away(0.25, 10), graph.nodes(), 7};
        FullHost full{graph, model, {}};
        GraphHost host{graph, model};
        Rng choices{14};
        for (std::uint64_t i = 0; i < 40; ++i) {
            auto const source = static_cast<Node>(choices.below(graph.nodes()));
            NodeSet const holders = samples::node_set_of(graph, samples::some_nodes(graph, 3, source, choices));
            full.number_query(i);
            host.number_query(i);
            Rng name{i};
            CAPTURE(topology, i);
            Outcome const outcome = full.ask(source, asking(Kind::flood, 12), holders, name),
                          expected = host.flood(source, 12, holders);
            CHECK(outcome.messages == expected.messages);
            CHECK(outcome.reach == expected.reach);
            CHECK(outcome.results == expected.results);
            CHECK(outcome.lost == expected.lost);
            missed += graph.nodes() - 1 - outcome.reach;
        }
    }
    CHECK(missed > 0);
}

TEST_CASE("while a slow flood is on its way nodes leave and come, and it goes nearly as far as at graph scale") {
    // A minute for each hop. At graph scale what a node sent before it left still comes.
    Graph const graph = make_topology("random:200:500", 23);
    NetworkModel const model{away(0.25, 60'000), graph.nodes(), 7};
    FullHost full{graph, model, {}};
    GraphHost host{graph, model};
    Rng choices{17};
    Sums objects, twin;
    for (std::uint64_t i = 0; i < 40; ++i) {
        auto const source = static_cast<Node>(choices.below(graph.nodes()));
        NodeSet const holders = samples::node_set_of(graph, samples::some_nodes(graph, 3, source, choices));
        full.number_query(i);
        host.number_query(i);
        Rng name{i};
        objects.add(full.ask(source, asking(Kind::flood, 12), holders, name));
        twin.add(host.flood(source, 12, holders));
    }
    CHECK(objects.lost > 0);
    CHECK(twin.lost > 0);
    CHECK(static_cast<double>(objects.reach) == Approx(static_cast<double>(twin.reach)).epsilon(0.03));
    CHECK(static_cast<double>(objects.messages) == Approx(static_cast<double>(twin.messages)).epsilon(0.03));
}

TEST_CASE("churn is the same again with the same seed, and each way to ask lives with it") {
    Graph const graph = make_topology("random:120:300", 22);
    NetworkModel const model{away(0.3, 20'000), graph.nodes(), 8};
    auto const sums = [&](std::uint64_t seed) {
        FullOptions options;
        options.seed = seed;
        FullHost full{graph, model, options};
        Sums total;
        Rng choices{15};
        for (std::uint64_t i = 0; i < 21; ++i) {
            auto const source = static_cast<Node>(choices.below(graph.nodes()));
            NodeSet const holders = samples::node_set_of(graph, samples::some_nodes(graph, 12, source, choices));
            full.number_query(i);
            Rng name{i};
            total.add(full.ask(source, asking(static_cast<Kind>(i % 7), 7), holders, name));
        }
        return total;
    };
    Sums const one = sums(1), again = sums(1);
    CHECK(one.messages == again.messages);
    CHECK(one.reach == again.reach);
    CHECK(one.results == again.results);
    CHECK(one.lost == again.lost);
    CHECK(one.found >= 14);
}

TEST_CASE("who comes back has the links it had, and a query passes by way of it") {
    Graph const line = make_topology("grid:5x1", 1);
    NetworkModel const model{away(0.4, 100), line.nodes(), 3};
    FullHost full{line, model, {}};
    GraphHost host{line, model};
    std::uint64_t whole = 0, cut = 0;
    for (std::uint64_t i = 0; i < 60; ++i) {
        NodeSet const holders = samples::node_set_of(line, {4});
        full.number_query(i);
        host.number_query(i);
        Rng name{i};
        Outcome const outcome = full.ask(0, asking(Kind::flood, 9), holders, name);
        CHECK(outcome.reach == host.flood(0, 9, holders).reach);
        ++(outcome.reach == 4 ? whole : cut);
    }
    CHECK(whole > 0);
    CHECK(cut > 0);
}

TEST_CASE("tables of leaves that come back are as they were") {
    Graph const graph = make_topology("two-tier:12:4:5", 4);
    NetworkModel const model{away(0.3, 100), graph.nodes(), 9};
    FullOptions tiers;
    tiers.query_routing = tiers.two_tier = true;
    FullHost full{graph, model, tiers};
    std::set<Node> have;
    for (Node node = graph.ultrapeers(); node < graph.nodes(); node += 2) have.insert(node);
    NodeSet const holders = samples::node_set_of(graph, have);
    std::set<Node> ever;
    for (std::uint64_t i = 0; i < 20; ++i) {
        full.number_query(i);
        Rng name{i};
        (void)full.ask(0, asking(Kind::flood, 20), holders, name);
        for (Node const node : full.reached()) {
            CHECK((!graph.is_leaf(node) || have.contains(node)));
            if (graph.is_leaf(node)) ever.insert(node);
        }
    }
    CHECK(ever.size() > have.size() / 2);
}

}  // namespace full_churn_test
