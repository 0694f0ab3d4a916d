// How GraphHost chooses for biased walkers.
#include <algorithm>
#include <limits>

#include "search/strategy/biased_rules.hpp"
#include "tools/simulate/graph/graph_host.hpp"

namespace praline::simulate::graph {

using namespace search::strategy;

/// Empty: it has no neighbour left that is there. @param came_from  `at` itself: the walker begins here.
std::optional<world::Node> GraphHost::biased_next_of(world::Node at, world::Node came_from, bool keep_state, Rng& rng) {
    std::span<world::Node const> links = graph_.neighbours(at);
    bool const all_there = !logs_events() || model_->options().away <= 0;
    if (!all_there) {
        links_.assign(links.begin(), links.end());
        std::erase_if(links_, [&](world::Node to) { return !log_->there(to, calendar_.now()); });
        links = links_;
    }
    if (links.empty()) return std::nullopt;
    constexpr std::uint32_t degree_told_max = std::numeric_limits<std::uint16_t>::max();  // 16 bits tell it on the wire
    auto const attraction_of = [&](std::size_t link) {
        return attraction(std::min(graph_.degree(links[link]), degree_told_max), 0, 0);
    };
    if (!keep_state) return links[weighted_link(links.size(), attraction_of, rng)];

    std::optional<std::size_t> came_by;
    auto const back = std::lower_bound(links.begin(), links.end(), came_from);
    if (came_from != at && back != links.end() && *back == came_from)
        came_by = static_cast<std::size_t>(back - links.begin());
    std::span<std::uint64_t> const bits = trail_of(at);
    if (all_there) return links[biased_link(links.size(), attraction_of, bits, came_by, rng)];

    // The choice is among those that are there; what it marks or frees of them is carried over.
    auto const all = graph_.neighbours(at);
    std::vector<std::uint64_t> used(words_for(links.size()), 0);
    auto const place_of = [&](std::size_t link) {
        return static_cast<std::size_t>(std::lower_bound(all.begin(), all.end(), links[link]) - all.begin());
    };
    for (std::size_t link = 0; link < links.size(); ++link)
        if (is_marked(bits, place_of(link))) mark_link(used, link);
    world::Node const to = links[biased_link(links.size(), attraction_of, used, came_by, rng)];
    std::fill(bits.begin(), bits.end(), 0);
    for (std::size_t link = 0; link < links.size(); ++link)
        if (is_marked(used, link)) mark_link(bits, place_of(link));
    return to;
}

}  // namespace praline::simulate::graph
