// The node's own objects at work in every node: the counts must be those of the graph host.
#include <catch2/catch.hpp>

#include "search/strategy/key_rules.hpp"
#include "tools/simulate/full/full_host.hpp"
#include "tools/simulate/graph/graph_host.hpp"
#include "tools/simulate/graph/key_host.hpp"
#include "tools/simulate/strategies.hpp"
#include "tools/simulate/world/limits.hpp"
#include "tools/simulate/world/topology.hpp"
#include "unit/tools/simulate/samples.hpp"

namespace full_host_test {
using namespace praline;
using namespace praline::simulate;
using namespace praline::simulate::world;
using namespace praline::simulate::graph;
using namespace praline::simulate::full;
using search::strategy::Kind;
using search::strategy::Parameters;

namespace {

std::vector<std::string> const topologies{"grid:8x6", "random:80:140", "power-law:100:40:0.8", "two-tier:12:4:5"};

NetworkOptions latencies(Latency latency, std::uint32_t low, std::uint32_t high) {
    NetworkOptions options;
    options.latency = latency;
    options.latency_low_ms = low;
    options.latency_high_ms = high;
    return options;
}

void same(Outcome const& full, Outcome const& graph) {
    CHECK(full.messages == graph.messages);
    CHECK(full.reach == graph.reach);
    CHECK(full.found == graph.found);
    CHECK(full.hops == graph.hops);
    CHECK(full.waited_hops == graph.waited_hops);
    CHECK(full.checks == graph.checks);
}

Parameters flood(unsigned ttl) {
    Parameters parameters;
    parameters.ttl = static_cast<std::uint8_t>(ttl);
    return parameters;
}

Parameters rings(unsigned ttl) {
    Parameters parameters = flood(ttl);
    parameters.kind = Kind::expanding_ring;
    parameters.results_wanted = 1;
    return parameters;
}

Parameters walk_of(Walk const& walk) {
    Parameters parameters;
    parameters.kind = walk.biased ? Kind::biased_walk : Kind::random_walk;
    parameters.walkers = walk.walkers;
    parameters.check_every = walk.rules.check_every;
    parameters.steps_max = walk.rules.steps_max;
    parameters.keep_state = walk.keep_state;
    parameters.results_wanted = 1;
    return parameters;
}

Parameters staged(Kind kind, unsigned ttl) {
    Parameters parameters = flood(ttl);
    parameters.kind = kind;
    parameters.results_wanted = 1;
    return parameters;
}

search::strategy::DynamicRules widening(unsigned ttl) {
    search::strategy::DynamicRules rules;
    rules.results_wanted = 1;
    rules.ttl_max = static_cast<std::uint8_t>(ttl);
    return rules;
}

}  // namespace

TEST_CASE("floods of real nodes cost, reach and find what the graph host says, for every TTL") {
    Rng rng{1};
    for (auto const& topology : topologies) {
        Graph const graph = make_topology(topology, 11);
        NetworkModel const model{{}, graph.nodes(), 1};
        FullHost full{graph, model, {}};
        GraphHost host{graph};
        for (unsigned ttl = 1; ttl <= 16; ++ttl) {
            auto const source = static_cast<Node>(rng.below(graph.nodes()));
            NodeSet const holders = samples::node_set_of(graph, samples::some_nodes(graph, 2, source, rng));
            CAPTURE(topology, ttl);
            Outcome const outcome = full.ask(source, flood(ttl), holders, rng);
            Outcome const other = host.flood(source, ttl, holders);
            same(outcome, other);
            CHECK(outcome.results == other.results);
        }
    }
}

TEST_CASE("when the first copy to come is not the one with most TTL left, both scales still agree") {
    Rng rng{2};
    for (auto const& network : {latencies(Latency::uniform, 10, 100), latencies(Latency::per_link, 10, 100)}) {
        for (auto const& topology : topologies) {
            Graph const graph = make_topology(topology, 12);
            NetworkModel const model{network, graph.nodes(), 5};
            FullHost full{graph, model, {}};
            GraphHost host{graph, model, Detail::counts};
            for (unsigned ttl = 1; ttl <= 9; ++ttl) {
                auto const source = static_cast<Node>(rng.below(graph.nodes()));
                NodeSet const holders = samples::node_set_of(graph, samples::some_nodes(graph, 2, source, rng));
                full.number_query(ttl);
                host.number_query(ttl);
                CAPTURE(topology, ttl);
                same(full.ask(source, flood(ttl), holders, rng), host.flood(source, ttl, holders));
            }
        }
    }
}

TEST_CASE("expanding rings of real nodes cost, reach and find what the graph host says") {
    Rng rng{3};
    for (auto const& topology : topologies) {
        Graph const graph = make_topology(topology, 13);
        NetworkModel const model{{}, graph.nodes(), 1};
        FullHost full{graph, model, {}};
        GraphHost host{graph};
        for (unsigned ttl_last = 1; ttl_last <= 12; ++ttl_last) {
            auto const source = static_cast<Node>(rng.below(graph.nodes()));
            NodeSet const holders =
                samples::node_set_of(graph, samples::some_nodes(graph, ttl_last == 12 ? 0 : 1, source, rng));
            CAPTURE(topology, ttl_last);
            same(full.ask(source, rings(ttl_last), holders, rng),
                 host.expanding_ring(source, {1, 2, ttl_last, 1}, holders));
        }
    }
}

TEST_CASE("walkers of real nodes take the steps that those of the graph host take, with and without state and checks") {
    Rng choices{4};
    for (auto const& topology : topologies) {
        Graph const graph = make_topology(topology, 14);
        NetworkModel const model{{}, graph.nodes(), 1};
        FullHost full{graph, model, {}};
        GraphHost host{graph};
        for (int i = 0; i < 24; ++i) {
            auto const walkers = 1 + static_cast<std::uint32_t>(choices.below(40));
            auto const steps = 1 + static_cast<std::uint32_t>(choices.below(i % 8 == 0 ? 400 : 60));
            Walk const walk{walkers, {static_cast<std::uint32_t>(choices.below(6)), steps}, i % 2 == 0};
            auto const source = static_cast<Node>(choices.below(graph.nodes()));
            NodeSet const holders =
                samples::node_set_of(graph, samples::some_nodes(graph, i % 3 == 0 ? 0 : 1, source, choices));
            Rng one{static_cast<std::uint64_t>(i)}, other = one;
            CAPTURE(topology, i, walk.walkers, walk.rules.check_every, walk.rules.steps_max);
            same(full.ask(source, walk_of(walk), holders, one), host.random_walk(source, walk, holders, other));
        }
    }
}

TEST_CASE(
    "biased walkers of real nodes know how many links their neighbours have, and step as those of the graph host do") {
    Rng choices{5};
    for (auto const& topology : topologies) {
        Graph const graph = make_topology(topology, 15);
        NetworkModel const model{{}, graph.nodes(), 1};
        FullHost full{graph, model, {}};
        GraphHost host{graph};
        for (int i = 0; i < 24; ++i) {
            auto const walkers = 1 + static_cast<std::uint32_t>(choices.below(12));
            auto const steps = 1 + static_cast<std::uint32_t>(choices.below(80));
            Walk const walk{walkers, {static_cast<std::uint32_t>(choices.below(6)), steps}, i % 2 == 0, true};
            auto const source = static_cast<Node>(choices.below(graph.nodes()));
            NodeSet const holders =
                samples::node_set_of(graph, samples::some_nodes(graph, i % 3 == 0 ? 0 : 1, source, choices));
            Rng one{static_cast<std::uint64_t>(i)}, other = one;
            CAPTURE(topology, i, walk.walkers, walk.rules.check_every, walk.rules.steps_max, walk.keep_state);
            same(full.ask(source, walk_of(walk), holders, one), host.random_walk(source, walk, holders, other));
        }
    }
}

TEST_CASE("a dynamic query of real nodes widens as that of the graph host does") {
    Rng choices{6};
    std::size_t widened = 0;
    for (auto const& topology : topologies) {
        Graph const graph = make_topology(topology, 16);
        NetworkModel const model{{}, graph.nodes(), 1};
        FullHost full{graph, model, {}};
        GraphHost host{graph};
        for (int i = 0; i < 24; ++i) {
            auto const ttl = 1 + static_cast<unsigned>(choices.below(7));
            auto const source = static_cast<Node>(choices.below(graph.nodes()));
            NodeSet const holders =
                samples::node_set_of(graph, samples::some_nodes(graph, choices.below(4), source, choices));
            Rng one{static_cast<std::uint64_t>(i)}, other = one, third = one;
            CAPTURE(topology, i, ttl);
            Outcome const outcome = full.ask(source, staged(Kind::dynamic, ttl), holders, one);
            same(outcome, host.dynamic(source, widening(ttl), holders, other, false));
            // Real nodes cannot know that nothing is left behind a connection; to ask on in vain finds no more.
            CHECK(host.dynamic(source, widening(ttl), holders, third).found == outcome.found);
            widened += outcome.waited_hops > outcome.hops ? 1U : 0U;
        }
    }
    CHECK(widened > 10);
}

TEST_CASE("an automatic search of real nodes takes the steps that that of the graph host takes, to the last stage") {
    Rng choices{7};
    std::size_t wide = 0;
    for (std::string const topology : {"grid:8x6", "random:80:140", "two-tier:12:4:5", "random:600:1200"}) {
        Graph const graph = make_topology(topology, 17);
        NetworkModel const model{{}, graph.nodes(), 1};
        FullHost full{graph, model, {}};
        GraphHost host{graph};
        for (int i = 0; i < 16; ++i) {
            auto const source = static_cast<Node>(choices.below(graph.nodes()));
            NodeSet const holders =
                samples::node_set_of(graph, samples::some_nodes(graph, i % 8 == 0 ? 0 : 1, source, choices));
            Rng one{static_cast<std::uint64_t>(i)}, other = one;
            CAPTURE(topology, i);
            Outcome const outcome = full.ask(source, staged(Kind::automatic, 7), holders, one);
            same(outcome, host.automatic(source, {}, widening(7), holders, other, false));
            wide += outcome.found ? 0U : 1U;
        }
    }
    CHECK(wide > 0);
}

TEST_CASE("a key request of real nodes goes the way that that of the graph host goes, and teaches what that teaches") {
    Rng choices{9};
    std::size_t flooded = 0, learnt = 0;
    for (auto const& topology : topologies) {
        Graph const graph = make_topology(topology, 19);
        NetworkModel const model{{}, graph.nodes(), 1};
        FullHost full{graph, model, {}};
        GraphHost floods{graph};
        KeyHost keys{graph};
        std::vector<NodeSet> holders;
        for (int item = 0; item < 3; ++item)
            holders.push_back(samples::node_set_of(graph, samples::some_nodes(graph, 2, 0, choices)));
        for (std::uint64_t i = 0; i < 30; ++i) {
            bool const again = i >= 10;  // the first ten each for something new
            auto const item = static_cast<std::size_t>(choices.below(3));
            auto const source = static_cast<Node>(choices.below(graph.nodes()));
            if (holders[item].has(source)) continue;
            std::string const word = word_for(again ? item : 1000 + i);
            wire::Query query;
            query.text = word;
            full.set_query_text(word, again);
            if (!again || i == 10) keys.forget();
            Rng name{i};
            CAPTURE(topology, i);
            Outcome const outcome = full.ask(source, staged(Kind::key, 20), holders[item], name);
            Outcome const expected = keys.request(source, search::strategy::routing_key(query).value(), 20,
                                                  flood_ttl_default, holders[item], floods);
            same(outcome, expected);
            flooded += outcome.messages > 20 ? 1U : 0U;
            learnt += again && outcome.found && outcome.messages == outcome.hops ? 1U : 0U;
        }
    }
    CHECK(flooded > 0);
    CHECK(learnt > 0);
}

TEST_CASE("with messages as bytes and with messages handed over every count is the same, bytes and times among them") {
    NetworkOptions rough = latencies(Latency::uniform, 10, 100);
    rough.loss = 0.05;
    rough.liars = 0.05;
    Rng choices{8};
    std::uint64_t messages = 0, hits = 0, checks = 0;
    for (auto const& topology : topologies) {
        Graph const graph = make_topology(topology, 18);
        NetworkModel const model{rough, graph.nodes(), 3};
        FullOptions bytes, values;
        values.codec = false;
        FullHost one{graph, model, bytes}, other{graph, model, values};
        for (std::uint64_t i = 0; i < 28; ++i) {
            Kind const kind = static_cast<Kind>(i % 7);
            auto const source = static_cast<Node>(choices.below(graph.nodes()));
            NodeSet const holders = samples::node_set_of(graph, samples::some_nodes(graph, 2, source, choices));
            Rng first{i}, second{i};
            one.number_query(i);
            other.number_query(i);
            CAPTURE(topology, i);
            Outcome const outcome = one.ask(source, staged(kind, 5), holders, first);
            CHECK(outcome == other.ask(source, staged(kind, 5), holders, second));
            CHECK(one.reached() == other.reached());
            messages += outcome.messages;
            hits += outcome.hit_messages;
            checks += outcome.checks;
        }
    }
    CHECK(messages > 0);
    CHECK(hits > 0);
    CHECK(checks > 0);
}

}  // namespace full_host_test
