#include "transfer/upload/rate_floor.hpp"

#include <catch2/catch.hpp>

namespace praline::upload::rate_floor_test {

namespace {

using namespace std::chrono_literals;

Instant at(Duration since) { return Instant{since}; }

}  // namespace

TEST_CASE("a peer is too slow when it took less than the floor over a whole window") {
    RateFloor floor{1000, 20s};
    floor.start(at(5s));
    CHECK_FALSE(floor.is_below(0, at(5s)));
    CHECK_FALSE(floor.is_below(0, at(24s)));
    CHECK(floor.is_below(19'999, at(25s)));
    CHECK_FALSE(floor.is_below(39'999, at(45s)));
    CHECK(floor.is_below(39'999, at(65s)));
}

TEST_CASE("a pause within a window does not count, and a fast start does not last") {
    RateFloor floor{1000, 20s};
    floor.start(at(0s));
    CHECK_FALSE(floor.is_below(5'000'000, at(1s)));
    CHECK_FALSE(floor.is_below(5'000'000, at(20s)));
    CHECK(floor.is_below(5'000'000, at(40s)));
    floor.start(at(41s));
    CHECK_FALSE(floor.is_below(0, at(60s)));
}

TEST_CASE("time in which a peer is sent nothing by us does not count against it") {
    RateFloor floor{1000, 20s};
    floor.start(at(0s));
    floor.excuse(5000, at(19s));
    CHECK_FALSE(floor.is_below(5000, at(20s)));
    CHECK_FALSE(floor.is_below(5000, at(38s)));
    CHECK(floor.is_below(24'999, at(39s)));
}

TEST_CASE("what was taken never counts below nothing") {
    RateFloor floor{1000, 20s};
    floor.start(at(0s));
    CHECK_FALSE(floor.is_below(100'000, at(20s)));
    CHECK(floor.is_below(90'000, at(40s)));
    RateFloor none{0, 20s};
    none.start(at(0s));
    CHECK_FALSE(none.is_below(0, at(40s)));
}

}  // namespace praline::upload::rate_floor_test
