#include "tools/simulate/graph/flood.hpp"

#include <array>

#include "node/base/check.hpp"
#include "search/strategy/flood.hpp"
#include "tools/simulate/world/limits.hpp"

namespace praline::simulate::graph {
namespace {

using world::Node;
using world::NodeSet;

struct Even {
    [[nodiscard]] std::uint32_t operator()(Node, Node) const { return 1; }
};

struct Drawn {
    world::QueryNetwork const& network;
    [[nodiscard]] std::uint32_t operator()(Node from, Node to) const { return network.passage(from, to).delay_ms; }
};

/// Of one unit of time, those that are new where they come to.
template <class Delays>
void pass_on(QueryTransit& query, std::span<PackedEvent const> fresh, Delays const& delays, unsigned ttl,
             NodeSet const& holders) {
    world::Graph const& graph = query.graph();
    for (PackedEvent const event : fresh) {
        graph.prefetch_place(FloodCopy::to_of(event));
        holders.prefetch(FloodCopy::to_of(event));
    }
    for (PackedEvent const event : fresh) graph.prefetch_neighbours(FloodCopy::to_of(event));
    query.counts().reach += fresh.size();
    world::Calendar<PackedEvent>& calendar = query.calendar();
    std::uint64_t sent = 0;
    for (PackedEvent const event : fresh) {
        FloodCopy const copy = FloodCopy::unpack(event);
        if (holders.has(copy.to)) query.answer(copy.to, true, ttl - copy.ttl + 1);
        if (copy.ttl <= 1) {
            query.cut_off();
            continue;
        }
        search::strategy::flood_to(
            graph.neighbours(copy.to), [&](Node to) { return to != copy.from; },
            [&](Node to) {
                ++sent;
                calendar.put(FloodCopy::pack(to, copy.to, copy.ttl - 1), delays(copy.to, to));
            });
    }
    query.counts().messages += sent;
}

/// Copies are sorted into new ones and duplicates as they come. The new ones, one in eight or so, are gathered until there
/// are enough of them to have their neighbours fetched from memory all at once; in order, and within one unit of time,
/// so that it makes no difference.
template <class Delays>
void flood_by(QueryTransit& query, Delays const& delays, unsigned ttl, NodeSet const& holders) {
    constexpr std::size_t gathered_max = 4 * world::Calendar<PackedEvent>::chunk_events;
    std::array<PackedEvent, gathered_max> fresh;
    world::Calendar<PackedEvent>& calendar = query.calendar();
    world::NodeBits& reached = query.reached();
    while (calendar.advance()) {
        std::size_t count = 0;
        calendar.take([&](std::span<PackedEvent const> events) {
            if (count + events.size() > gathered_max)
                pass_on(query, {fresh.data(), count}, delays, ttl, holders), count = 0;
            for (PackedEvent const event : events) {
                fresh[count] = event;
                count += reached.add(FloodCopy::to_of(event)) ? 1 : 0;
            }
        });
        pass_on(query, {fresh.data(), count}, delays, ttl, holders);
    }
}

void copy_came(QueryTransit& query, FloodCopy copy, unsigned ttl, NodeSet const& holders) {
    if (!query.arrives(copy.to) || !query.reach(copy.to, copy.from)) return;
    world::Fate const fate = query.fate(copy.to);
    if (fate == world::Fate::dropper) return;
    bool const has_it = holders.has(copy.to);
    if (has_it || fate == world::Fate::liar) query.answer(copy.to, has_it, ttl - copy.ttl + 1);
    if (copy.ttl <= 1) {
        query.cut_off();
        return;
    }
    search::strategy::flood_to(
        query.graph().neighbours(copy.to), [&](Node to) { return to != copy.from; },
        [&](Node to) { query.send(copy.to, to, copy.ttl - 1); });
}

}  // namespace

void carry_flood(QueryTransit& query, std::span<Node const> to, unsigned ttl, NodeSet const& holders) {
    check(ttl <= world::ttl_max);
    if (ttl == 0) return;
    for (Node const one : to) query.send(query.source(), one, ttl);
    if (query.logs()) {
        while (query.calendar().advance())
            query.calendar().take([&](std::span<PackedEvent const> events) {
                for (PackedEvent const event : events) copy_came(query, FloodCopy::unpack(event), ttl, holders);
            });
    } else if (query.has_network()) {
        flood_by(query, Drawn{query.network()}, ttl, holders);
    } else {
        flood_by(query, Even{}, ttl, holders);
    }
}

}  // namespace praline::simulate::graph
