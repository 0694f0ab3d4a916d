#include <catch2/catch.hpp>

#include "transfer/swarm/claims.hpp"
#include "transfer/swarm/limits.hpp"

namespace praline::swarm::claims_test {

namespace {

content::TreeLevel tree_of(std::uint8_t seed, std::uint64_t size = 3000) {
    content::TreeLevel tree{size, 1024, {}};
    tree.nodes.resize(static_cast<std::size_t>((size + 1023) / 1024));
    tree.nodes.front().bytes[0] = seed;
    return tree;
}

}  // namespace

TEST_CASE("a source that says another size than the one believed is set aside, and believed in its turn") {
    Claims claims;
    claims.believe_size(100);
    CHECK(claims.said_size(1, 100));
    CHECK(claims.said_size(2, 90));
    CHECK_FALSE(claims.is_aside(1));
    CHECK(claims.is_aside(2));
    CHECK_FALSE(claims.is_aside(3));
    auto const story = claims.turn_to(2);
    CHECK(story.size_bytes == 90U);
    CHECK_FALSE(story.tree);
    CHECK(claims.is_aside(1));
    CHECK_FALSE(claims.is_aside(2));
}

TEST_CASE("the tree of a story is kept until the story has its next turn") {
    Claims claims;
    claims.believe_size(3000);
    claims.gave_tree(1, tree_of(1));
    claims.set_aside(2);
    CHECK_FALSE(claims.turn_to(2).tree);
    CHECK(claims.is_aside(1));
    CHECK_FALSE(claims.is_aside(2));
    claims.gave_tree(2, tree_of(2));
    auto const back = claims.turn_to(1);
    REQUIRE(back.tree);
    CHECK(*back.tree == tree_of(1));
    CHECK(back.size_bytes == 3000U);
    CHECK(claims.is_aside(2));
}

TEST_CASE("a refuted story absolves those who contradicted it, and is not told again") {
    Claims claims;
    claims.believe_size(3000);
    claims.gave_tree(1, tree_of(1));
    claims.set_aside(2);
    claims.set_aside(3);
    claims.refute_root(tree_of(1).root());
    claims.absolve();
    CHECK(claims.is_refuted(tree_of(1).root()));
    CHECK_FALSE(claims.is_refuted(tree_of(2).root()));
    CHECK_FALSE(claims.is_aside(2));
    CHECK_FALSE(claims.is_aside(3));
    claims.refute_size(0);
    CHECK_FALSE(claims.said_size(4, 0));
    CHECK(claims.saying(0) == std::vector<std::uint32_t>{4});
}

TEST_CASE("once the file is proved, those that said something else are known") {
    Claims claims;
    claims.said_size(1, 3000);
    claims.said_size(2, 2999);
    claims.gave_tree(3, tree_of(3));
    claims.gave_tree(4, tree_of(4));
    claims.set_aside(5);
    CHECK(claims.liars(3000, tree_of(4).root()) == std::vector<std::uint32_t>{2, 3});
    CHECK(claims.liars(3000, std::nullopt) == std::vector<std::uint32_t>{2});
    claims.forget(2);
    CHECK(claims.liars(3000, std::nullopt).empty());
}

TEST_CASE("what a hit says of a source counts until the source speaks, and is never held against it") {
    Claims claims;
    claims.believe_size(100);
    claims.hinted_size(1, 90);
    CHECK(claims.is_aside(1));
    CHECK(claims.saying(90).empty());
    CHECK(claims.liars(100, std::nullopt).empty());
    CHECK(claims.said_size(1, 100));
    CHECK_FALSE(claims.is_aside(1));
    claims.hinted_size(1, 90);
    CHECK_FALSE(claims.is_aside(1));
    claims.hinted_size(2, 0);
    claims.refute_size(0);
    CHECK_FALSE(claims.is_aside(2));
    claims.hinted_size(3, 0);
    CHECK_FALSE(claims.is_aside(3));
}

TEST_CASE("claims are bounded: the oldest is forgotten, which absolves its source") {
    Claims claims;
    for (std::uint32_t source = 1; source <= claims_max + 1; ++source) claims.set_aside(source);
    CHECK_FALSE(claims.is_aside(1));
    CHECK(claims.is_aside(2));
    Claims trees;
    for (std::uint8_t source = 1; source <= kept_trees_max + 1; ++source) trees.gave_tree(source, tree_of(source));
    CHECK_FALSE(trees.turn_to(1).tree);
    CHECK(trees.turn_to(2).tree);
}

}  // namespace praline::swarm::claims_test
