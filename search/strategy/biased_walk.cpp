#include "search/strategy/biased_walk.hpp"

namespace praline::search::strategy {

std::size_t BiasedWalk::choose(Links& links, Rng& rng) {
    auto const attraction_of = [&](std::size_t link) {
        Neighbour const& neighbour = links.all[link];
        return attraction(neighbour.degree, neighbour.capacity_kbits, neighbour.load);
    };
    if (links.used.empty()) return weighted_link(links.all.size(), attraction_of, rng);
    return biased_link(links.all.size(), attraction_of, links.used, links.came_by, rng);
}

}  // namespace praline::search::strategy
