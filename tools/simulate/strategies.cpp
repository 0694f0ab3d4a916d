#include "tools/simulate/strategies.hpp"

#include <limits>

#include "tools/simulate/world/limits.hpp"

namespace praline::simulate {
namespace {

world::Outcome flood(QueryRun const& run) {
    return run.hosts.graph.flood(run.source, run.options.effective_ttl(), run.holders);
}

world::Outcome expanding_ring(QueryRun const& run) {
    return run.hosts.graph.expanding_ring(run.source, {1, 2, run.options.effective_ttl(), 1}, run.holders);
}

world::Outcome walk_by(QueryRun const& run, bool biased) {
    world::RunOptions const& options = run.options;
    return run.hosts.graph.random_walk(
        run.source, graph::Walk{options.walkers, {options.check_every, options.steps_max}, options.state, biased},
        run.holders, run.rng);
}

world::Outcome random_walk(QueryRun const& run) { return walk_by(run, false); }
world::Outcome biased_walk(QueryRun const& run) { return walk_by(run, true); }

/// One result is enough, as for the others.
search::strategy::DynamicRules widening(world::RunOptions const& options) {
    search::strategy::DynamicRules rules;
    rules.results_wanted = 1;
    rules.ttl_max = static_cast<std::uint8_t>(options.effective_ttl());
    return rules;
}

world::Outcome dynamic(QueryRun const& run) {
    return run.hosts.graph.dynamic(run.source, widening(run.options), run.holders, run.rng);
}

/// Its last stage goes as far as it takes: it is the last.
world::Outcome automatic(QueryRun const& run) {
    search::strategy::DynamicRules wide = widening(run.options);
    wide.hosts_max = std::numeric_limits<std::uint64_t>::max();
    wide.hops_waited_max = std::numeric_limits<std::uint32_t>::max();
    return run.hosts.graph.automatic(run.source, search::strategy::AutomaticRules{}, wide, run.holders, run.rng);
}

/// Without items every query is for something new, and nobody has learnt anything of it.
world::Outcome key(QueryRun const& run) {
    if (!run.hosts.keys) run.hosts.keys = std::make_unique<graph::KeyHost>(run.hosts.topology);
    std::uint64_t const name = run.item ? *run.item : run.rng.next();
    if (!run.item) run.hosts.forget();
    wire::Query query;
    query.text = word_for(name);
    return run.hosts.keys->request(run.source, search::strategy::routing_key(query).value(),
                                   run.options.effective_ttl(), world::flood_ttl_default, run.holders, run.hosts.graph);
}

}  // namespace

std::string word_for(std::uint64_t item) {
    constexpr char const* digits = "0123456789abcdef";
    std::string word = "item";
    for (unsigned shift = 64; shift > 0; shift -= 4) word += digits[item >> (shift - 4) & 15U];
    return word;
}

world::Outcome ask_graph(QueryRun const& run) {
    switch (run.options.strategy) {
        case world::StrategyName::flood: return flood(run);
        case world::StrategyName::expanding_ring: return expanding_ring(run);
        case world::StrategyName::random_walk: return random_walk(run);
        case world::StrategyName::biased_walk: return biased_walk(run);
        case world::StrategyName::dynamic: return dynamic(run);
        case world::StrategyName::automatic: return automatic(run);
        case world::StrategyName::key: return key(run);
    }
    return {};
}

}  // namespace praline::simulate
