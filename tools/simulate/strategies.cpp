#include "tools/simulate/strategies.hpp"

#include <algorithm>
#include <array>

#include "tools/simulate/limits.hpp"

namespace praline::simulate {
namespace {

Outcome flood(Question const& question) {
    return question.hosts.graph.flood(question.source, question.options.effective_ttl(), question.holders);
}

Outcome expanding_ring(Question const& question) {
    return question.hosts.graph.expanding_ring(question.source, {1, 2, question.options.effective_ttl(), 1}, question.holders);
}

Outcome random_walk(Question const& question) {
    RunOptions const& options = question.options;
    return question.hosts.graph.random_walk(question.source,
                                            Walk{options.walkers, {options.check_every, options.steps_max}, options.state},
                                            question.holders, question.rng);
}

constexpr Heeds distance{true, false}, walk{false, true};

constexpr std::array rows{
    StrategyRow{StrategyName::flood, "flood", "a copy on every link, as far as the TTL reaches", distance, 7, flood},
    StrategyRow{StrategyName::expanding_ring, "expanding-ring", "floods of growing TTL until one finds a match", distance, ttl_max,
                expanding_ring},
    StrategyRow{StrategyName::random_walk, "random-walk", "walkers that step to any neighbour and check back", walk, 0, random_walk},
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

unsigned RunOptions::effective_ttl() const { return ttl != 0 ? ttl : row_of(strategy).ttl_default; }

}  // namespace praline::simulate
