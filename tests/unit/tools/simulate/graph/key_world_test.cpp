#include "tools/simulate/graph/key_world.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

namespace graph_key_test {
using namespace praline;
using namespace praline::simulate;
using namespace praline::simulate::world;
using namespace praline::simulate::graph;

namespace {

KeyWorld ring(Node nodes) {
    KeyWorld world{KeyWorld::Sizes{}};
    world.ring_lattice(nodes);
    return world;
}

}  // namespace

TEST_CASE("in a ring each node knows the two nearest on either side") {
    KeyWorld const world = ring(12);
    CHECK(world.nodes() == 12);
    for (Node node = 0; node < 12; ++node) CHECK(world.references(node) == 4);
    KeyWorld const small = ring(3);
    for (Node node = 0; node < 3; ++node) CHECK(small.references(node) == 2);
}

TEST_CASE("with hops enough a request finds the one copy wherever it is, and without enough it does not look on") {
    for (Node holder = 0; holder < 40; ++holder) {
        KeyWorld world = ring(40);
        world.insert(77, holder, 0);
        KeyTravel const travel = world.probe(77, 0, 500);
        CHECK(travel.found);
        CHECK((travel.hops == 0) == (holder == 0));
        if (holder == 0) continue;
        CHECK_FALSE(world.probe(77, 0, travel.hops - 1).found);
        CHECK(world.probe(77, 0, travel.hops).found);
        CHECK_FALSE(world.probe(78, 0, 500).found);
    }
}

TEST_CASE("what is found leaves copies and references on its way, a probe leaves none") {
    KeyWorld world = ring(200);
    world.insert(77, 100, 0);
    KeyTravel const first = world.probe(77, 0, 500);
    REQUIRE(first.hops > 1);
    CHECK(world.probe(77, 0, 500).hops == first.hops);
    CHECK(world.request(77, 0, 500).hops == first.hops);
    CHECK(world.references(0) == 5);
    CHECK(world.probe(77, 0, 500).hops == 0);
    CHECK(world.probe(77, 1, 500).hops < first.hops);
}

TEST_CASE("an insert leaves copies on its way, no more than hops and one") {
    KeyWorld world = ring(100);
    KeyTravel const travel = world.insert(5, 0, 20);
    CHECK(travel.hops == 20);
    Node copies = 0;
    for (Node node = 0; node < 100; ++node) copies += world.probe(5, node, 0).found ? 1 : 0;
    CHECK(copies > 1);
    CHECK(copies <= 21);
}

TEST_CASE("stores and tables stay bounded") {
    KeyWorld world{KeyWorld::Sizes{3, 6}};
    world.ring_lattice(20);
    Rng rng{3};
    std::vector<std::uint64_t> keys;
    for (int i = 0; i < 300; ++i) {
        keys.push_back(rng.next());
        world.insert(keys.back(), static_cast<Node>(rng.below(20)), 10);
        world.request(keys[rng.below(keys.size())], static_cast<Node>(rng.below(20)), 10);
    }
    for (Node node = 0; node < 20; ++node) {
        CHECK(world.references(node) <= 6);
        CHECK(std::count_if(keys.begin(), keys.end(),
                            [&](std::uint64_t key) { return world.probe(key, node, 0).found; }) <= 3);
    }
}

TEST_CASE("a newcomer is known to those its announcement comes to, and finds what they find") {
    KeyWorld world = ring(20);
    Rng rng{9};
    Node const fresh = world.announce(4, 10, rng);
    CHECK(fresh == 20);
    CHECK(world.references(fresh) == 1);
    Node knowing = 0;
    for (Node node = 0; node < 20; ++node) knowing += world.references(node) == 5 ? 1 : 0;
    CHECK(knowing >= 1);
    CHECK(knowing <= 10);
    CHECK(world.references(4) == 5);
    world.insert(6, 11, 0);
    CHECK(world.probe(6, fresh, 500).found);
    world.insert(7, fresh, 0);
    CHECK(world.probe(7, 4, 500).found);
}

TEST_CASE("a dead node neither answers nor passes on") {
    KeyWorld world = ring(30);
    world.insert(8, 10, 0);
    world.kill(10);
    CHECK(world.dead(10));
    CHECK_FALSE(world.probe(8, 0, 500).found);
    KeyWorld cut = ring(30);
    cut.insert(8, 10, 0);
    for (Node const node : {7, 8, 12, 13}) cut.kill(static_cast<Node>(node));
    CHECK_FALSE(cut.probe(8, 0, 500).found);
    CHECK(cut.probe(8, 9, 500).found);
}

}  // namespace graph_key_test
