#include "node/net/bootstrap.hpp"

#include <stdexcept>

#include <catch2/catch.hpp>

using namespace praline;

TEST_CASE("hosts of both GWebCache versions are read and everything else is skipped") {
    auto const hosts = net::parse_gwebcache("192.0.2.1:6346\r\nH|192.0.2.2:6347|300|x\nU|http://example.org/|5\nERROR\n192.0.2.3\n0.0.0.0:5\n", 10);
    REQUIRE(hosts == std::vector<Endpoint>{*Endpoint::parse("192.0.2.1:6346"), *Endpoint::parse("192.0.2.2:6347")});
}

TEST_CASE("no more hosts are taken than the limit") {
    std::string body;
    for (int i = 1; i < 200; ++i) body += "192.0.2." + std::to_string(i % 250 + 1) + ":6346\n";
    REQUIRE(net::parse_gwebcache(body, 7).size() == 7);
}

TEST_CASE("an address without a port is refused with a sentence") {
    REQUIRE(net::resolve("192.0.2.1:6346").port == 6346);
    REQUIRE_THROWS_WITH(net::resolve("192.0.2.1"), Catch::Contains("HOST:PORT"));
    REQUIRE_THROWS_AS(net::resolve("host:0"), std::runtime_error);
}
