#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <vector>

#include "node/base/rng.hpp"
#include "tools/simulate/world/graph.hpp"
#include "tools/simulate/world/node_set.hpp"

/// Slow and simple twins: what they say was written down from the definitions, not from the program.
namespace praline::simulate::samples {

using world::Graph;
using world::Node;
using world::NodeSet;

inline std::set<Node> neighbours(Graph const& graph, Node node) {
    auto const all = graph.neighbours(node);
    return {all.begin(), all.end()};
}

inline std::map<Node, unsigned> distances(Graph const& graph, Node source) {
    std::map<Node, unsigned> distance{{source, 0}};
    std::deque<Node> queue{source};
    for (; !queue.empty(); queue.pop_front())
        for (Node const next : neighbours(graph, queue.front()))
            if (distance.emplace(next, distance.at(queue.front()) + 1).second) queue.push_back(next);
    return distance;
}

struct Counts {
    std::uint64_t reach = 0, messages = 0;
    friend bool operator==(Counts const&, Counts const&) = default;
};

/// By the formula of a flood with equal latencies: the source's degree, and for each node that passes on one less than its own.
inline Counts flood(Graph const& graph, Node source, unsigned ttl) {
    Counts counts;
    for (auto const& [node, distance] : distances(graph, source)) {
        if (distance == 0 && ttl > 0) counts.messages += neighbours(graph, node).size();
        if (distance > 0 && distance < ttl) counts.messages += neighbours(graph, node).size() - 1;
        if (distance > 0 && distance <= ttl) ++counts.reach;
    }
    return counts;
}

inline NodeSet node_set_of(Graph const& graph, std::set<Node> const& nodes) {
    NodeSet set{graph.nodes()};
    set.clear();
    for (Node const node : nodes) set.add(node);
    return set;
}

/// `count` nodes other than `but`.
inline std::set<Node> some_nodes(Graph const& graph, std::size_t count, Node but, Rng& rng) {
    std::set<Node> chosen;
    while (chosen.size() < count)
        if (auto const node = static_cast<Node>(rng.below(graph.nodes())); node != but) chosen.insert(node);
    return chosen;
}

}  // namespace praline::simulate::samples
