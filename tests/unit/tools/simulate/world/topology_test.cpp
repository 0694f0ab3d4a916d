#include "tools/simulate/world/topology.hpp"

#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include "tools/simulate/world/chance.hpp"
#include "tools/simulate/world/generators.hpp"
#include "unit/tools/simulate/samples.hpp"

namespace topology_test {
using namespace praline;
using namespace praline::simulate;
using namespace praline::simulate::world;

namespace {

std::vector<Link> links_of(Graph const& graph) {
    std::vector<Link> links;
    for (Node node = 0; node < graph.nodes(); ++node)
        for (Node const next : graph.neighbours(node)) links.emplace_back(node, next);
    return links;
}

}  // namespace

TEST_CASE("a random graph has exactly as many links as asked, up to all pairs") {
    CHECK(random_graph(1000, 2000, Rng{1}).links() == 2000);
    CHECK(random_graph(20, 190, Rng{1}).links() == 190);
    CHECK_THROWS_AS(random_graph(20, 191, Rng{1}), BadInput);
}

TEST_CASE("every pair of a random graph is as likely as any other") {
    std::map<Link, int> count;
    for (std::uint64_t seed = 0; seed < 4000; ++seed)
        for (Link const& link : links_of(random_graph(5, 4, stream_of(seed, Purpose::topology))))
            if (link.first < link.second) ++count[link];
    REQUIRE(count.size() == 10);
    for (auto const& [link, times] : count) CHECK(std::abs(times - 1600) < 160);  // five deviations
}

TEST_CASE("a grid links each node with those beside, above and below it, and does not wrap") {
    Graph const grid = grid_graph(4, 3);
    CHECK(grid.nodes() == 12);
    CHECK(grid.links() == 17);
    CHECK(samples::neighbours(grid, 0) == std::set<Node>{1, 4});
    CHECK(samples::neighbours(grid, 5) == std::set<Node>{1, 4, 6, 9});
    CHECK(samples::neighbours(grid, 7) == std::set<Node>{3, 6, 11});
    CHECK(make_topology("grid:100x100", 1).links() == 19'800);
}

TEST_CASE("a power law gives the first ranks most links and nobody more than its share") {
    Graph const graph = power_law_graph(10'000, 1746, 0.8, Rng{5});
    std::uint64_t ends = 0;
    for (Node node = 0; node < graph.nodes(); ++node) {
        auto const share = std::max(1.0, std::floor(1746 / std::pow(node + 1.0, 0.8) + 1e-9));
        REQUIRE(graph.degree(node) <= share);
        ends += static_cast<std::uint64_t>(share);
    }
    CHECK(ends == 42'828);
    CHECK(graph.degree(0) > 1000);  // of 1746 ends: many meet one another or the same node
    CHECK(graph.links() > 19'000);
    CHECK(graph.links() < ends / 2);
    CHECK(power_law_graph(64, 16, 0.5, Rng{1}).degree(63) <= 2);  // 16 / 8 is whole: two ends, not one
}

TEST_CASE("in two tiers each leaf has one link, to its ultrapeer, and ultrapeers have at most their degree besides") {
    Graph const graph = two_tier_graph(50, 6, 3, Rng{9});
    REQUIRE(graph.nodes() == 200);
    for (Node leaf = 50; leaf < 200; ++leaf) CHECK(samples::neighbours(graph, leaf) == std::set<Node>{(leaf - 50) / 3});
    std::uint64_t ends = 0;
    for (Node node = 0; node < 50; ++node) {
        CHECK(graph.degree(node) <= 9);
        ends += graph.degree(node) - 3;
    }
    CHECK(ends > 200);  // of 300: loops and repeats are few
    CHECK(make_topology("two-tier:50:6:3", 1).nodes() > 190);
}

TEST_CASE("a Barabasi-Albert graph begins complete, gives each newcomer its links and the early ones most") {
    Graph const graph = barabasi_albert_graph(2000, 3, Rng{4});
    CHECK(graph.links() == 6 + 3 * (2000 - 4));
    for (Node node = 0; node < 2000; ++node) {
        REQUIRE(graph.degree(node) >= 3);
        if (node < 4) continue;
        auto const all = graph.neighbours(node);
        CHECK(std::count_if(all.begin(), all.end(), [&](Node other) { return other < node; }) == 3);
    }
    std::uint64_t early = 0, late = 0;
    for (Node node = 0; node < 200; ++node) early += graph.degree(node), late += graph.degree(1800 + node);
    CHECK(early > 4 * late);
    CHECK(barabasi_albert_graph(4, 3, Rng{1}).links() == 6);
}

TEST_CASE("of a small world all links are to the nearest at 0, none needs to be at 1, and their number stays") {
    Graph const ring = small_world_graph(100, 4, 0, Rng{1});
    CHECK(samples::neighbours(ring, 0) == std::set<Node>{1, 2, 98, 99});
    CHECK(samples::neighbours(ring, 50) == std::set<Node>{48, 49, 51, 52});
    auto const kept = [&](double beta) {
        Graph const graph = small_world_graph(1000, 10, beta, Rng{2});
        CHECK(graph.links() == 5000);
        std::uint64_t near = 0;
        for (auto const& [from, to] : links_of(graph)) near += (to + 1000 - from) % 1000 <= 5 ? 1 : 0;
        return near;
    };
    CHECK(kept(0) == 5000);
    CHECK(kept(0.1) > 4380);  // 4,500 and five deviations
    CHECK(kept(0.1) < 4620);
    CHECK(kept(1) < 150);
    CHECK(small_world_graph(5, 4, 1, Rng{3}).links() == 10);  // complete: nothing can move
}

TEST_CASE("the same seed makes the same graph, another seed another one") {
    for (char const* one : {"random:200:400", "power-law:200:50:0.8", "two-tier:40:4:2", "barabasi-albert:200:2",
                            "small-world:200:6:0.3"}) {
        auto const links = links_of(make_topology(one, 7));
        CHECK(links == links_of(make_topology(one, 7)));
        CHECK(links != links_of(make_topology(one, 8)));
    }
}

TEST_CASE("a known graph stays what it is: the figures of every run hang on it") {
    Graph const graph = make_topology("random:1000:2000", 1);
    std::uint64_t sum = 0;
    for (auto const& [from, to] : links_of(graph)) sum = sum * 31 + from * 7ULL + to;
    CAPTURE(graph.nodes(), graph.links(), sum);
    CHECK(graph.nodes() == 983);
    CHECK(sum == 3173636812754534220U);
}

TEST_CASE("only the largest component of a topology is kept") {
    Graph const graph = make_topology("random:1000:1000", 3);
    CHECK(graph.nodes() < 1000);
    CHECK(samples::distances(graph, 0).size() == graph.nodes());
    Topology const whole = make_whole_topology("random:1000:1000", 3);
    CHECK(whole.graph.nodes() + whole.nodes_left_out == 1000);
    CHECK(whole.what_is_left_out().find(" of 1000 nodes are outside the largest") != std::string::npos);
    CHECK(make_whole_topology("grid:4x4", 1).what_is_left_out().empty());
}

TEST_CASE("a topology that cannot be is refused with a sentence that names it") {
    for (std::string const bad : {"",
                                  "ring:5",
                                  "random",
                                  "random:",
                                  "random:10",
                                  "random:10:10:10",
                                  "random:x:10",
                                  "random:10:46",
                                  "random:1:0",
                                  "random:-5:2",
                                  "random:99999999999:5",
                                  "grid:10",
                                  "grid:10x",
                                  "grid:0x5",
                                  "grid:1x1",
                                  "grid:100000x100000",
                                  "power-law:100:0:1",
                                  "power-law:100:nan:1",
                                  "power-law:100:10:-1",
                                  "power-law:67108864:1e9:0",
                                  "two-tier:10:0:1",
                                  "two-tier:67108864:3:67108864",
                                  "two-tier:1000000:60000000:1",
                                  "barabasi-albert:10:10",
                                  "barabasi-albert:10:0",
                                  "barabasi-albert:10",
                                  "barabasi-albert:60000000:900",
                                  "small-world:10:3:0.1",
                                  "small-world:10:10:0.1",
                                  "small-world:10:4:1.5",
                                  "small-world:10:4:nan",
                                  "small-world:10:4",
                                  "file:",
                                  "file:no/such/file"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(make_topology(bad, 1), BadInput);
        bool const file = bad.rfind("file:", 0) == 0,
                   sparse = bad.rfind("power-law:67", 0) == 0 || bad.rfind("two-tier:1000000", 0) == 0;
        CHECK((file || sparse || !why_no_topology(bad).empty()));  // known without making it
    }
    CHECK_THROWS_WITH(make_topology("grid:0x5", 1), Catch::Contains("grid:0x5") && Catch::Contains("two-tier"));
}

}  // namespace topology_test
