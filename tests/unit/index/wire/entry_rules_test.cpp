#include "index/wire/entry_rules.hpp"

#include <catch2/catch.hpp>

namespace entry_rules_test {
using namespace praline::index;

namespace {

Entry sized(std::uint64_t bytes) {
    Entry entry;
    entry.size_bytes = bytes;
    entry.name = "a song.ogg";
    return entry;
}

Change change(Version from, Version to, std::uint64_t bytes = 1) { return {from, to, false, {}, {sized(bytes)}}; }

}  // namespace

TEST_CASE("a file that is empty or larger than any disk is not listed") {
    REQUIRE_FALSE(may_be_listed(sized(0)));
    REQUIRE(may_be_listed(sized(1)));
    REQUIRE(may_be_listed(sized(listed_size_max)));
    REQUIRE_FALSE(may_be_listed(sized(listed_size_max + 1)));
    REQUIRE_THAT(change_problem(change({1, 0}, {1, 1}, 0)), Catch::Contains("is said to have 0 bytes"));
}

TEST_CASE("a change leads forward, to a version that can be followed by another") {
    REQUIRE(change_problem(change({1, 4}, {1, 5})).empty());
    REQUIRE_THAT(change_problem(change({1, 5}, {1, 5})), Catch::Contains("earlier version"));
    REQUIRE_THAT(change_problem(change({1, 5}, {1, 4})), Catch::Contains("earlier version"));
    REQUIRE_THAT(change_problem(change({1, 5}, {2, 0})), Catch::Contains("no list can have"));
    REQUIRE_THAT(change_problem(change({1, 5}, {era_max + 1, 1})), Catch::Contains("no list can have"));
    auto reset = change({}, {era_max, 1});
    reset.reset = true;
    REQUIRE(change_problem(reset).empty());
}

}  // namespace entry_rules_test
