#include "tools/simulate/progress.hpp"

#include <catch2/catch.hpp>

namespace progress_test {
using namespace praline::simulate;

TEST_CASE("the time left follows from what is done, in words that suit it") {
    CHECK(time_left(0, 10, 5).empty());
    CHECK(time_left(10, 10, 5).empty());
    CHECK(time_left(99, 100, 9.9) == "less than a second left");
    CHECK(time_left(1, 4, 4) == "about 12 s left");
    CHECK(time_left(1, 4, 100) == "about 5 min left");
    CHECK(time_left(1, 4, 4800) == "about 4 h left");
    CHECK(time_left(1, 100'000'000, 3600) == "years left");
}

}  // namespace progress_test
