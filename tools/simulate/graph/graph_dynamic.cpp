// How GraphHost carries a query that widens.
#include <algorithm>
#include <limits>

#include "search/strategy/flood.hpp"
#include "search/strategy/limits.hpp"
#include "tools/simulate/graph/graph_host.hpp"

namespace praline::simulate::graph {

using namespace search::strategy;

namespace {

constexpr auto wait_ms_per_hop = static_cast<std::uint64_t>(DynamicLimits{}.wait_per_hop.count());

}  // namespace

/// What the asker keeps of it.
struct GraphHost::Widening {
    DynamicRules const& rules;
    world::Node source;
    bool give_up;
    std::vector<Connection> connections{};
    std::uint64_t hosts = 0;
    std::uint32_t hops_waited = 0;
    std::uint64_t answers_before = 0;  // what the query had found before it began to widen
    std::uint64_t found = 0;           // of those that came since, as far as the asker knows
};

world::Outcome GraphHost::dynamic(world::Node source, DynamicRules const& rules, world::NodeSet const& holders,
                                  Rng& rng, bool give_up) {
    begin(source);
    widen(source, rules, WalkChances{Guid::random(rng)}, give_up, holders);
    world::Outcome result = outcome();
    result.waited_hops = result.found ? static_cast<std::uint32_t>(waited_hops_ + result.hops) : 0;
    return result;
}

void GraphHost::widen(world::Node source, DynamicRules const& rules, WalkChances const& chances, bool give_up,
                      world::NodeSet const& holders) {
    heard_.resize(graph_.nodes());
    heard_[source] = Heard{source, 0, 0};
    Widening widening{rules, source, give_up && (model_ == nullptr || model_->options().faultless())};
    widening.answers_before = answers_;
    for (world::Node const node : graph_.neighbours(source)) {
        Connection connection;
        connection.degree = graph_.degree(node);
        connection.ttl_max = std::numeric_limits<std::uint8_t>::max();
        connection.again = true;
        widening.connections.push_back(connection);
    }
    Rng chance = chances.of(0, 0);
    std::vector<Reach> reaches = rules.probe(widening.connections, chance);
    if (reaches.empty())
        if (auto const first = rules.next(widening.connections, 0, 0, chance)) reaches.push_back(*first);
    while (!reaches.empty()) {
        ask(widening, reaches, holders);
        reaches.clear();
        if (!rules.any_left(widening.connections) || widening.hops_waited >= rules.hops_waited_max) break;
        chance = chances.of(0, widening.hops_waited);
        auto const found = static_cast<std::size_t>(widening.found);
        if (auto const next = rules.next(widening.connections, found, widening.hosts, chance)) reaches.push_back(*next);
    }
}

/// Sends it, carries all copies until none is on its way, and waits as long as the node's strategy does.
void GraphHost::ask(Widening& widening, std::span<Reach const> reaches, world::NodeSet const& holders) {
    bool const found_before = outcome_.found;
    std::uint32_t furthest = 0;
    auto const neighbours = graph_.neighbours(widening.source);
    cut_ = 0;
    for (Reach const& reach : reaches) {
        Connection& connection = widening.connections[reach.connection];
        widening.hosts += std::min(widening.rules.gain(connection, reach.ttl), widening.rules.hosts_max);
        connection.ttl_sent = reach.ttl;
        furthest = std::max<std::uint32_t>(furthest, reach.ttl);
        send_probe(widening.source, neighbours[reach.connection], reach.ttl);
    }
    while (calendar_.advance())
        calendar_.take([&](std::span<PackedEvent const> events) {
            for (PackedEvent const event : events) probe_came(FloodCopy::unpack(event), holders);
        });
    if (widening.give_up && cut_ == 0)
        for (Reach const& reach : reaches) widening.connections[reach.connection].ttl_max = reach.ttl;
    std::uint64_t const wait_ms = wait_ms_per_hop * furthest;
    widening.found = (log_ ? log_->answers_before(wait_ms) : answers_) - widening.answers_before;
    widening.hops_waited += furthest;
    begin_next_stage(found_before || outcome_.found ? 0 : furthest, wait_ms);
}

/// What comes next begins when this has been waited for. @param hops  counted as waited for in vain.
void GraphHost::begin_next_stage(std::uint32_t hops, std::uint64_t wait_ms) {
    waited_hops_ += hops;
    after_ms_ += wait_ms;
    ++round_;
    calendar_.clear();
    if (model_ != nullptr) network_ = network_.turn(round_);
    if (log_) log_->begin_further_round(round_, after_ms_);
}

void GraphHost::send_probe(world::Node from, world::Node to, unsigned ttl) {
    if (logs_events()) return send_logged(from, to, ttl);
    ++outcome_.messages;
    calendar_.put(FloodCopy::pack(to, from, ttl), model_ == nullptr ? 1 : network_.passage(from, to).delay_ms);
}

void GraphHost::probe_came(FloodCopy copy, world::NodeSet const& holders) {
    if (logs_events() && !log_->arrive(copy.to, calendar_.now())) return;
    Heard& heard = heard_[copy.to];
    auto const ttl = static_cast<std::uint8_t>(copy.ttl);
    world::Fate const fate = logs_events() ? log_->fate(copy.to) : world::Fate::honest;
    if (seen_.add(copy.to)) {
        heard = Heard{copy.from, ttl, static_cast<std::uint8_t>(heard_[copy.from].hops + 1)};
        ++outcome_.reach;
        if (logs_events()) log_->heard(copy.to, copy.from);
        if (fate == world::Fate::dropper) return;
        bool const has_it = holders.has(copy.to);
        if (has_it || fate == world::Fate::liar) answer(copy.to, has_it, heard.hops);
    } else {
        if (copy.to == source_ || heard.from != copy.from || ttl <= heard.ttl || fate == world::Fate::dropper) return;
        heard.ttl = ttl;
    }
    if (copy.ttl <= 1) {
        ++cut_;
        return;
    }
    flood_to(
        graph_.neighbours(copy.to), [&](world::Node to) { return to != copy.from; },
        [&](world::Node to) { send_probe(copy.to, to, copy.ttl - 1); });
}

}  // namespace praline::simulate::graph
