#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

/// The simulator at graph scale: no clock, no bytes, only who is a neighbour of whom.
namespace praline::simulate::world {

/// The command line or a file asks for something that cannot be; `what()` is a sentence for whoever did; from those
/// who make or read a graph, one that the name of the topology begins.
struct BadInput : std::runtime_error {
    using std::runtime_error::runtime_error;
};

using Node = std::uint32_t;
using Link = std::pair<Node, Node>;

/// A simple undirected graph as one adjacency: 4 bytes a node and 8 a link.
class Graph {
public:
    Graph() : offsets_(1, 0) {}
    /// Loops and repeats in `links` are dropped, in whichever direction they stand. @pre every end is below `nodes`.
    Graph(Node nodes, std::vector<Link> links) : Graph{nodes, std::move(links), nodes} {}
    /// @param ultrapeers  nodes from this one on are leaves, where that makes a difference.
    Graph(Node nodes, std::vector<Link> links, Node ultrapeers);

    [[nodiscard]] Node nodes() const { return static_cast<Node>(offsets_.size() - 1); }
    [[nodiscard]] std::uint64_t links() const { return ends_.size() / 2; }
    /// In rising order: it is behaviour.
    [[nodiscard]] std::span<Node const> neighbours(Node node) const {
        return std::span{ends_}.subspan(offsets_[node], offsets_[node + 1] - offsets_[node]);
    }
    /// A leaf passes nothing on. Only a two-tier topology has some, and only the full scale knows the difference.
    [[nodiscard]] bool is_leaf(Node node) const { return node >= ultrapeers_; }
    [[nodiscard]] Node ultrapeers() const { return ultrapeers_; }
    [[nodiscard]] std::uint32_t degree(Node node) const { return offsets_[node + 1] - offsets_[node]; }

    [[nodiscard]] std::size_t bytes() const {
        return offsets_.capacity() * sizeof(std::uint32_t) + ends_.capacity() * sizeof(Node);
    }

    // For a caller that will want the neighbours of many nodes: memory fetches one while it is busy with another. First the place,
    // then, when that is there, the neighbours.
    void prefetch_place(Node node) const { __builtin_prefetch(offsets_.data() + node); }
    void prefetch_neighbours(Node node) const { __builtin_prefetch(ends_.data() + offsets_[node]); }

    struct Largest;
    /// Its largest component, renumbered in the same order; of several as large, the one with the lowest node.
    [[nodiscard]] Largest largest() const;
    [[nodiscard]] Graph largest_component() const;

private:
    std::vector<std::uint32_t> offsets_;  // of each node's first neighbour; one more at the end
    std::vector<Node> ends_;
    Node ultrapeers_ = 0;
};

struct Graph::Largest {
    Graph graph;
    Node components = 0;  ///< of the whole
    Node nodes_of_whole = 0;
};

}  // namespace praline::simulate::world
