// How GraphHost carries a query that is spread in stages.
#include <algorithm>

#include "search/strategy/limits.hpp"
#include "tools/simulate/graph/graph_host.hpp"

namespace praline::simulate::graph {

using namespace search::strategy;

namespace {

/// As long as the node's strategy waits for a walk.
std::uint64_t wait_ms_for(StageWalk const& walk) {
    AutomaticLimits const limits;
    return static_cast<std::uint64_t>(
        std::min(limits.wait_per_step * walk.rules.steps_max, limits.wait_walk_max).count());
}

}  // namespace

world::Outcome GraphHost::automatic(world::Node source, AutomaticRules const& rules, DynamicRules const& wide,
                                    world::NodeSet const& holders, Rng& rng, bool give_up) {
    begin(source);
    forget_trails();
    WalkChances const chances{Guid::random(rng)};
    AutomaticFacts facts;
    facts.neighbours = facts.walking = facts.degree_least = facts.degree_most = graph_.degree(source);
    for (world::Node const node : graph_.neighbours(source)) {
        facts.degree_least = std::min(facts.degree_least, graph_.degree(node));
        facts.degree_most = std::max(facts.degree_most, graph_.degree(node));
    }
    std::uint32_t walkers = 0;
    for (Stage const stage : rules.plan(facts)) {
        if (answers_ > 0) break;
        if (stage == Stage::wide) {
            world::NodeBits const walked = seen_;
            seen_.clear();
            seen_.add(source);
            widen(source, wide, walkers == 0 ? chances : WalkChances{Guid::random(rng)}, give_up, holders);
            outcome_.reach -= walked.common(seen_) - 1;  // each node counts once; both know the source
            continue;
        }
        StageWalk const& walk = rules.walk(stage);
        walk_on(source, Walk{walk.walkers, walk.rules, true, rules.biased(facts)}, walkers, chances, holders);
        walkers += walk.walkers;
        if (answers_ == 0) begin_next_stage(walk.rules.steps_max, wait_ms_for(walk));
    }
    world::Outcome result = outcome();
    result.waited_hops = result.found ? static_cast<std::uint32_t>(waited_hops_ + result.hops) : 0;
    return result;
}

}  // namespace praline::simulate::graph
