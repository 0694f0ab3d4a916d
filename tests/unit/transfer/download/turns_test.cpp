#include <catch2/catch.hpp>

#include "transfer/download/turns.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "node/base/rng.hpp"

namespace praline::download::turns_test {

namespace {

Rank normal(std::int64_t order) { return {Priority::normal, order}; }

}  // namespace

TEST_CASE("slots go to those that ask while there are any") {
    Turns turns{2};
    CHECK(turns.take(normal(1)));
    CHECK(turns.take(normal(2)));
    CHECK_FALSE(turns.take(normal(3)));
    CHECK(turns.take(normal(1)));
    CHECK(turns.holds(normal(2)));
    CHECK_FALSE(turns.holds(normal(3)));
}

TEST_CASE("a free slot is kept for the one that waits and ranks first") {
    Turns turns{1};
    REQUIRE(turns.take(normal(1)));
    REQUIRE_FALSE(turns.take(normal(3)));
    REQUIRE_FALSE(turns.take({Priority::low, 2}));
    REQUIRE_FALSE(turns.take({Priority::high, 9}));
    turns.leave(normal(1));
    REQUIRE(turns.due() == std::vector<Rank>{{Priority::high, 9}});
    CHECK_FALSE(turns.take(normal(3)));
    CHECK(turns.take({Priority::high, 9}));
    CHECK(turns.due().empty());
}

TEST_CASE("one that waits no more keeps nobody else waiting") {
    Turns turns{1};
    REQUIRE(turns.take(normal(1)));
    REQUIRE_FALSE(turns.take(normal(2)));
    REQUIRE_FALSE(turns.take(normal(3)));
    turns.leave(normal(2));
    turns.leave(normal(1));
    CHECK(turns.take(normal(3)));
}

TEST_CASE("an idle holder keeps its slot and lets another begin") {
    Turns turns{1};
    REQUIRE(turns.take(normal(1)));
    turns.set_idle(normal(1), true);
    CHECK(turns.take(normal(2)));
    CHECK(turns.holds(normal(1)));
    turns.set_idle(normal(1), false);
    CHECK_FALSE(turns.take(normal(3)));
    turns.leave(normal(1));
    CHECK_FALSE(turns.take(normal(3)));
    turns.leave(normal(2));
    CHECK(turns.take(normal(3)));
}

TEST_CASE("fewer slots end nothing, and more are given at once") {
    Turns turns{2};
    REQUIRE(turns.take(normal(1)));
    REQUIRE(turns.take(normal(2)));
    turns.wait(normal(3));
    turns.set_most(1);
    CHECK(turns.holds(normal(2)));
    turns.leave(normal(1));
    CHECK(turns.due().empty());
    turns.set_most(3);
    CHECK(turns.due() == std::vector<Rank>{normal(3)});
}

TEST_CASE("two that change places keep what they have") {
    Turns turns{1};
    REQUIRE(turns.take(normal(1)));
    turns.wait(normal(2));
    turns.wait(normal(3));
    turns.change({{normal(1), normal(2)}, {normal(2), normal(1)}});
    CHECK(turns.holds(normal(2)));
    CHECK(turns.places() == std::map<Rank, std::size_t>{{normal(1), 1}, {normal(3), 2}});
}

TEST_CASE("whatever happens, slots go by rank and no more are given than there are") {
    Rng rng{12};
    Turns turns{4};
    std::set<Rank> holders, waiting;
    for (int step = 0; step < 20'000; ++step) {
        Rank const who{static_cast<Priority>(rng.below(3)), static_cast<std::int64_t>(rng.below(40))};
        if (rng.below(3) == 0) {
            turns.leave(who);
            holders.erase(who);
            waiting.erase(who);
        } else if (!holders.contains(who)) {
            waiting.insert(who);
            auto const before = static_cast<std::size_t>(std::distance(waiting.begin(), waiting.find(who)));
            bool const wanted = holders.size() + before < 4;
            REQUIRE(turns.take(who) == wanted);
            if (wanted) {
                holders.insert(who);
                waiting.erase(who);
            }
        }
        REQUIRE(turns.places().size() == waiting.size());
        REQUIRE(turns.due().size() == std::min(waiting.size(), 4 - holders.size()));
    }
}

}  // namespace praline::download::turns_test
