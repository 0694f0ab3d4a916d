// How GraphHost carries the copies of a flood.
#include <array>

#include "node/base/check.hpp"
#include "search/strategy/flood.hpp"
#include "tools/simulate/graph/graph_host.hpp"

namespace praline::simulate::graph {

struct GraphHost::Even {
    [[nodiscard]] std::uint32_t operator()(world::Node, world::Node) const { return 1; }
};

struct GraphHost::Drawn {
    world::QueryNetwork const& network;
    [[nodiscard]] std::uint32_t operator()(world::Node from, world::Node to) const {
        return network.passage(from, to).delay_ms;
    }
};

void GraphHost::carry(std::span<world::Node const> to, unsigned ttl, world::NodeSet const& holders) {
    check(ttl <= world::ttl_max);
    if (ttl == 0) return;
    if (logs_events()) {
        for (world::Node const one : to) send_logged(source_, one, ttl);
        flood_logged(ttl, holders);
        return;
    }
    Drawn const drawn{network_};
    for (world::Node const one : to) {
        ++outcome_.messages;
        calendar_.put(FloodCopy::pack(one, source_, ttl), model_ == nullptr ? 1 : drawn(source_, one));
    }
    if (model_ == nullptr)
        flood_by(Even{}, ttl, holders);
    else
        flood_by(drawn, ttl, holders);
}

/// Copies are sorted into new ones and duplicates as they come. The new ones, one in eight or so, are gathered until there
/// are enough of them to have their neighbours fetched from memory all at once; in order, and within one unit of time,
/// so that nobody can tell.
template <class Delays>
void GraphHost::flood_by(Delays const& delays, unsigned ttl, world::NodeSet const& holders) {
    constexpr std::size_t gathered_max = 4 * world::Calendar<PackedEvent>::chunk_events;
    std::array<PackedEvent, gathered_max> fresh;
    while (calendar_.advance()) {
        std::size_t count = 0;
        calendar_.take([&](std::span<PackedEvent const> events) {
            if (count + events.size() > gathered_max) pass_on({fresh.data(), count}, delays, ttl, holders), count = 0;
            for (PackedEvent const event : events) {
                fresh[count] = event;
                count += seen_.add(FloodCopy::to_of(event)) ? 1 : 0;
            }
        });
        pass_on({fresh.data(), count}, delays, ttl, holders);
    }
}

template <class Delays>
void GraphHost::pass_on(std::span<PackedEvent const> fresh, Delays const& delays, unsigned ttl,
                        world::NodeSet const& holders) {
    for (PackedEvent const event : fresh) {
        graph_.prefetch_place(FloodCopy::to_of(event));
        holders.prefetch(FloodCopy::to_of(event));
    }
    for (PackedEvent const event : fresh) graph_.prefetch_neighbours(FloodCopy::to_of(event));
    outcome_.reach += fresh.size();
    std::uint64_t sent = 0;
    for (PackedEvent const event : fresh) {
        FloodCopy const copy = FloodCopy::unpack(event);
        if (holders.has(copy.to)) answer(copy.to, true, ttl - copy.ttl + 1);
        if (copy.ttl <= 1) {
            ++cut_;
            continue;
        }
        search::strategy::flood_to(
            graph_.neighbours(copy.to), [&](world::Node to) { return to != copy.from; },
            [&](world::Node to) {
                ++sent;
                calendar_.put(FloodCopy::pack(to, copy.to, copy.ttl - 1), delays(copy.to, to));
            });
    }
    outcome_.messages += sent;
}

void GraphHost::send_logged(world::Node from, world::Node to, unsigned ttl) {
    if (!log_->there(to, calendar_.now())) return;
    ++outcome_.messages;
    if (auto const delay = log_->send(from, to, network_, world::MessageSizes::query))
        calendar_.put(FloodCopy::pack(to, from, ttl), *delay);
}

void GraphHost::flood_logged(unsigned ttl, world::NodeSet const& holders) {
    while (calendar_.advance())
        calendar_.take([&](std::span<PackedEvent const> events) {
            for (PackedEvent const event : events) copy_came(FloodCopy::unpack(event), ttl, holders);
        });
}

void GraphHost::copy_came(FloodCopy copy, unsigned ttl, world::NodeSet const& holders) {
    if (!log_->arrive(copy.to, calendar_.now()) || !seen_.add(copy.to)) return;
    ++outcome_.reach;
    log_->heard(copy.to, copy.from);
    world::Fate const fate = log_->fate(copy.to);
    if (fate == world::Fate::dropper) return;
    bool const has_it = holders.has(copy.to);
    if (has_it || fate == world::Fate::liar) answer(copy.to, has_it, ttl - copy.ttl + 1);
    if (copy.ttl <= 1) {
        ++cut_;
        return;
    }
    search::strategy::flood_to(
        graph_.neighbours(copy.to), [&](world::Node to) { return to != copy.from; },
        [&](world::Node to) { send_logged(copy.to, to, copy.ttl - 1); });
}

}  // namespace praline::simulate::graph
