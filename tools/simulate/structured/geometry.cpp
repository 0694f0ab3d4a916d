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

Node first_at_least(std::vector<Key> const& keys, Key key) {
    __extension__ using Wide = unsigned __int128;
    auto const count = static_cast<Node>(keys.size());
    auto const guess = static_cast<Node>((Wide{key} * count) >> key_bits);
    Node low = 0, high = count, step = 16;
    if (guess < count && keys[guess] < key) {
        low = guess + 1;
        while (count - low > step && keys[low + step] < key) low += step + 1, step *= 2;
        high = std::min(count, low + step + 1);
    } else {
        high = guess;
        while (high > step && keys[high - step] >= key) high -= step, step *= 2;
        low = high > step ? high - step : 0;
    }
    auto const begin = keys.begin();
    return static_cast<Node>(std::lower_bound(begin + low, begin + high, key) - begin);
}

}  // namespace praline::simulate::structured
