#include "tools/praline/print.hpp"

#include <iostream>
#include <sstream>

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

TEST_CASE("a table stays in line with names of any script") {
    std::ostringstream out;
    auto* const before = std::cout.rdbuf(out.rdbuf());
    print_table({{"NAME", "SIZE"}, {"日本.ogg", "1"}, {"🍫.ogg", "2"}, {"a\xCC\x88.ogg", "3"}, {"plain.ogg", "4"}});
    std::cout.rdbuf(before);
    REQUIRE(out.str() ==
            "NAME       SIZE\n"
            "日本.ogg   1\n"
            "🍫.ogg     2\n"
            "a\xCC\x88.ogg      3\n"
            "plain.ogg  4\n");
}

}  // namespace print_test
