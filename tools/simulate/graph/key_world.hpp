#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "node/base/rng.hpp"
#include "search/strategy/key_rules.hpp"
#include "tools/simulate/world/graph.hpp"
#include "tools/simulate/world/node_set.hpp"

namespace praline::simulate::graph {

/// What came of one request or insert.
struct KeyTravel {
    bool found = false;
    std::uint32_t hops = 0;  ///< made until it was found, or in all; tries that failed included, ways back not
};

/// A network that routes by keys as the paper on Freenet describes its own simulation: each node has a store of copies
/// and a table of references, both least recently used; any node can send to any whose address it has; what is found
/// goes back along the way of its request, leaving a copy and a reference to its source at each node. The choice of whom
/// to ask next, the table and the store are those of search/strategy/key_rules.hpp.
/// A request that comes to a node a second time is sent back, as is one whose node has nobody left to ask; a dead node
/// does not answer, and the hop to it is lost.
/// @threads one.   @source Freenet, sections 3 and 5.
class KeyWorld {
public:
    struct Sizes {
        std::size_t store = 50;
        std::size_t references = 250;
    };
    explicit KeyWorld(Sizes sizes) : sizes_{sizes} {}
    /// So many nodes in a ring; each knows the two nearest on either side, by the keys of their addresses.
    void ring_lattice(world::Node nodes);
    /// A node joins: a message makes so many hops from `contact` along random references; each node it comes to learns
    /// the new one under one random key, and the new one knows its contact. @return it.
    world::Node announce(world::Node contact, unsigned hops_to_live, Rng& rng);
    KeyTravel insert(std::uint64_t key, world::Node source, unsigned hops_to_live);
    KeyTravel request(std::uint64_t key, world::Node source, unsigned hops_to_live);
    /// As `request`, but leaves no trace.
    [[nodiscard]] KeyTravel probe(std::uint64_t key, world::Node source, unsigned hops_to_live);
    void kill(world::Node node) { dead_[node] = true; }

    [[nodiscard]] world::Node nodes() const { return static_cast<world::Node>(peers_.size()); }
    [[nodiscard]] bool dead(world::Node node) const { return dead_[node]; }
    [[nodiscard]] std::size_t references(world::Node node) const { return peers_[node].references.size(); }

private:
    struct Peer {
        std::uint64_t key;  // of its address
        search::strategy::KeyReferences<world::Node> references;
        search::strategy::KeyStore store;
    };
    struct Visit {
        world::Node node;
        std::vector<world::Node> tried;
    };
    world::Node add(std::uint64_t key);
    /// Leaves in `way_` the nodes from the source to the last one.
    KeyTravel travel(std::uint64_t key, world::Node source, unsigned hops_to_live, bool stop_at_copy);

    Sizes sizes_;
    std::vector<Peer> peers_;
    std::vector<bool> dead_;
    std::vector<Visit> way_;
    std::vector<std::uint32_t> asked_;  // the last travel that came to each node
    std::uint32_t travels_ = 0;
};

}  // namespace praline::simulate::graph
