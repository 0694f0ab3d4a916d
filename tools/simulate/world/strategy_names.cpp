#include "tools/simulate/world/strategy_names.hpp"

#include <algorithm>
#include <array>

#include "tools/simulate/world/graph.hpp"
#include "tools/simulate/world/limits.hpp"

namespace praline::simulate::world {
namespace {

constexpr ParameterMask distance{true, false}, walk{false, true};

constexpr std::array rows{
    StrategyRow{StrategyName::flood, "flood", "a copy on every link, as far as the TTL reaches", distance,
                flood_ttl_default},
    StrategyRow{StrategyName::expanding_ring, "expanding-ring", "floods of growing TTL until one finds a match",
                distance, ttl_max},
    StrategyRow{StrategyName::random_walk, "random-walk", "walkers that step to any neighbour and check back", walk, 0},
    StrategyRow{StrategyName::biased_walk, "biased-walk", "walkers that prefer neighbours with many links", walk, 0},
    StrategyRow{StrategyName::dynamic, "dynamic", "a probe, then one neighbour after the other, as far as it takes",
                distance, 7},
    StrategyRow{StrategyName::automatic, "auto", "few walkers, then many, then dynamic querying for the rest", distance,
                ttl_max},
    StrategyRow{StrategyName::key, "key", "one request towards the nearest known key, then a flood", distance, 20},
};

}  // namespace

std::span<StrategyRow const> strategy_rows() { return rows; }

StrategyRow const& row_of(StrategyName strategy) {
    return *std::find_if(rows.begin(), rows.end(), [&](StrategyRow const& row) { return row.id == strategy; });
}

char const* to_string(StrategyName strategy) { return row_of(strategy).name; }

std::string strategy_names() {
    std::string names;
    for (StrategyRow const& row : rows) names += (names.empty() ? "" : ", ") + std::string{row.name};
    return names;
}

StrategyName strategy_named(std::string const& name) {
    for (StrategyRow const& row : rows)
        if (name == row.name) return row.id;
    throw BadInput{"strategy " + name + " is not known; it may be one of " + strategy_names()};
}

}  // namespace praline::simulate::world
