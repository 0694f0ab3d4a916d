#include "tools/simulate/structured/lookups.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "tools/simulate/world/parallel.hpp"

namespace praline::simulate::structured {

namespace {

constexpr std::array<Overlay, 6> all_overlays{{{"chord", make_chord},
                                               {"can", make_can},
                                               {"kademlia", make_kademlia},
                                               {"pastry", make_pastry},
                                               {"tapestry", make_tapestry},
                                               {"key", make_key}}};
constexpr std::uint64_t of_failures = 0xDEAD, of_lookups = 0x100C;
/// Sums of doubles depend on their order: each block is summed by itself, and the blocks in order.
constexpr std::uint64_t block_lookups = 1024;

struct Sums {
    std::uint64_t right = 0, hops = 0, timeouts = 0;
    std::vector<std::uint64_t> by_hops;
    double length = 0, straight = 0;
};

}  // namespace

std::span<Overlay const> overlays() { return all_overlays; }

Overlay const* overlay_named(std::string_view name) {
    auto const at =
        std::find_if(all_overlays.begin(), all_overlays.end(), [&](Overlay const& one) { return one.name == name; });
    return at == all_overlays.end() ? nullptr : &*at;
}

Live live_of(Experiment const& experiment) {
    auto const& settings = experiment.settings;
    return {settings.nodes, experiment.failed, Rng{settings.seed, of_failures}};
}

Outcome look_up(RoutingGeometry const& geometry, Experiment const& experiment) {
    auto const& settings = experiment.settings;
    auto const live = live_of(experiment);
    auto const underlay = underlay_of(settings);
    auto const keys = experiment.of_nodes ? keys_of(settings) : std::vector<Key>{};
    std::vector<Sums> blocks((experiment.lookups + block_lookups - 1) / block_lookups);
    auto const one_block = [&](std::uint64_t block) {
        auto& sums = blocks[block];
        auto const end = std::min(experiment.lookups, (block + 1) * block_lookups);
        for (auto number = block * block_lookups; number < end; ++number) {
            Rng chance{settings.seed ^ of_lookups, number};
            Node const from = live.all_up()[chance.below(live.all_up().size())];
            Key const key = keys.empty() ? chance.next() : keys[live.all_up()[chance.below(live.all_up().size())]];
            auto const lookup = geometry.look_up(from, key, live, chance);
            auto const owner = geometry.owner(key, live);
            if (!owner || lookup.end != owner) continue;
            ++sums.right;
            sums.hops += lookup.hops;
            if (sums.by_hops.size() <= lookup.hops) sums.by_hops.resize(lookup.hops + 1);
            ++sums.by_hops[lookup.hops];
            sums.timeouts += lookup.timeouts;
            sums.length += lookup.length;
            sums.straight += underlay->distance(from, *owner);
        }
    };
    static_cast<void>(world::in_parallel<1>(blocks.size(), experiment.threads, [&] { return one_block; }));
    Sums all;
    for (auto const& sums : blocks) {
        all.right += sums.right;
        all.hops += sums.hops;
        all.by_hops.resize(std::max(all.by_hops.size(), sums.by_hops.size()));
        for (std::size_t hops = 0; hops < sums.by_hops.size(); ++hops) all.by_hops[hops] += sums.by_hops[hops];
        all.timeouts += sums.timeouts;
        all.length += sums.length;
        all.straight += sums.straight;
    }
    Outcome outcome;
    auto const right = static_cast<double>(all.right);
    outcome.success_rate = right / static_cast<double>(experiment.lookups);
    if (all.right > 0) {
        outcome.hops_mean = static_cast<double>(all.hops) / right;
        outcome.timeouts_mean = static_cast<double>(all.timeouts) / right;
    }
    if (!all.by_hops.empty()) outcome.hops_max = all.by_hops.size() - 1;
    outcome.by_hops = std::move(all.by_hops);
    if (all.straight > 0) outcome.stretch_mean = all.length / all.straight;
    std::uint64_t entries = 0;
    for (Node node = 0; node < settings.nodes; ++node) entries += geometry.entries(node);
    outcome.entries_mean = static_cast<double>(entries) / static_cast<double>(settings.nodes);
    return outcome;
}

}  // namespace praline::simulate::structured
