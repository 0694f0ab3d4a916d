#include "node/base/grow_tightly.hpp"

#include <catch2/catch.hpp>

namespace grow_tightly_test {
using namespace praline;

TEST_CASE("there is room for one more, and the list is as it was") {
    std::vector<int> list;
    for (int i = 0; i < 1000; ++i) {
        grow_tightly(list);
        REQUIRE(list.capacity() > list.size());
        REQUIRE(list.size() == static_cast<std::size_t>(i));
        int const* const before = list.data();
        list.push_back(i);
        REQUIRE(list.data() == before);
    }
    for (int i = 0; i < 1000; ++i) REQUIRE(list[static_cast<std::size_t>(i)] == i);
}

TEST_CASE("the room beyond is an eighth at most, or two, and it is made seldom") {
    std::vector<int> list;
    std::size_t moves = 0;
    for (int i = 0; i < 10'000; ++i) {
        auto const before = list.capacity();
        grow_tightly(list);
        moves += list.capacity() != before;
        REQUIRE(list.capacity() <= list.size() + std::max<std::size_t>(2, list.size() / 8));
        list.push_back(i);
    }
    // One in eight from sixteen on: log(10,000 / 16) / log(9 / 8) is 55.
    CHECK(moves < 70);
}

TEST_CASE("where there is room already none is made") {
    std::vector<int> list;
    list.reserve(100);
    grow_tightly(list);
    CHECK(list.capacity() == 100);
}

}  // namespace grow_tightly_test
