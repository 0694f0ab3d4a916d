#include "tools/simulate/graph/walkers.hpp"

#include <algorithm>
#include <limits>

#include "search/strategy/biased_rules.hpp"

namespace praline::simulate::graph {

using namespace search::strategy;
using world::Fate;
using world::Node;
using world::NodeSet;

void Walkers::carry(QueryTransit& query, Walk const& walk, std::uint32_t first, WalkChances const& chances,
                    NodeSet const& holders) {
    Node const source = query.source();
    stands_.assign(std::size_t{first} + walk.walkers, source);
    if (walk.rules.steps_max > 0)
        for (std::uint32_t number = 0; number < walk.walkers; ++number)
            step_on(query, source, first + number, 1, walk, chances);
    while (query.calendar().advance()) {
        arrived_.clear();
        query.calendar().take([&](std::span<PackedEvent const> events) {
            for (PackedEvent const event : events) came(query, WalkCopy::unpack(event), holders);
        });
        for (auto const [at, step, number] : arrived_) {
            if (walk.rules.ends_after(step)) continue;
            if (walk.rules.checks_after(step)) {
                ++query.counts().checks;
                if (query.answers() > 0) continue;
            }
            step_on(query, at, number, step + 1, walk, chances);
        }
    }
}

void Walkers::step_on(QueryTransit& query, Node at, std::uint32_t number, std::uint32_t step, Walk const& walk,
                      WalkChances const& chances) {
    Rng choice = chances.of(number, step);
    auto const to = walk.biased ? biased_next_of(query, at, stands_[number], walk.keep_state, choice)
                                : next_of(query, at, walk.keep_state, choice);
    if (!to) return;
    ++query.counts().messages;
    stands_[number] = at;
    auto const delay = query.delay_of(at, *to, std::uint64_t{number} << 32 | step,
                                      world::MessageSizes::query + world::MessageSizes::walker_item);
    if (delay) query.calendar().put(WalkCopy{*to, step, number}.pack(), *delay);
}

void Walkers::came(QueryTransit& query, WalkCopy copy, NodeSet const& holders) {
    if (!query.arrives(copy.to)) return;
    Fate const fate = query.fate(copy.to);
    query.reach(copy.to, stands_[copy.number]);
    if (fate == Fate::dropper) return;
    bool const has_it = holders.has(copy.to);
    if (has_it || (fate == Fate::liar && copy.to != query.source()))
        query.answer(copy.to, has_it, copy.step);  // and the walker ends
    else
        arrived_.push_back(copy);
}

/// Of a node's links those to neighbours that are there.
std::span<Node const> Walkers::links_there(QueryTransit const& query, Node at) {
    auto const links = query.graph().neighbours(at);
    links_.assign(links.begin(), links.end());
    std::erase_if(links_, [&](Node to) { return !query.there(to); });
    return links_;
}

/// Empty: it has no neighbour left that is there.
std::optional<Node> Walkers::next_of(QueryTransit const& query, Node at, bool keep_state, Rng& rng) {
    bool const all_there = query.all_there();
    std::span<Node const> const links = all_there || keep_state ? query.graph().neighbours(at) : links_there(query, at);
    if (links.empty()) return std::nullopt;
    if (!keep_state) return links[any_link(links.size(), rng)];
    std::span<std::uint64_t> const bits = trails_.of(query.graph(), at);
    // Two rounds: in the first it may start over where it was about to come upon one that is there.
    for (std::size_t tries = all_there ? 1 : 2 * links.size(); tries > 0; --tries) {
        Node const to = links[unused_link(links.size(), bits, rng)];
        if (all_there || query.there(to)) return to;
    }
    return std::nullopt;
}

/// Empty: it has no neighbour left that is there. @param came_from  `at` itself: the walker begins here.
std::optional<Node> Walkers::biased_next_of(QueryTransit const& query, Node at, Node came_from, bool keep_state,
                                            Rng& rng) {
    world::Graph const& graph = query.graph();
    bool const all_there = query.all_there();
    std::span<Node const> const links = all_there ? graph.neighbours(at) : links_there(query, at);
    if (links.empty()) return std::nullopt;
    constexpr std::uint32_t degree_max = std::numeric_limits<std::uint16_t>::max();  // it has 16 bits on the wire
    auto const attraction_of = [&](std::size_t link) {
        return attraction(std::min(graph.degree(links[link]), degree_max), 0, 0);
    };
    if (!keep_state) return links[weighted_link(links.size(), attraction_of, rng)];

    std::optional<std::size_t> came_by;
    auto const back = std::lower_bound(links.begin(), links.end(), came_from);
    if (came_from != at && back != links.end() && *back == came_from)
        came_by = static_cast<std::size_t>(back - links.begin());
    std::span<std::uint64_t> const bits = trails_.of(graph, at);
    if (all_there) return links[biased_link(links.size(), attraction_of, bits, came_by, rng)];

    // The choice is among those that are there; what it marks or frees of them is carried over.
    auto const all = graph.neighbours(at);
    std::vector<std::uint64_t> used(words_for(links.size()), 0);
    auto const place_of = [&](std::size_t link) {
        return static_cast<std::size_t>(std::lower_bound(all.begin(), all.end(), links[link]) - all.begin());
    };
    for (std::size_t link = 0; link < links.size(); ++link)
        if (is_marked(bits, place_of(link))) mark_link(used, link);
    Node const to = links[biased_link(links.size(), attraction_of, used, came_by, rng)];
    std::fill(bits.begin(), bits.end(), 0);
    for (std::size_t link = 0; link < links.size(); ++link)
        if (is_marked(used, link)) mark_link(bits, place_of(link));
    return to;
}

std::size_t Walkers::bytes() const {
    return stands_.capacity() * sizeof(Node) + arrived_.capacity() * sizeof(WalkCopy) +
           links_.capacity() * sizeof(Node) + trails_.bytes();
}

}  // namespace praline::simulate::graph
