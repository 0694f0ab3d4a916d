#include "tools/simulate/structured/geometry.hpp"

#include <algorithm>

namespace praline::simulate::structured {

namespace {

constexpr std::uint64_t of_keys = 0x4E75;

}  // namespace

Live::Live(Node nodes, double failed, Rng chance) : up_(nodes, true) {
    // So many exactly, as in the papers.
    auto left = static_cast<Node>(std::llround(failed * static_cast<double>(nodes)));
    for (Node node = 0; node < nodes; ++node) {
        bool const fails = chance.below(nodes - node) < left;
        if (fails) up_[node] = false, --left;
        if (!fails) all_up_.push_back(node);
    }
}

std::shared_ptr<Underlay const> underlay_of(Settings const& settings) {
    return settings.underlay ? settings.underlay : make_plane(settings.nodes, settings.seed);
}

std::vector<Key> keys_of(Settings const& settings) {
    if (settings.even_keys) {
        std::vector<Key> even(settings.nodes);
        for (Node node = 0; node < settings.nodes; ++node) even[node] = ~Key{0} / settings.nodes * node;
        return even;
    }
    Rng chance{settings.seed, of_keys};
    std::vector<Key> keys;
    while (keys.size() < settings.nodes) {
        while (keys.size() < settings.nodes) keys.push_back(chance.next());
        std::sort(keys.begin(), keys.end());
        keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    }
    return keys;
}

}  // namespace praline::simulate::structured
