#include "tools/praline/print.hpp"

#include <catch2/catch.hpp>

namespace print_test {
using namespace praline;

TEST_CASE("foreign text cannot steer a terminal") {
    REQUIRE(printable("a\x1b[2Jb\n") == "a?[2Jb?");
    REQUIRE(printable("\xff") == "?");
}

TEST_CASE("sizes and times read well") {
    REQUIRE(human_bytes(0) == "0 B");
    REQUIRE(human_bytes(1536) == "1.5 KiB");
    REQUIRE(human_seconds(59.6) == "60 s");
    REQUIRE(human_seconds(7260) == "2 h 1 min");
}

}  // namespace print_test
