#pragma once

#include <cstdint>
#include <vector>

#include "tools/simulate/world/graph.hpp"
#include "tools/simulate/world/network_model.hpp"
#include "tools/simulate/world/outcome.hpp"

namespace praline::simulate::graph {

/// What the graph host writes down of a query when it is asked for more than counts: where each node first heard it
/// from, what came to each node, and which hits came back when. 8 bytes a node.
/// A hit goes the way its copy came, from each node to whom that had the query from first, each link with a delay and a
/// loss of its own. A node that is dead, drops or is not there any more ends it. Hits are followed at once, not by
/// events: nothing that happens to a hit changes what a copy does.
class EventLog {
public:
    explicit EventLog(world::Graph const& graph) : heard_from_(graph.nodes(), 0), came_(graph.nodes(), 0) {}

    /// A new query begins.
    void begin(world::Node source, world::QueryNetwork const& network);
    /// Its next round (ring) begins, so long after the query.
    void begin_round(std::uint64_t round, std::uint64_t after_ms);
    /// A round that goes on with what the last one began: its answers still count.
    void begin_further_round(std::uint64_t round, std::uint64_t after_ms);

    /// A copy that takes so many bytes goes from `from` to `to`, `now` after the round began.
    /// @return when it arrives, as a delay; empty: it is lost on the way.
    [[nodiscard]] std::optional<std::uint32_t> send(world::Node from, world::Node to,
                                                    world::QueryNetwork const& network, std::uint64_t bytes);
    /// Whether neighbours have a link to it.
    [[nodiscard]] bool there(world::Node node, std::uint64_t now) const {
        return node == source_ || network_.there(node, after_ms_ + now);
    }
    /// A copy comes to `node`. @return false: the node has left meanwhile, or is dead.
    [[nodiscard]] bool arrive(world::Node node, std::uint64_t now);
    void heard(world::Node node, world::Node from) { heard_from_[node] = from; }
    /// Of a node that has heard the query.
    [[nodiscard]] world::Node heard_from(world::Node node) const { return heard_from_[node]; }
    /// Those to which a message of the query came.
    [[nodiscard]] std::vector<world::Node> const& busy() const { return busy_; }
    [[nodiscard]] world::Fate fate(world::Node node) const {
        return node == source_ ? world::Fate::honest : network_.fate(node);
    }
    /// `node` answers. @return whether its hit comes back.
    bool answer(world::Node node, bool has_it, std::uint64_t now);
    /// Hits of this round, and of those that it goes on with, that came, or will, before so long after the round began.
    [[nodiscard]] std::uint64_t answers_before(std::uint64_t now) const;

    /// Writes into `outcome` what is known now.
    void close(world::Outcome& outcome, std::uint32_t results_enough);
    [[nodiscard]] std::size_t bytes() const;

private:
    struct Came {
        std::uint64_t at_ms;
        bool true_one;
    };  // after the query began
    void count(world::Node node);

    std::vector<world::Node> heard_from_;
    std::vector<std::uint32_t> came_;  // messages, of the nodes in busy_
    std::vector<world::Node> busy_;
    world::Node source_ = 0;
    world::QueryNetwork network_;
    std::uint64_t round_number_ = 0, after_ms_ = 0;
    std::vector<Came> answers_;  // of this round, in the order in which they were made
    std::optional<std::uint64_t> first_ms_;
    std::uint64_t lost_ = 0, bytes_ = 0, hit_messages_ = 0, busiest_ = 0;
};

}  // namespace praline::simulate::graph
