#include <catch2/catch.hpp>

#include "transfer/download/patience.hpp"

namespace praline::download::patience_test {

namespace {

using namespace std::chrono_literals;
using Stage = Patience::Stage;

Instant at(Duration since) { return Instant{since}; }

}  // namespace

TEST_CASE(
    "a source that does not answer has its turn for seconds while others wait, and as long as it takes while none "
    "does") {
    Limits const limits;
    Patience patience{limits};
    for (auto const& [stage, time] :
         {std::pair{Stage::connecting, limits.hurried_connect_time}, std::pair{Stage::called, limits.hurried_push_time},
          std::pair{Stage::replying, limits.hurried_reply_time}}) {
        patience.enter(stage, at(100s));
        CHECK_FALSE(patience.is_over(1, at(100s) + time - 1ms));
        CHECK(patience.is_over(1, at(100s) + time));
        CHECK_FALSE(patience.is_over(0, at(100s) + 10 * time));
        CHECK(patience.is_over(limits.many_waiting, at(100s) + time / 2));
    }
    patience.enter(Stage::resting, at(0s));
    CHECK_FALSE(patience.is_over(5, at(24h)));
}

TEST_CASE("a header that drips is as slow as one that does not come") {
    Limits const limits;
    Patience patience{limits};
    patience.enter(Stage::replying, at(0s));
    for (int second = 1; second < 12; ++second) {
        patience.arrived(1, at(std::chrono::seconds{second}));
        CHECK_FALSE(patience.is_over(1, at(std::chrono::seconds{second})));
    }
    CHECK(patience.is_over(1, at(12s)));
}

TEST_CASE("a body that drips is under the floor, one that flows is not") {
    Limits const limits;
    for (auto const& [bytes, over] : {std::pair{1U, true}, std::pair{1000U, true}, std::pair{1100U, false}}) {
        Patience patience{limits};
        patience.enter(Stage::receiving, at(0s));
        bool was_over = false;
        for (int second = 1; second <= 60; ++second) {
            patience.arrived(bytes, at(std::chrono::seconds{second}));
            was_over = was_over || patience.is_over(1, at(std::chrono::seconds{second}));
        }
        CHECK(was_over == over);
    }
}

TEST_CASE("a body that stands still is noticed before its rate is measured") {
    Patience patience{Limits{}};
    patience.enter(Stage::receiving, at(0s));
    patience.arrived(1'000'000, at(1s));
    CHECK(patience.silent_for(at(4s)) == 3s);
    CHECK_FALSE(patience.is_over(1, at(10s)));
    CHECK(patience.is_over(1, at(11s)));
    patience.enter(Stage::resting, at(12s));
    CHECK(patience.silent_for(at(20s)) == 0s);
}

}  // namespace praline::download::patience_test
