#include "tools/simulate/graph/trails.hpp"

#include <algorithm>

#include "search/strategy/walk_rules.hpp"

namespace praline::simulate::graph {

using search::strategy::words_for;
using world::Node;

void Trails::clear(world::Graph const& graph) {
    if (begin_.empty()) {
        std::uint32_t words = 0;
        for (Node node = 0; node < graph.nodes(); ++node) {
            begin_.push_back(words);
            words += static_cast<std::uint32_t>(words_for(graph.degree(node)));
        }
        bits_.assign(words, 0);
        has_bits_ = world::NodeBits{graph.nodes()};
    }
    for (Node const node : nodes_) std::fill_n(bits_.begin() + begin_[node], words_for(graph.degree(node)), 0);
    nodes_.clear();
    has_bits_.clear();
}

std::span<std::uint64_t> Trails::of(world::Graph const& graph, Node node) {
    if (has_bits_.add(node)) nodes_.push_back(node);
    return {bits_.data() + begin_[node], words_for(graph.degree(node))};
}

std::size_t Trails::bytes() const {
    return begin_.capacity() * sizeof(std::uint32_t) + bits_.capacity() * sizeof(std::uint64_t) +
           nodes_.capacity() * sizeof(Node) + has_bits_.bytes();
}

}  // namespace praline::simulate::graph
