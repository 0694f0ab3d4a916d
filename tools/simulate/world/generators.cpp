#include "tools/simulate/world/generators.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "tools/simulate/world/limits.hpp"

namespace praline::simulate::world {
namespace {

/// Shuffles link ends and joins each two that come to lie side by side. An odd one is left over.
void match_at_random(std::vector<Node>& ends, Rng& rng, std::vector<Link>& links) {
    for (std::size_t left = ends.size(); left > 1; --left) std::swap(ends[left - 1], ends[rng.below(left)]);
    for (std::size_t at = 0; at + 1 < ends.size(); at += 2) links.emplace_back(ends[at], ends[at + 1]);
}

void check_ends(std::uint64_t ends) {
    if (ends > 2 * links_max) throw BadInput{"has more links than " + std::to_string(links_max)};
}

}  // namespace

Graph random_graph(Node nodes, std::uint64_t links, Rng rng) {
    std::uint64_t const pairs = std::uint64_t{nodes} * (nodes == 0 ? 0 : nodes - 1) / 2;
    if (links > pairs) throw BadInput{"has more links than the " + std::to_string(pairs) + " pairs of its nodes"};
    check_ends(2 * links);
    std::vector<Link> drawn;
    drawn.reserve(links);
    while (drawn.size() < links) {
        while (drawn.size() < links) {
            auto const one = static_cast<Node>(rng.below(nodes)), other = static_cast<Node>(rng.below(nodes));
            if (one != other) drawn.emplace_back(std::min(one, other), std::max(one, other));
        }
        std::sort(drawn.begin(), drawn.end());
        drawn.erase(std::unique(drawn.begin(), drawn.end()), drawn.end());
    }
    return Graph{nodes, std::move(drawn)};
}

Graph power_law_graph(Node nodes, double omega, double alpha, Rng rng) {
    std::vector<Node> ends;
    for (Node node = 0; node < nodes; ++node) {
        double const exact = omega / std::pow(static_cast<double>(node) + 1, alpha);
        // Mathematics libraries differ in the last bit of a power; a quotient that is whole must not fall below it.
        double const degree = std::max(1.0, std::floor(exact * (1 + 1e-12)));
        check_ends(static_cast<std::uint64_t>(std::min(degree, 1e18)) + ends.size());
        ends.insert(ends.end(), static_cast<std::size_t>(degree), node);
    }
    std::vector<Link> links;
    match_at_random(ends, rng, links);
    return Graph{nodes, std::move(links)};
}

Graph barabasi_albert_graph(Node nodes, std::uint32_t links_each, Rng rng) {
    check_ends(2ULL * nodes * links_each);
    std::vector<Link> links;
    std::vector<Node> ends;  // each node as often as it has links
    auto const join = [&](Node one, Node other) {
        links.emplace_back(one, other);
        ends.push_back(one);
        ends.push_back(other);
    };
    for (Node node = 1; node <= links_each; ++node)
        for (Node before = 0; before < node; ++before) join(before, node);
    std::vector<Node> chosen;
    for (Node node = links_each + 1; node < nodes; ++node) {
        chosen.clear();
        while (chosen.size() < links_each) {
            Node const drawn = ends[rng.below(ends.size())];
            if (std::find(chosen.begin(), chosen.end(), drawn) == chosen.end()) chosen.push_back(drawn);
        }
        for (Node const other : chosen) join(other, node);
    }
    return Graph{nodes, std::move(links)};
}

Graph small_world_graph(Node nodes, std::uint32_t degree, double probability, Rng rng) {
    check_ends(std::uint64_t{nodes} * degree);
    std::vector<std::uint32_t> degrees(nodes, degree);
    std::vector<Link> links;
    std::unordered_set<std::uint64_t> present;
    auto const key = [](Node one, Node other) {
        return std::uint64_t{std::min(one, other)} << 32 | std::max(one, other);
    };
    for (std::uint32_t far = 1; far <= degree / 2; ++far)
        for (Node node = 0; node < nodes; ++node) {
            links.emplace_back(node, static_cast<Node>((std::uint64_t{node} + far) % nodes));
            present.insert(key(links.back().first, links.back().second));
        }
    auto const below = static_cast<std::uint64_t>(probability * 0x1p53);
    for (auto& [node, other] : links) {
        if (rng.next() >> 11 >= below || degrees[node] + 1 >= nodes) continue;
        Node fresh = node;
        while (fresh == node || present.contains(key(node, fresh))) fresh = static_cast<Node>(rng.below(nodes));
        present.erase(key(node, other));
        present.insert(key(node, fresh));
        --degrees[other];
        ++degrees[fresh];
        other = fresh;
    }
    return Graph{nodes, std::move(links)};
}

Graph grid_graph(Node width, Node height) {
    std::vector<Link> links;
    for (Node y = 0; y < height; ++y)
        for (Node x = 0; x < width; ++x) {
            Node const node = y * width + x;
            if (x + 1 < width) links.emplace_back(node, node + 1);
            if (y + 1 < height) links.emplace_back(node, node + width);
        }
    return Graph{width * height, std::move(links)};
}

Graph two_tier_graph(Node ultrapeers, std::uint32_t degree, std::uint32_t leaves_each, Rng rng) {
    check_ends(std::uint64_t{ultrapeers} * (degree + 2ULL * leaves_each));
    std::vector<Node> ends;
    for (Node node = 0; node < ultrapeers; ++node) ends.insert(ends.end(), degree, node);
    std::vector<Link> links;
    match_at_random(ends, rng, links);
    Node leaf = ultrapeers;
    for (Node node = 0; node < ultrapeers; ++node)
        for (std::uint32_t i = 0; i < leaves_each; ++i) links.emplace_back(node, leaf++);
    return Graph{leaf, std::move(links), ultrapeers};
}

}  // namespace praline::simulate::world
