#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "node/base/ids.hpp"
#include "search/strategy/key_rules.hpp"
#include "tools/simulate/graph_host.hpp"

namespace praline::simulate {

/// Hosts key routing on one adjacency instead of on a node each: one request makes one hop at a time, so its order is
/// all there is to time. Whom a node asks next comes from the functions that the node's strategy calls too, and nodes
/// keep what they have learnt from one query to the next until told to forget. A unit test carries the messages of one
/// strategy object a node on the same graphs and finds the same counts.
/// A hop on and a hop back take one unit of time each; what goes back is no copy of the query and not counted. When it
/// has come back with nothing the query is flooded, by the host given; what a flood finds teaches nobody here, where
/// in the node it teaches the asker.
/// @threads one.
class KeyHost {
public:
    explicit KeyHost(Graph const& graph);
    /// All that nodes have learnt.
    void forget();
    /// @param hops_to_live  of the request, tries that fail included. @param flood_ttl  0: it is never flooded.
    /// @param holders  nodes with a match; not the source.
    Outcome request(Node source, std::uint64_t key, unsigned hops_to_live, unsigned flood_ttl, Marks const& holders, GraphHost& floods);
    /// What has been learnt.
    [[nodiscard]] search::strategy::KeyReferences<PeerId> const& references(Node node) const { return references_[node]; }

private:
    struct Visit {
        Node node;
        std::vector<PeerId> tried;  // sorted
    };
    [[nodiscard]] std::optional<Node> next_of(Visit& here, Node before, std::uint64_t key);

    Graph const& graph_;
    std::vector<search::strategy::KeyReferences<PeerId>> references_;
    std::vector<Node> learnt_;                               // nodes with references
    Marks asked_;
    std::vector<Visit> way_;                                 // from the source to where the request is
    std::vector<PeerId> open_;                               // scratch
    std::vector<std::optional<std::uint64_t>> scratch_;
};

}  // namespace praline::simulate
