#include "node/net/bootstrap.hpp"

#include <stdexcept>

#include <catch2/catch.hpp>

namespace bootstrap_test {
using namespace praline;

TEST_CASE("an address without a port is refused with a sentence") {
    REQUIRE(net::resolve("192.0.2.1:6346").port == 6346);
    REQUIRE_THROWS_WITH(net::resolve("192.0.2.1"), Catch::Contains("HOST:PORT"));
    REQUIRE_THROWS_AS(net::resolve("host:0"), std::runtime_error);
}

TEST_CASE("a host cache that answered is left in peace for an hour, one that could not be reached is asked sooner") {
    using namespace std::chrono_literals;
    praline::net::BootstrapLimits const limits;
    praline::net::AskTimes times;
    praline::Instant now{1h};
    REQUIRE(times.ask("good", now, limits));
    REQUIRE(times.ask("bad", now, limits));
    times.failed("bad", now, limits);
    CHECK_FALSE(times.ask("bad", now + 59s, limits));
    now += 60s;
    CHECK_FALSE(times.ask("good", now, limits));
    REQUIRE(times.ask("bad", now, limits));
    times.failed("bad", now, limits);
    CHECK_FALSE(times.ask("bad", now + 119s, limits));
    REQUIRE(times.ask("bad", now + 120s, limits));
    for (int i = 0; i < 20; ++i) times.failed("bad", now, limits);
    CHECK_FALSE(times.ask("bad", now + 59min, limits));
    CHECK(times.ask("bad", now + 60min, limits));
    CHECK(times.ask("good", now + 60min, limits));
}

}  // namespace bootstrap_test
