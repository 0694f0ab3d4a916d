#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "node/base/ids.hpp"
#include "search/strategy/key_rules.hpp"
#include "tools/simulate/graph/graph_host.hpp"

namespace praline::simulate::graph {

/// Hosts key routing on one adjacency instead of on a node each. Whom a node asks next comes from the functions that the
/// node's strategy calls too, and nodes keep what they have learnt from one query to the next until told to forget. A unit
/// test carries the messages of one strategy object a node on the same graphs and finds the same counts.
/// What goes back takes its time but is no copy of the query and not counted. When a request came back with nothing, or
/// was lost and the asker's patience is over, the query is flooded; what a flood finds teaches the asker only: by which
/// neighbour the last hit came.
/// @threads one.
class KeyHost {
public:
    explicit KeyHost(world::Graph const& graph);
    /// All that nodes have learnt.
    void forget();
    /// @param hops_to_live  of the request, tries that fail included. @param flood_ttl  0: it is never flooded.
    /// @param holders  nodes with a match; not the source. @param host  of the same graph; its network is this one's.
    world::Outcome request(world::Node source, std::uint64_t key, unsigned hops_to_live, unsigned flood_ttl,
                           world::NodeSet const& holders, GraphHost& host);
    /// What has been learnt; neighbour i of the node, from 0 on, is PeerId{i + 1}.
    [[nodiscard]] search::strategy::KeyReferences<PeerId> const& references(world::Node node) const {
        return references_[node];
    }

private:
    struct Visit {
        world::Node node;
        std::vector<PeerId> tried;  // sorted
    };
    /// What became of a request where it is now.
    enum class Stand : std::uint8_t { goes_on, ended, lost };
    [[nodiscard]] std::optional<world::Node> next_of(Visit& here, std::uint64_t key, QueryTransit const& query);
    /// Carries one message. @return whether it came to a node that is there.
    bool pass(world::Node from, world::Node to, std::uint64_t bytes, QueryTransit& query);
    Stand go_on(world::Node to, world::NodeSet const& holders, QueryTransit& query);
    Stand go_back(QueryTransit& query);
    /// A node's neighbours have the names there that they have at full scale, by their order.
    [[nodiscard]] static PeerId peer_at(std::size_t place) { return PeerId{static_cast<std::uint32_t>(place + 1)}; }
    [[nodiscard]] PeerId peer_of(world::Node at, world::Node neighbour) const;
    std::optional<world::Node> flood(unsigned ttl, world::NodeSet const& holders, GraphHost& host);
    void learn(world::Node at, std::uint64_t key, world::Node from);

    world::Graph const& graph_;
    std::vector<search::strategy::KeyReferences<PeerId>> references_;
    std::vector<world::Node> learnt_;  // nodes with references
    std::vector<Visit> way_;           // from the source to where the request is
    std::uint32_t steps_ = 0;          // forth and back, of this request
    std::vector<PeerId> open_;         // scratch
    std::vector<std::optional<std::uint64_t>> scratch_;
};

}  // namespace praline::simulate::graph
