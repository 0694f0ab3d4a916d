#pragma once

#include <cstdint>
#include <optional>

#include "tools/simulate/graph/copies.hpp"
#include "tools/simulate/graph/event_log.hpp"
#include "tools/simulate/world/calendar.hpp"
#include "tools/simulate/world/graph.hpp"
#include "tools/simulate/world/network_model.hpp"
#include "tools/simulate/world/node_set.hpp"
#include "tools/simulate/world/outcome.hpp"

namespace praline::simulate::graph {

/// What a host with a network model is to find out.
enum class Detail : std::uint8_t {
    counts,  ///< what a host without one does, at the model's latencies; the model has no faults then
    events,  ///< all of `Outcome`
};

/// One query under way at graph scale: which of its messages are on their way, which nodes it has reached, who has
/// answered, and what that cost. Whatever carries a strategy's copies puts them in here and takes them out.
/// One object a thread; graph and model are shared and outlive it.
class QueryTransit {
public:
    explicit QueryTransit(world::Graph const& graph);
    /// @pre detail is events, or the model's options are faultless.
    QueryTransit(world::Graph const& graph, world::NetworkModel const& model, Detail detail);

    /// The number of the query that comes next: what the network does to it follows from that.
    void number_query(std::uint64_t number) { number_ = number; }
    /// A query begins. What is known of the last one is forgotten.
    void begin(world::Node source);
    /// The query begins from scratch in a further round, so long after it began at first; only the log goes on.
    /// @param turn  of the network's draws.
    void restart(std::uint64_t turn, std::uint64_t round, std::uint64_t after_ms);
    /// The query goes on in a further stage, so long after the last one began.
    /// @param hops  counted as waited for in vain.
    void begin_stage(std::uint32_t hops, std::uint64_t wait_ms);
    /// Nodes reached so far do not count as reached in what follows. @return they.
    [[nodiscard]] world::NodeBits begin_reach();
    /// Nodes reached before `begin_reach` and after count once. @param before  what that returned.
    void count_once(world::NodeBits const& before);

    [[nodiscard]] world::Graph const& graph() const { return graph_; }
    [[nodiscard]] world::Node source() const { return source_; }
    [[nodiscard]] world::Calendar<PackedEvent>& calendar() { return calendar_; }
    [[nodiscard]] std::uint64_t now() const { return calendar_.now(); }
    /// Nodes that have had the query.
    [[nodiscard]] world::NodeBits& reached() { return reached_; }
    [[nodiscard]] world::Outcome& counts() { return outcome_; }
    [[nodiscard]] world::QueryNetwork const& network() const { return network_; }

    [[nodiscard]] bool has_network() const { return model_ != nullptr; }
    [[nodiscard]] bool faultless() const { return model_ == nullptr || model_->options().faultless(); }
    [[nodiscard]] bool logs() const { return log_.has_value(); }
    /// @pre logs()
    [[nodiscard]] EventLog const& log() const { return *log_; }
    /// Whether all neighbours have their links all the time.
    [[nodiscard]] bool all_there() const { return !log_ || model_->options().away <= 0; }
    /// Whether neighbours have a link to it now.
    [[nodiscard]] bool there(world::Node node) const { return !log_ || log_->there(node, now()); }
    [[nodiscard]] world::Fate fate(world::Node node) const { return log_ ? log_->fate(node) : world::Fate::honest; }

    /// A message leaves; it is not counted as a copy of the query. @param turn  of the network's draws.
    /// @return how long it takes; empty: it is lost.
    [[nodiscard]] std::optional<std::uint32_t> delay_of(world::Node from, world::Node to, std::uint64_t turn,
                                                        std::uint64_t bytes);
    /// A flooded copy leaves, if the link is there.
    void send(world::Node from, world::Node to, unsigned ttl);
    /// A message comes. @return false: the node has left meanwhile, or is dead.
    [[nodiscard]] bool arrives(world::Node node) { return !log_ || log_->arrive(node, now()); }
    /// `node` has the query from `from`. @return whether it is new there.
    bool reach(world::Node node, world::Node from) {
        if (!reached_.add(node)) return false;
        ++outcome_.reach;
        if (log_) log_->heard(node, from);
        return true;
    }
    /// `node` has a match, or lies; its hit comes back, or is lost.
    void answer(world::Node node, bool has_it, std::uint32_t hops);
    /// A node would have sent a copy on but for its TTL.
    void cut_off() { ++cut_; }

    /// Hits, true or not, that came back.
    [[nodiscard]] std::uint64_t answers() const { return answers_; }
    /// As many of them as the asker knows of so long after the round began.
    [[nodiscard]] std::uint64_t answers_known(std::uint64_t after_ms) const {
        return log_ ? log_->answers_before(after_ms) : answers_;
    }
    [[nodiscard]] std::uint64_t cut() const { return cut_; }
    void forget_cut() { cut_ = 0; }
    [[nodiscard]] world::Node finder() const { return finder_; }            ///< whose match was found first
    [[nodiscard]] world::Node last_finder() const { return last_finder_; }  ///< who answered last
    /// TTLs and steps waited for in the stages before.
    [[nodiscard]] std::uint64_t waited_hops() const { return waited_hops_; }

    /// Of the query as it is now.
    [[nodiscard]] world::Outcome outcome();
    /// Bytes of what it keeps beyond the graph. The most so far: nothing is given back.
    [[nodiscard]] std::size_t bytes() const;

private:
    world::Graph const& graph_;
    world::NetworkModel const* model_ = nullptr;
    std::uint64_t number_ = 0;
    world::Node source_ = 0;
    world::QueryNetwork network_;
    world::Calendar<PackedEvent> calendar_;
    world::NodeBits reached_;
    std::optional<EventLog> log_;
    world::Outcome outcome_;
    std::uint64_t answers_ = 0;
    std::uint64_t cut_ = 0;
    world::Node finder_ = 0, last_finder_ = 0;
    std::uint64_t round_ = 0;
    std::uint64_t waited_hops_ = 0;
    std::uint64_t after_ms_ = 0;  // so long after the query began this stage began
};

}  // namespace praline::simulate::graph
