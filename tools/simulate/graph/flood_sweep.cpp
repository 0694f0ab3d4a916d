#include "tools/simulate/graph/flood_sweep.hpp"

#include <limits>
#include <utility>

#include "search/strategy/flood.hpp"

namespace praline::simulate::graph {

std::vector<FloodSweep::Hop> const& FloodSweep::flood(world::Node source, std::uint32_t ttl) {
    constexpr world::Node nobody = std::numeric_limits<world::Node>::max();
    seen_.clear();
    seen_.add(source);
    hops_.clear();
    frontier_.assign(1, Heard{source, nobody});
    Hop total{0, 0};
    for (std::uint32_t hop = 1; hop <= ttl && !frontier_.empty(); ++hop) {
        next_.clear();
        for (Heard const heard : frontier_)
            search::strategy::flood_to(
                graph_.neighbours(heard.node), [&](world::Node to) { return to != heard.from; },
                [&](world::Node to) {
                    ++total.messages;
                    if (seen_.add(to)) next_.push_back(Heard{to, heard.node});
                });
        total.reach += next_.size();
        hops_.push_back(total);
        std::swap(frontier_, next_);
    }
    return hops_;
}

}  // namespace praline::simulate::graph
