#include "tools/simulate/graph/graph_host.hpp"

#include <algorithm>

#include "search/strategy/limits.hpp"
#include "tools/simulate/graph/flood.hpp"

namespace praline::simulate::graph {

using namespace search::strategy;
using world::Node;
using world::NodeSet;
using world::Outcome;

namespace {

constexpr auto ring_wait_ms_per_hop = static_cast<std::uint64_t>(RingLimits{}.wait_per_hop.count());

/// As long as the node's strategy waits for a walk.
std::uint64_t wait_ms_for(StageWalk const& walk) {
    AutomaticLimits const limits;
    return static_cast<std::uint64_t>(
        std::min(limits.wait_per_step * walk.rules.steps_max, limits.wait_walk_max).count());
}

AutomaticFacts facts_at(world::Graph const& graph, Node source) {
    AutomaticFacts facts;
    facts.neighbours = facts.walking = facts.degree_least = facts.degree_most = graph.degree(source);
    for (Node const node : graph.neighbours(source)) {
        facts.degree_least = std::min(facts.degree_least, graph.degree(node));
        facts.degree_most = std::max(facts.degree_most, graph.degree(node));
    }
    return facts;
}

}  // namespace

GraphHost::GraphHost(world::Graph const& graph) : query_{graph} {}

GraphHost::GraphHost(world::Graph const& graph, world::NetworkModel const& model, Detail detail)
    : query_{graph, model, detail} {}

void GraphHost::carry(std::span<Node const> to, unsigned ttl, NodeSet const& holders) {
    carry_flood(query_, to, ttl, holders);
}

Outcome GraphHost::flood(Node source, unsigned ttl, NodeSet const& holders) {
    begin(source);
    carry(query_.graph().neighbours(source), ttl, holders);
    return outcome();
}

Outcome GraphHost::expanding_ring(Node source, RingSchedule const& schedule, NodeSet const& holders) {
    begin(source);
    std::uint64_t messages = 0, after_ms = 0;
    std::uint32_t waited = 0;
    unsigned ttl = schedule.first();
    for (std::uint64_t round = 1;; ++round) {
        carry(query_.graph().neighbours(source), ttl, holders);
        std::uint64_t const wait_ms = ring_wait_ms_per_hop * ttl;
        // Every node reached: a further ring cannot find more. A real node cannot know that and stops at its limit.
        bool const gives_up = query_.faultless() && query_.cut() == 0;
        auto const next = gives_up ? std::nullopt : schedule.after(ttl, query_.answers_known(wait_ms));
        if (!next) {
            Outcome last = outcome();
            last.messages += messages;
            last.waited_hops = last.found ? waited + last.hops : 0;
            return last;
        }
        messages += query_.counts().messages;
        waited += ttl;
        ttl = *next;
        after_ms += wait_ms;
        query_.restart(round, round, after_ms);
    }
}

Outcome GraphHost::random_walk(Node source, Walk const& walk, NodeSet const& holders, Rng& rng) {
    begin(source);
    if (walk.keep_state) walkers_.forget_trails(query_.graph());
    walkers_.carry(query_, walk, 0, WalkChances{Guid::random(rng)}, holders);
    return outcome();
}

Outcome GraphHost::dynamic(Node source, DynamicRules const& rules, NodeSet const& holders, Rng& rng, bool give_up) {
    begin(source);
    probes_.widen(query_, rules, WalkChances{Guid::random(rng)}, give_up, holders);
    return outcome_of_stages();
}

Outcome GraphHost::automatic(Node source, AutomaticRules const& rules, DynamicRules const& wide, NodeSet const& holders,
                             Rng& rng, bool give_up) {
    begin(source);
    walkers_.forget_trails(query_.graph());
    WalkChances const chances{Guid::random(rng)};
    AutomaticFacts const facts = facts_at(query_.graph(), source);
    std::uint32_t walkers = 0;
    for (Stage const stage : rules.plan(facts)) {
        if (query_.answers() > 0) break;
        if (stage == Stage::wide) {
            world::NodeBits const walked = query_.begin_reach();
            probes_.widen(query_, wide, walkers == 0 ? chances : WalkChances{Guid::random(rng)}, give_up, holders);
            query_.count_once(walked);
            continue;
        }
        StageWalk const& walk = rules.walk(stage);
        walkers_.carry(query_, Walk{walk.walkers, walk.rules, true, rules.biased(facts)}, walkers, chances, holders);
        walkers += walk.walkers;
        if (query_.answers() == 0) query_.begin_stage(walk.rules.steps_max, wait_ms_for(walk));
    }
    return outcome_of_stages();
}

Outcome GraphHost::outcome_of_stages() {
    Outcome result = outcome();
    result.waited_hops = result.found ? static_cast<std::uint32_t>(query_.waited_hops() + result.hops) : 0;
    return result;
}

std::vector<Node> GraphHost::way_of_find() {
    std::vector<Node> way;
    if (!query_.counts().found) return way;
    for (Node at = query_.finder(); at != query_.source(); at = query_.log().heard_from(at)) way.push_back(at);
    return way;
}

}  // namespace praline::simulate::graph
