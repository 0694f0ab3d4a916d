#include "tools/simulate/world/graph.hpp"

#include <algorithm>
#include <limits>

#include "tools/simulate/world/limits.hpp"

namespace praline::simulate::world {

Graph::Graph(Node nodes, std::vector<Link> links, Node ultrapeers)
    : offsets_(std::size_t{nodes} + 1, 0), ultrapeers_{ultrapeers} {
    static_assert(2 * links_max <= std::numeric_limits<std::uint32_t>::max());
    for (Link& link : links)
        if (link.first > link.second) std::swap(link.first, link.second);
    std::sort(links.begin(), links.end());
    links.erase(std::unique(links.begin(), links.end()), links.end());
    std::erase_if(links, [](Link const& link) { return link.first == link.second; });
    if (links.size() > links_max) throw BadInput{"has more links than " + std::to_string(links_max)};

    for (auto const& [low, high] : links) ++offsets_[std::size_t{low} + 1], ++offsets_[std::size_t{high} + 1];
    for (std::size_t node = 0; node < nodes; ++node) offsets_[node + 1] += offsets_[node];
    ends_.resize(2 * links.size());
    std::vector<std::uint32_t> next(offsets_.begin(), offsets_.end() - 1);
    // Sorted by the lower end: first every node's lower neighbours, then its higher ones, each in rising order.
    for (auto const& [low, high] : links) ends_[next[high]++] = low;
    for (auto const& [low, high] : links) ends_[next[low]++] = high;
}

Graph::Largest Graph::largest() const {
    constexpr Node none = std::numeric_limits<Node>::max();
    std::vector<Node> component(nodes(), none), queue;
    Node best = none;
    std::size_t best_size = 0;
    Node components = 0;
    for (Node start = 0; start < nodes(); ++start) {
        if (component[start] != none) continue;
        ++components;
        component[start] = start;
        queue.assign(1, start);
        for (std::size_t at = 0; at < queue.size(); ++at)
            for (Node const next : neighbours(queue[at]))
                if (component[next] == none) component[next] = start, queue.push_back(next);
        if (queue.size() > best_size) best = start, best_size = queue.size();
    }
    if (best_size == nodes()) return {*this, components, nodes()};

    std::vector<Node> number(nodes(), none);
    Node count = 0, ultrapeers = 0;
    for (Node node = 0; node < nodes(); ++node) {
        if (component[node] != best) continue;
        number[node] = count++;
        ultrapeers += is_leaf(node) ? 0 : 1;
    }
    std::vector<Link> kept;
    for (Node node = 0; node < nodes(); ++node)
        if (component[node] == best)
            for (Node const next : neighbours(node))
                if (node < next) kept.emplace_back(number[node], number[next]);
    return {Graph{count, std::move(kept), ultrapeers}, components, nodes()};
}

Graph Graph::largest_component() const { return largest().graph; }

}  // namespace praline::simulate::world
