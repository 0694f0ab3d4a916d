#include "tools/simulate/graph/graph_host.hpp"

#include "node/base/check.hpp"
#include "search/strategy/limits.hpp"

namespace praline::simulate::graph {
namespace {

constexpr std::uint64_t ring_wait_ms_per_hop =
    static_cast<std::uint64_t>(search::strategy::RingLimits{}.wait_per_hop.count());

}  // namespace

GraphHost::GraphHost(world::Graph const& graph) : graph_{graph}, calendar_{1}, seen_{graph.nodes()} {}

GraphHost::GraphHost(world::Graph const& graph, world::NetworkModel const& model, Detail detail)
    : graph_{graph}, model_{&model}, calendar_{model.delay_max_ms()}, seen_{graph.nodes()} {
    check(detail == Detail::events || model.options().faultless());
    if (detail == Detail::events) log_.emplace(graph);
}

void GraphHost::begin(world::Node source) {
    outcome_ = world::Outcome{};
    source_ = source;
    answers_ = cut_ = round_ = waited_hops_ = after_ms_ = 0;
    seen_.clear();
    seen_.add(source);
    calendar_.clear();
    if (model_ != nullptr) network_ = model_->query(query_);
    if (log_) log_->begin(source, network_);
}

world::Outcome GraphHost::outcome() {
    if (log_) log_->close(outcome_, model_->options().results_enough);
    outcome_.waited_hops = outcome_.hops;
    return outcome_;
}

bool GraphHost::answer(world::Node node, bool has_it, std::uint32_t hops) {
    if (log_ && !log_->answer(node, has_it, calendar_.now())) return true;
    ++answers_;
    last_finder_ = node;
    if (!has_it) return true;
    ++outcome_.results;
    if (!outcome_.found) outcome_.found = true, outcome_.hops = hops, finder_ = node;
    return true;
}

world::Outcome GraphHost::flood(world::Node source, unsigned ttl, world::NodeSet const& holders) {
    begin(source);
    carry(graph_.neighbours(source), ttl, holders);
    return outcome();
}

world::Outcome GraphHost::expanding_ring(world::Node source, search::strategy::RingSchedule const& schedule,
                                         world::NodeSet const& holders) {
    begin(source);
    std::uint64_t messages = 0, round = 0, after_ms = 0;
    std::uint32_t waited = 0;
    // Every node reached: a further ring cannot find more. A real node cannot know that and stops at its limit.
    bool const may_give_up = model_ == nullptr || model_->options().faultless();
    for (unsigned ttl = schedule.first();;) {
        carry(graph_.neighbours(source), ttl, holders);
        std::uint64_t const wait_ms = ring_wait_ms_per_hop * ttl;
        std::uint64_t const known = log_ ? log_->answers_before(wait_ms) : answers_;
        auto const next = may_give_up && cut_ == 0 ? std::nullopt : schedule.after(ttl, known);
        if (!next) {
            world::Outcome last = outcome();
            last.messages += messages;
            last.waited_hops = last.found ? waited + last.hops : 0;
            return last;
        }
        messages += outcome_.messages;
        waited += ttl;
        ttl = *next;
        // From scratch, but for what the log says of the query as a whole.
        outcome_ = world::Outcome{};
        answers_ = cut_ = 0;
        seen_.clear();
        seen_.add(source);
        calendar_.clear();
        after_ms += wait_ms;
        ++round;
        if (model_ != nullptr) network_ = network_.turn(round);
        if (log_) log_->begin_round(round, after_ms);
    }
}

std::vector<world::Node> GraphHost::way_of_find() const {
    std::vector<world::Node> way;
    if (!outcome_.found) return way;
    for (world::Node at = finder_; at != source_; at = log_->heard_from(at)) way.push_back(at);
    return way;
}

std::size_t GraphHost::octets() const {
    return calendar_.octets() + seen_.octets() + (log_ ? log_->octets() : 0) +
           stands_.capacity() * sizeof(world::Node) + arrived_.capacity() * sizeof(WalkCopy) +
           links_.capacity() * sizeof(world::Node) + heard_.capacity() * sizeof(Heard) +
           bits_begin_.capacity() * sizeof(std::uint32_t) + used_bits_.capacity() * sizeof(std::uint64_t) +
           trails_.capacity() * sizeof(world::Node) + has_trail_.octets();
}

}  // namespace praline::simulate::graph
