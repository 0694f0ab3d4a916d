#include "search/strategy/key_rules.hpp"

#include <catch2/catch.hpp>

namespace key_rules_test {
using namespace praline;
using namespace praline::search::strategy;

namespace {

wire::Query words(std::string text) {
    wire::Query query;
    query.text = std::move(text);
    return query;
}

constexpr std::uint64_t top = ~std::uint64_t{0};

}  // namespace

TEST_CASE("the key of a query is that of its words, whatever their order and dress") {
    CHECK(bool{routing_key(words("free jazz")) == routing_key(words("Jazz_FREE jazz"))});
    CHECK(bool{routing_key(words("free jazz")) != routing_key(words("free jaz"))});
    CHECK(bool{routing_key(words("ab cd")) != routing_key(words("abcd"))});
    CHECK_FALSE(routing_key(words("\\")).has_value());
    CHECK_FALSE(routing_key(words("")).has_value());
    CHECK(bool{routing_key(words("free jazz")) == std::optional{key_of_text("free jazz")}});
}

TEST_CASE("keys are the same on every machine") {
    CHECK(key_of_text("") == 0xC3817C016BA4FF30ULL);
    CHECK(key_of_text("free jazz") == 0x1E9336CF6467EC1DULL);
    CHECK(key_of_number(0) == 0xE220A8397B1DCDAFULL);
}

TEST_CASE("a query that bears hashes travels by its first hash, not by its words") {
    wire::Query query = words("free jazz");
    Urn tree, both;
    tree.tiger_root.emplace();
    both.sha1.emplace();
    query.urns = {tree};
    auto const by_tree = routing_key(query);
    CHECK(bool{by_tree != routing_key(words("free jazz"))});
    query.urns = {tree, both};
    auto const by_sha1 = routing_key(query);
    CHECK(bool{by_sha1 != by_tree});
    query.text = "other words";
    CHECK(bool{routing_key(query) == by_sha1});
}

TEST_CASE("keys lie on a circle") {
    CHECK(key_distance(10, 4) == 6);
    CHECK(key_distance(4, 10) == 6);
    CHECK(key_distance(top, 1) == 2);
    CHECK(key_distance(7, 7) == 0);
    CHECK(key_distance(0, std::uint64_t{1} << 63) == std::uint64_t{1} << 63);
}

TEST_CASE("of full references the one longest unused gives way") {
    KeyReferences<int> known{3};
    for (int who = 1; who <= 3; ++who) known.learn(static_cast<std::uint64_t>(who) * 100, who);
    known.learn(100, 1);  // used again
    known.learn(400, 4);
    CHECK(known.size() == 3);
    auto const all = [](int) { return true; };
    CHECK(bool{known.nearest(199, all) == std::optional{1}});  // 200 is gone, 100 is not
    CHECK(bool{known.nearest(390, all) == std::optional{4}});
    CHECK(bool{known.nearest(390, [](int who) { return who != 4; }) == std::optional{3}});
    known.forget(3);
    CHECK(known.size() == 2);
    CHECK_FALSE(known.nearest(1, [](int) { return false; }).has_value());
    KeyReferences<int> none{0};
    none.learn(1, 1);
    CHECK(none.size() == 0);
}

TEST_CASE("a key learnt anew leads where it led last") {
    KeyReferences<int> known{8};
    known.learn(5, 1);
    known.learn(5, 2);
    CHECK(known.size() == 1);
    CHECK(bool{known.nearest(5, [](int) { return true; }) == std::optional{2}});
}

TEST_CASE("the nearest of several is found by what is known of them, and of the unknown by where they start") {
    KeyReferences<int> known{8};
    std::vector<std::optional<std::uint64_t>> scratch;
    std::vector<int> const open{1, 2, 3};
    auto const start = [](int who) { return std::uint64_t{1000} * static_cast<std::uint64_t>(who); };
    auto const nearest = [&](std::uint64_t key) {
        return nearest_of(std::span<int const>{open}, key, known, start, scratch);
    };
    CHECK(bool{nearest(2100) == std::optional{2}});
    CHECK(bool{nearest(1500) == std::optional{1}});  // as near as 2: the lowest
    known.learn(50'000, 2);                          // its place to start with counts no longer
    CHECK(bool{nearest(2100) == std::optional{3}});
    known.learn(2101, 9);  // not among those that may be asked
    CHECK(bool{nearest(2100) == std::optional{3}});
    known.learn(2000, 1);
    known.learn(9, 1);  // the nearest of its keys counts
    CHECK(bool{nearest(2100) == std::optional{1}});
    CHECK_FALSE(nearest_of(std::span<int const>{}, 1, known, start, scratch).has_value());
}

TEST_CASE("a full store lets go of what was longest not asked for") {
    KeyStore store{2};
    store.put(1);
    store.put(2);
    CHECK(store.fetch(1));
    store.put(3);
    CHECK(store.has(1));
    CHECK_FALSE(store.has(2));
    CHECK(store.size() == 2);
    store.put(3);
    CHECK(store.size() == 2);
    CHECK_FALSE(store.fetch(2));
}

}  // namespace key_rules_test
