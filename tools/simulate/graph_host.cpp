#include "tools/simulate/graph_host.hpp"

#include <algorithm>
#include <limits>

#include "search/strategy/flood.hpp"

namespace praline::simulate {
namespace {

constexpr Node nobody = std::numeric_limits<Node>::max();

}  // namespace

GraphHost::GraphHost(Graph const& graph) : graph_{graph}, seen_{graph.nodes()}, has_trail_{0} {}

Outcome GraphHost::flood(Node source, unsigned ttl, Marks const& holders) {
    Outcome outcome;
    seen_.clear();
    seen_.add(source);
    hops_.clear();
    frontier_.assign(1, Heard{source, nobody});
    for (std::uint32_t hop = 1; hop <= ttl && !frontier_.empty(); ++hop) {
        next_.clear();
        for (Heard const heard : frontier_) {
            search::strategy::flood_to(
                graph_.neighbours(heard.node), [&](Node to) { return to != heard.from; },
                [&](Node to) {
                    ++outcome.messages;
                    if (seen_.add(to)) next_.push_back(Heard{to, heard.node});
                });
        }
        if (!outcome.found)
            outcome.found = std::any_of(next_.begin(), next_.end(), [&](Heard heard) { return holders.has(heard.node); });
        if (outcome.found && outcome.hops == 0) outcome.hops = hop;
        outcome.reach += next_.size();
        hops_.push_back(Hop{outcome.messages, outcome.reach});
        std::swap(frontier_, next_);
    }
    outcome.waited_hops = outcome.hops;
    return outcome;
}

Outcome GraphHost::expanding_ring(Node source, search::strategy::RingSchedule const& schedule, Marks const& holders) {
    std::uint64_t messages = 0;
    std::uint32_t waited = 0;
    for (unsigned ttl = schedule.first();;) {
        Outcome ring = flood(source, ttl, holders);
        messages += ring.messages;
        // Every node reached: a further ring cannot find more. A real node cannot know that and stops at its limit.
        auto const next = exhausted() ? std::nullopt : schedule.after(ttl, ring.found ? 1 : 0);
        if (ring.found || !next) {
            ring.messages = messages;
            ring.waited_hops = ring.found ? waited + ring.hops : 0;
            return ring;
        }
        waited += ttl;
        ttl = *next;
    }
}

Node GraphHost::step(Node at, bool keep_state, Rng& rng) {
    auto const links = graph_.neighbours(at);
    if (!keep_state) return links[search::strategy::any_link(links.size(), rng)];
    if (has_trail_.add(at)) trails_.push_back(at);
    std::span<std::uint64_t> const bits{used_bits_.data() + bits_begin_[at], search::strategy::words_for(links.size())};
    return links[search::strategy::unused_link(links.size(), bits, rng)];
}

void GraphHost::forget_trails() {
    if (bits_begin_.empty()) {
        std::uint32_t words = 0;
        for (Node node = 0; node < graph_.nodes(); ++node) {
            bits_begin_.push_back(words);
            words += static_cast<std::uint32_t>(search::strategy::words_for(graph_.degree(node)));
        }
        used_bits_.assign(words, 0);
        has_trail_ = Marks{graph_.nodes()};
    }
    for (Node const node : trails_)
        std::fill_n(used_bits_.begin() + bits_begin_[node], search::strategy::words_for(graph_.degree(node)), 0);
    trails_.clear();
    has_trail_.clear();
}

Outcome GraphHost::random_walk(Node source, Walk const& walk, Marks const& holders, Rng& rng) {
    Outcome outcome;
    seen_.clear();
    seen_.add(source);
    if (walk.keep_state) forget_trails();
    search::strategy::WalkChances const chances{Guid::random(rng)};
    walkers_.clear();
    for (std::uint32_t number = 0; number < walk.walkers; ++number) walkers_.push_back(Walking{source, number});
    for (std::uint32_t now = 1; !walkers_.empty() && now <= walk.rules.steps_max; ++now) {
        std::size_t live = 0;
        for (auto const [from, number] : walkers_) {
            Rng choice = chances.of(number, now);
            Node const to = step(from, walk.keep_state, choice);
            ++outcome.messages;
            if (seen_.add(to)) ++outcome.reach;
            if (!holders.has(to)) walkers_[live++] = Walking{to, number};  // a walker that finds a match ends
            else if (!outcome.found) outcome.found = true, outcome.hops = now;
        }
        walkers_.resize(live);
        if (!walk.rules.checks_after(now) || walk.rules.ends_after(now)) continue;
        outcome.checks += live;
        if (outcome.found) walkers_.clear();
    }
    outcome.waited_hops = outcome.hops;
    return outcome;
}

}  // namespace praline::simulate
