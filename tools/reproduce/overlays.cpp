#include "tools/reproduce/overlays.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "tools/simulate/world/edge_list.hpp"
#include "tools/simulate/world/limits.hpp"
#include "tools/simulate/world/node_set.hpp"
#include "tools/simulate/world/topology.hpp"

namespace praline::reproduce {
namespace {

using simulate::graph::GraphHost;
using simulate::world::Graph;
using simulate::world::Node;
using simulate::world::NodeSet;

constexpr std::uint64_t graphs_by_chance = 5;

std::vector<Graph> made(std::string const& specification, std::uint64_t count, std::uint64_t seed) {
    std::vector<Graph> graphs;
    for (std::uint64_t number = 0; number < count; ++number)
        graphs.push_back(simulate::world::make_topology(specification, seed + number));
    return graphs;
}

/// Floods of each TTL; those of the last one count.
simulate::world::Outcome flood(GraphHost& host, Questions const& questions, Node source, NodeSet const& holders,
                               Answers& answers) {
    simulate::world::Outcome outcome;
    for (std::size_t at = 0; at < questions.ttls.size(); ++at) {
        outcome = host.flood(source, questions.ttls[at], holders);
        answers.flood_messages[at].add(outcome.messages);
    }
    for (std::size_t at = 0; at < answers.found_within.size(); ++at)
        if (outcome.found && outcome.hops <= at + 1) ++answers.found_within[at];
    return outcome;
}

simulate::world::Outcome ask_once(GraphHost& host, Questions const& questions, Node source, NodeSet const& holders,
                                  Rng& rng, Answers& answers) {
    switch (questions.how) {
        case How::flood: return flood(host, questions, source, holders, answers);
        case How::ring: return host.expanding_ring(source, {1, 2, simulate::world::ttl_max, 1}, holders);
        case How::walk: return host.random_walk(source, questions.walk, holders, rng);
    }
    return {};
}

}  // namespace

std::optional<Graph> crawl(std::string const& name, Options const& options) {
    if (options.topologies.empty()) return std::nullopt;
    for (char const* ending : {".txt.gz", ".txt"}) {
        auto const path = std::filesystem::path{options.topologies} / ("p2p-" + name + ending);
        if (std::filesystem::exists(path)) return simulate::world::read_edge_list(path.string()).largest_component();
    }
    return std::nullopt;
}

Overlay overlay_named(std::string const& name, Options const& options) {
    if (name == "random") return {name, made("random:10000:20000", graphs_by_chance, options.seed)};
    if (name == "power law") return {name, made("power-law:10000:1746:0.8", graphs_by_chance, options.seed)};
    if (name == "grid") return {name, made("grid:100x100", 1, options.seed)};
    Overlay overlay{name, {}};
    if (auto graph = crawl(name, options)) overlay.graphs.push_back(std::move(*graph));
    return overlay;
}

void Answers::add(Answers const& other) {
    tally.add(other.tally);
    flood_messages.resize(std::max(flood_messages.size(), other.flood_messages.size()));
    found_within.resize(std::max(found_within.size(), other.found_within.size()));
    for (std::size_t at = 0; at < other.flood_messages.size(); ++at) flood_messages[at].add(other.flood_messages[at]);
    for (std::size_t at = 0; at < other.found_within.size(); ++at) found_within[at] += other.found_within[at];
}

Answers ask(Graph const& graph, Questions const& questions, Rng rng) {
    Answers answers;
    answers.nodes = graph.nodes();
    if (questions.how == How::flood) {
        answers.flood_messages.resize(questions.ttls.size());
        answers.found_within.resize(questions.ttls.back());
    }
    GraphHost host{graph};
    NodeSet holders{graph.nodes()};
    auto const replicas = static_cast<Node>(std::lround(questions.replication * graph.nodes()));
    auto const any_node = [&] { return static_cast<Node>(rng.below(graph.nodes())); };
    for (std::uint64_t question = 0; question < questions.count; ++question) {
        holders.clear();
        for (Node placed = 0; placed < replicas;)
            if (holders.add(any_node())) ++placed;
        Node source = any_node();
        while (holders.has(source)) source = any_node();
        answers.tally.add(ask_once(host, questions, source, holders, rng, answers));
    }
    return answers;
}

}  // namespace praline::reproduce
