#include "tools/simulate/graph/probes.hpp"

#include <algorithm>
#include <limits>

#include "search/strategy/flood.hpp"
#include "search/strategy/limits.hpp"

namespace praline::simulate::graph {

using namespace search::strategy;
using world::Fate;
using world::Node;
using world::NodeSet;

namespace {

constexpr auto wait_ms_per_hop = static_cast<std::uint64_t>(DynamicLimits{}.wait_per_hop.count());

}  // namespace

/// What the asker keeps of it.
struct Probes::Widening {
    DynamicRules const& rules;
    bool give_up;
    std::uint64_t answers_before;  // what the query had found before it began to widen
    std::vector<Connection> connections{};
    std::uint64_t hosts = 0;
    std::uint32_t hops_waited = 0;
    std::uint64_t found = 0;  // of those that came since, as far as the asker knows
};

void Probes::begin(QueryTransit const& query) {
    heard_.resize(query.graph().nodes());
    heard_[query.source()] = Heard{query.source(), 0, 0};
}

void Probes::carry(QueryTransit& query, NodeSet const& holders) {
    while (query.calendar().advance())
        query.calendar().take([&](std::span<PackedEvent const> events) {
            for (PackedEvent const event : events) came(query, FloodCopy::unpack(event), holders);
        });
}

void Probes::widen(QueryTransit& query, DynamicRules const& rules, WalkChances const& chances, bool give_up,
                   NodeSet const& holders) {
    begin(query);
    Widening widening{rules, give_up && query.faultless(), query.answers()};
    for (Node const node : query.graph().neighbours(query.source())) {
        Connection connection;
        connection.degree = query.graph().degree(node);
        connection.ttl_max = std::numeric_limits<std::uint8_t>::max();
        connection.again = true;
        widening.connections.push_back(connection);
    }
    Rng chance = chances.of(0, 0);
    std::vector<Reach> reaches = rules.probe(widening.connections, chance);
    if (reaches.empty())
        if (auto const first = rules.next(widening.connections, 0, 0, chance)) reaches.push_back(*first);
    while (!reaches.empty()) {
        ask(query, widening, reaches, holders);
        reaches.clear();
        if (!rules.any_left(widening.connections) || widening.hops_waited >= rules.hops_waited_max) break;
        chance = chances.of(0, widening.hops_waited);
        auto const found = static_cast<std::size_t>(widening.found);
        if (auto const next = rules.next(widening.connections, found, widening.hosts, chance)) reaches.push_back(*next);
    }
}

/// Sends it, carries all copies until none is on its way, and waits as long as the node's strategy does.
void Probes::ask(QueryTransit& query, Widening& widening, std::span<Reach const> reaches, NodeSet const& holders) {
    bool const found_before = query.counts().found;
    std::uint32_t furthest = 0;
    auto const neighbours = query.graph().neighbours(query.source());
    query.forget_cut();
    for (Reach const& reach : reaches) {
        Connection& connection = widening.connections[reach.connection];
        widening.hosts += std::min(widening.rules.gain(connection, reach.ttl), widening.rules.hosts_max);
        connection.ttl_sent = reach.ttl;
        furthest = std::max<std::uint32_t>(furthest, reach.ttl);
        query.send(query.source(), neighbours[reach.connection], reach.ttl);
    }
    carry(query, holders);
    if (widening.give_up && query.cut() == 0)
        for (Reach const& reach : reaches) widening.connections[reach.connection].ttl_max = reach.ttl;
    std::uint64_t const wait_ms = wait_ms_per_hop * furthest;
    widening.found = query.answers_known(wait_ms) - widening.answers_before;
    widening.hops_waited += furthest;
    query.begin_stage(found_before || query.counts().found ? 0 : furthest, wait_ms);
}

void Probes::came(QueryTransit& query, FloodCopy copy, NodeSet const& holders) {
    if (!query.arrives(copy.to)) return;
    Heard& heard = heard_[copy.to];
    auto const ttl = static_cast<std::uint8_t>(copy.ttl);
    Fate const fate = query.fate(copy.to);
    if (query.reach(copy.to, copy.from)) {
        heard = Heard{copy.from, ttl, static_cast<std::uint8_t>(heard_[copy.from].hops + 1)};
        if (fate == Fate::dropper) return;
        bool const has_it = holders.has(copy.to);
        if (has_it || fate == Fate::liar) query.answer(copy.to, has_it, heard.hops);
    } else {
        if (copy.to == query.source() || heard.from != copy.from || ttl <= heard.ttl || fate == Fate::dropper) return;
        heard.ttl = ttl;
    }
    if (copy.ttl <= 1) {
        query.cut_off();
        return;
    }
    flood_to(
        query.graph().neighbours(copy.to), [&](Node to) { return to != copy.from; },
        [&](Node to) { query.send(copy.to, to, copy.ttl - 1); });
}

}  // namespace praline::simulate::graph
