#include "tools/simulate/world/facts.hpp"

#include <algorithm>
#include <limits>

#include "tools/simulate/world/chance.hpp"
#include "tools/simulate/world/limits.hpp"

namespace praline::simulate::world {
namespace {

/// `count` different nodes, or all.
std::vector<Node> sample(Node nodes, std::uint64_t count, Rng& rng) {
    std::vector<Node> all(nodes);
    for (Node node = 0; node < nodes; ++node) all[node] = node;
    auto const wanted = static_cast<std::size_t>(std::min<std::uint64_t>(count, nodes));
    for (std::size_t at = 0; at < wanted; ++at) std::swap(all[at], all[at + rng.below(nodes - at)]);
    all.resize(wanted);
    return all;
}

void measure_distances(Graph const& graph, Rng& rng, GraphFacts& facts) {
    constexpr auto far = std::numeric_limits<std::uint32_t>::max();
    std::uint64_t const affordable = fact_links_max / std::max<std::uint64_t>(graph.links(), 1);
    auto const sources =
        sample(graph.nodes(), std::clamp<std::uint64_t>(affordable, fact_sources_min, fact_sources_max), rng);
    facts.distance_sources = static_cast<std::uint32_t>(sources.size());
    std::vector<std::uint32_t> distance(graph.nodes());
    std::vector<Node> queue;
    std::uint64_t total = 0, pairs = 0;
    for (Node const source : sources) {
        std::fill(distance.begin(), distance.end(), far);
        distance[source] = 0;
        queue.assign(1, source);
        for (std::size_t at = 0; at < queue.size(); ++at)
            for (Node const next : graph.neighbours(queue[at]))
                if (distance[next] == far) distance[next] = distance[queue[at]] + 1, queue.push_back(next);
        for (std::size_t at = 1; at < queue.size(); ++at) {
            std::uint32_t const hops = distance[queue[at]];
            if (hops >= facts.distances.size()) facts.distances.resize(std::size_t{hops} + 1);
            ++facts.distances[hops];
            total += hops;
            ++pairs;
        }
    }
    if (pairs > 0) facts.distance_mean = static_cast<double>(total) / static_cast<double>(pairs);
}

void measure_clustering(Graph const& graph, Rng& rng, GraphFacts& facts) {
    double sum = 0;
    for (Node const node : sample(graph.nodes(), fact_clustering_nodes_max, rng)) {
        auto const links = graph.neighbours(node);
        if (links.size() < 2 || links.size() > fact_clustering_degree_max) continue;
        std::uint64_t closed = 0;
        for (std::size_t one = 0; one < links.size(); ++one)
            for (std::size_t other = one + 1; other < links.size(); ++other) {
                auto const of_one = graph.neighbours(links[one]);
                closed += std::binary_search(of_one.begin(), of_one.end(), links[other]) ? 1 : 0;
            }
        auto const degree = static_cast<double>(links.size());
        sum += static_cast<double>(closed) / (degree * (degree - 1) / 2);
        ++facts.clustering_nodes;
    }
    if (facts.clustering_nodes > 0) facts.clustering = sum / facts.clustering_nodes;
}

}  // namespace

GraphFacts facts_of(Graph const& graph, std::uint64_t seed) {
    GraphFacts facts;
    facts.nodes = graph.nodes();
    facts.links = graph.links();
    if (graph.nodes() == 0) return facts;
    facts.degree_mean = 2 * static_cast<double>(graph.links()) / graph.nodes();
    for (Node node = 0; node < graph.nodes(); ++node) facts.degree_max = std::max(facts.degree_max, graph.degree(node));
    facts.degrees.resize(std::size_t{facts.degree_max} + 1);
    for (Node node = 0; node < graph.nodes(); ++node) ++facts.degrees[graph.degree(node)];
    std::uint64_t below = 0;
    while ((below += facts.degrees[facts.degree_median]) * 2 < graph.nodes()) ++facts.degree_median;
    Rng rng = stream_of(seed, Purpose::facts);
    measure_distances(graph, rng, facts);
    measure_clustering(graph, rng, facts);
    return facts;
}

}  // namespace praline::simulate::world
