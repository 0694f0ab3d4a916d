#include "index/replica/peers.hpp"

#include <catch2/catch.hpp>

namespace peers_test {
using namespace praline::index;
using namespace praline::index::replica;

TEST_CASE("writes that come in any order and more than once are counted once") {
    WritesSeen seen;
    for (std::uint64_t const position : {1, 3, 2, 3, 1, 4}) seen.write(position);
    REQUIRE(seen.missing() == 0);
    seen.write(7);
    REQUIRE(seen.missing() == 2);
    REQUIRE_FALSE(WritesSeen{}.heartbeat(5));
}

TEST_CASE("a gap is news only when it outlasts a heartbeat") {
    WritesSeen seen;
    seen.write(1);
    REQUIRE_FALSE(seen.heartbeat(3));
    REQUIRE(seen.missing() == 2);
    REQUIRE(seen.heartbeat(3));
    seen.write(2);
    seen.write(3);
    REQUIRE_FALSE(seen.heartbeat(3));
}

TEST_CASE("what was written before two servers met is not called missing") {
    WritesSeen seen;
    REQUIRE_FALSE(seen.heartbeat(1000));
    REQUIRE(seen.missing() == 0);
    WritesSeen other;
    other.write(500);
    REQUIRE(other.missing() == 0);
}

TEST_CASE("a comparison closes gaps up to where the writes were when it began") {
    WritesSeen seen;
    seen.write(1);
    seen.write(5);
    seen.write(9);
    seen.all_up_to(6);
    REQUIRE(seen.missing() == 2);
    seen.all_up_to(1'000'000);
    REQUIRE(seen.missing() == 0);
    REQUIRE(seen.announced() == 9);
}

TEST_CASE("positions beyond a gap are remembered up to a limit only") {
    WritesSeen seen;
    seen.write(1);
    for (std::uint64_t i = 0; i < 10 * positions_ahead_max; ++i) seen.write(3 + 2 * i);
    REQUIRE(seen.missing() <= 2 * positions_ahead_max);
}

}  // namespace peers_test
