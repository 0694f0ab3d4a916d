#include "tools/simulate/graph_key_host.hpp"

#include <algorithm>

#include "search/strategy/key.hpp"

namespace praline::simulate {

using search::strategy::KeyLimits;
using search::strategy::KeyReferences;
using search::strategy::KeyRouting;

KeyHost::KeyHost(Graph const& graph)
    : graph_{graph}, references_(graph.nodes(), KeyReferences<PeerId>{KeyLimits{}.references_max}), asked_{graph.nodes()} {}

void KeyHost::forget() {
    for (Node const node : learnt_) references_[node] = KeyReferences<PeerId>{KeyLimits{}.references_max};
    learnt_.clear();
}

std::optional<Node> KeyHost::next_of(Visit& here, Node before, std::uint64_t key) {
    open_.clear();
    for (Node const node : graph_.neighbours(here.node))
        if (node != before && !std::binary_search(here.tried.begin(), here.tried.end(), PeerId{node})) open_.push_back(PeerId{node});
    auto const to = nearest_of(std::span<PeerId const>{open_}, key, references_[here.node], KeyRouting::start_key, scratch_);
    if (!to) return std::nullopt;
    here.tried.insert(std::lower_bound(here.tried.begin(), here.tried.end(), *to), *to);
    return to->value();
}

Outcome KeyHost::request(Node source, std::uint64_t key, unsigned hops_to_live, unsigned flood_ttl, Marks const& holders, GraphHost& floods) {
    Outcome outcome;
    std::uint32_t time = 0;
    asked_.clear();
    asked_.add(source);
    way_.clear();
    way_.push_back(Visit{source, {}});
    for (unsigned left = hops_to_live; !way_.empty() && !outcome.found;) {
        Node const before = way_.size() > 1 ? way_[way_.size() - 2].node : way_.back().node;
        auto const next = left > 0 ? next_of(way_.back(), before, key) : std::nullopt;
        ++time;
        if (!next) {
            way_.pop_back();
            continue;
        }
        --left;
        ++outcome.messages;
        if (!asked_.add(*next)) {
            ++time;  // it comes back at once
            continue;
        }
        ++outcome.reach;
        way_.push_back(Visit{*next, {}});
        outcome.found = holders.has(*next);
    }
    if (outcome.found) {
        outcome.results = 1;
        outcome.hops = static_cast<std::uint32_t>(way_.size() - 1);
        outcome.waited_hops = time;
        for (std::size_t at = 0; at + 1 < way_.size(); ++at) {
            auto& known = references_[way_[at].node];
            if (known.size() == 0) learnt_.push_back(way_[at].node);
            known.learn(key, PeerId{way_[at + 1].node});
        }
        return outcome;
    }
    if (flood_ttl == 0) return outcome;
    // The source went back nowhere, so the last unit of time was none.
    Outcome flood = floods.flood(source, flood_ttl, holders);
    flood.messages += outcome.messages;
    flood.reach = std::max(flood.reach, outcome.reach);
    flood.waited_hops = flood.found ? time - 1 + flood.hops : 0;
    return flood;
}

}  // namespace praline::simulate
