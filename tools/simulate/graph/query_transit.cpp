#include "tools/simulate/graph/query_transit.hpp"

#include "node/base/check.hpp"

namespace praline::simulate::graph {

using world::MessageSizes;
using world::Node;

QueryTransit::QueryTransit(world::Graph const& graph) : graph_{graph}, calendar_{1}, reached_{graph.nodes()} {}

QueryTransit::QueryTransit(world::Graph const& graph, world::NetworkModel const& model, Detail detail)
    : graph_{graph}, model_{&model}, calendar_{model.delay_max_ms()}, reached_{graph.nodes()} {
    check(detail == Detail::events || model.options().faultless());
    if (detail == Detail::events) log_.emplace(graph);
}

void QueryTransit::begin(Node source) {
    outcome_ = world::Outcome{};
    source_ = source;
    answers_ = cut_ = round_ = waited_hops_ = after_ms_ = 0;
    reached_.clear();
    reached_.add(source);
    calendar_.clear();
    if (model_ != nullptr) network_ = model_->query(number_);
    if (log_) log_->begin(source, network_);
}

void QueryTransit::restart(std::uint64_t turn, std::uint64_t round, std::uint64_t after_ms) {
    outcome_ = world::Outcome{};
    answers_ = cut_ = 0;
    reached_.clear();
    reached_.add(source_);
    calendar_.clear();
    if (model_ != nullptr) network_ = network_.turn(turn);
    if (log_) log_->begin_round(round, after_ms);
}

void QueryTransit::begin_stage(std::uint32_t hops, std::uint64_t wait_ms) {
    waited_hops_ += hops;
    after_ms_ += wait_ms;
    ++round_;
    calendar_.clear();
    if (model_ != nullptr) network_ = network_.turn(round_);
    if (log_) log_->begin_further_round(round_, after_ms_);
}

world::NodeBits QueryTransit::begin_reach() {
    world::NodeBits before = reached_;
    reached_.clear();
    reached_.add(source_);
    return before;
}

void QueryTransit::count_once(world::NodeBits const& before) {
    outcome_.reach -= before.common(reached_) - 1;  // both know the source, which does not count
}

std::optional<std::uint32_t> QueryTransit::delay_of(Node from, Node to, std::uint64_t turn, std::uint64_t bytes) {
    if (model_ == nullptr) return 1;
    world::QueryNetwork const network = network_.turn(turn);
    return log_ ? log_->send(from, to, network, bytes) : network.passage(from, to).delay_ms;
}

void QueryTransit::send(Node from, Node to, unsigned ttl) {
    std::optional<std::uint32_t> delay{1};
    if (log_) {
        if (!log_->there(to, now())) return;
        delay = log_->send(from, to, network_, MessageSizes::query);
    } else if (model_ != nullptr) {
        delay = network_.passage(from, to).delay_ms;
    }
    ++outcome_.messages;
    if (delay) calendar_.put(FloodCopy::pack(to, from, ttl), *delay);
}

void QueryTransit::answer(Node node, bool has_it, std::uint32_t hops) {
    if (log_ && !log_->answer(node, has_it, now())) return;
    ++answers_;
    last_finder_ = node;
    if (!has_it) return;
    ++outcome_.results;
    if (!outcome_.found) outcome_.found = true, outcome_.hops = hops, finder_ = node;
}

world::Outcome QueryTransit::outcome() {
    if (log_) log_->close(outcome_, model_->options().results_enough);
    outcome_.waited_hops = outcome_.hops;
    return outcome_;
}

std::size_t QueryTransit::bytes() const { return calendar_.bytes() + reached_.bytes() + (log_ ? log_->bytes() : 0); }

}  // namespace praline::simulate::graph
