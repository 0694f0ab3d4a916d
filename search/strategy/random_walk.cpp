#include "search/strategy/random_walk.hpp"

namespace praline::search::strategy {

std::size_t RandomWalk::choose(Links& links, Rng& rng) {
    return links.used.empty() ? any_link(links.all.size(), rng) : unused_link(links.all.size(), links.used, rng);
}

}  // namespace praline::search::strategy
