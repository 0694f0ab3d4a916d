#include "tools/bench/heap_flood.hpp"

#include "search/strategy/flood.hpp"

namespace praline::bench {

using simulate::graph::FloodCopy;
using simulate::world::Node;

HeapFlood::Totals HeapFlood::flood(Node source, unsigned ttl, std::uint64_t query) {
    Totals totals;
    std::uint64_t now = 0;
    simulate::world::QueryNetwork const network =
        model_ == nullptr ? simulate::world::QueryNetwork{} : model_->query(query);
    auto const send = [&](Node from, Node to, unsigned with_ttl) {
        std::uint64_t const delay = model_ == nullptr ? 1 : network.passage(from, to).delay_ms;
        calendar_.push(Due{now + delay, totals.messages++, FloodCopy::pack(to, from, with_ttl)});
    };
    seen_.clear();
    seen_.add(source);
    for (Node const to : graph_.neighbours(source)) send(source, to, ttl);
    while (!calendar_.empty()) {
        Due const due = calendar_.top();
        calendar_.pop();
        now = due.at;
        FloodCopy const copy = FloodCopy::unpack(due.event);
        if (!seen_.add(copy.to)) continue;
        ++totals.reach;
        if (copy.ttl <= 1) continue;
        search::strategy::flood_to(
            graph_.neighbours(copy.to), [&](Node to) { return to != copy.from; },
            [&](Node to) { send(copy.to, to, copy.ttl - 1); });
    }
    return totals;
}

}  // namespace praline::bench
