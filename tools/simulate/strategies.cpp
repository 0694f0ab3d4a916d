#include "tools/simulate/strategies.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "tools/simulate/limits.hpp"

namespace praline::simulate {
namespace {

Outcome flood(Question const& question) {
    return question.hosts.graph.flood(question.source, question.options.effective_ttl(), question.holders);
}

Outcome expanding_ring(Question const& question) {
    return question.hosts.graph.expanding_ring(question.source, {1, 2, question.options.effective_ttl(), 1},
                                               question.holders);
}

Outcome walk_by(Question const& question, bool biased) {
    RunOptions const& options = question.options;
    return question.hosts.graph.random_walk(
        question.source, Walk{options.walkers, {options.check_every, options.steps_max}, options.state, biased},
        question.holders, question.rng);
}

Outcome random_walk(Question const& question) { return walk_by(question, false); }
Outcome biased_walk(Question const& question) { return walk_by(question, true); }

/// One result is enough, as for the others.
search::strategy::DynamicRules widening(RunOptions const& options) {
    search::strategy::DynamicRules rules;
    rules.results_wanted = 1;
    rules.ttl_max = static_cast<std::uint8_t>(options.effective_ttl());
    return rules;
}

Outcome dynamic(Question const& question) {
    return question.hosts.graph.dynamic(question.source, widening(question.options), question.holders, question.rng);
}

/// Its last stage goes as far as it takes: it is the last.
Outcome automatic(Question const& question) {
    search::strategy::DynamicRules wide = widening(question.options);
    wide.hosts_max = std::numeric_limits<std::uint64_t>::max();
    wide.hops_waited_max = std::numeric_limits<std::uint32_t>::max();
    return question.hosts.graph.automatic(question.source, search::strategy::AutomaticRules{}, wide, question.holders,
                                          question.rng);
}

/// Without items every query is for something new, and nobody has learnt anything of it.
Outcome key(Question const& question) {
    if (!question.hosts.keys) question.hosts.keys = std::make_unique<KeyHost>(question.hosts.topology);
    std::uint64_t const name = question.item ? *question.item : question.rng.next();
    if (!question.item) question.hosts.forget();
    wire::Query query;
    query.text = word_for(name);
    return question.hosts.keys->request(question.source, search::strategy::routing_key(query).value(),
                                        question.options.effective_ttl(), flood_ttl_default, question.holders,
                                        question.hosts.graph);
}

constexpr Heeds distance{true, false}, walk{false, true};

constexpr std::array rows{
    StrategyRow{StrategyName::flood, "flood", "a copy on every link, as far as the TTL reaches", distance,
                flood_ttl_default, flood},
    StrategyRow{StrategyName::expanding_ring, "expanding-ring", "floods of growing TTL until one finds a match",
                distance, ttl_max, expanding_ring},
    StrategyRow{StrategyName::random_walk, "random-walk", "walkers that step to any neighbour and check back", walk, 0,
                random_walk},
    StrategyRow{StrategyName::biased_walk, "biased-walk", "walkers that prefer neighbours with many links", walk, 0,
                biased_walk},
    StrategyRow{StrategyName::dynamic, "dynamic", "a probe, then one neighbour after the other, as far as it takes",
                distance, 7, dynamic},
    StrategyRow{StrategyName::automatic, "auto", "few walkers, then many, then dynamic querying for the rest", distance,
                ttl_max, automatic},
    StrategyRow{StrategyName::key, "key", "one request towards the nearest known key, then a flood", distance, 20, key},
};

}  // namespace

std::string word_for(std::uint64_t item) {
    constexpr char const* digits = "0123456789abcdef";
    std::string word = "item";
    for (unsigned shift = 64; shift > 0; shift -= 4) word += digits[item >> (shift - 4) & 15U];
    return word;
}

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

bool RunOptions::keeps_books() const {
    return books || network != NetworkOptions{} || workload.copying == Copying::path ||
           workload.copying == Copying::random;
}

}  // namespace praline::simulate
