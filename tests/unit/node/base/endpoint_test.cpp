#include "node/base/endpoint.hpp"

#include <catch2/catch.hpp>

#include "node/base/rng.hpp"

namespace endpoint_test {
using namespace praline;

TEST_CASE("endpoints come back from their text") {
    REQUIRE(Endpoint{0xC000020A, 6346}.text() == "192.0.2.10:6346");
    REQUIRE(Endpoint::parse(" 192.0.2.10:6346 ") == Endpoint{0xC000020A, 6346});
    REQUIRE(Endpoint{*Address::parse("2001:db8::5"), 6346}.text() == "[2001:db8::5]:6346");
    REQUIRE(Endpoint::parse(" [2001:DB8:0::5]:6346 ") == Endpoint{*Address::parse("2001:db8::5"), 6346});
    REQUIRE(Endpoint::parse("[::ffff:192.0.2.10]:6346") == Endpoint{0xC000020A, 6346});
    Rng rng{1};
    for (int i = 0; i < 200; ++i) {
        Endpoint const endpoint{static_cast<std::uint32_t>(rng.next()),
                                static_cast<std::uint16_t>(1 + rng.below(65535))};
        REQUIRE(Endpoint::parse(endpoint.text()) == endpoint);
    }
}

TEST_CASE("what is no dotted address with a port is refused") {
    for (auto const bad : {"",
                           ":",
                           "1.2.3.4",
                           "1.2.3.4:",
                           "1.2.3.4:0",
                           "1.2.3.4:65536",
                           "1.2.3:5",
                           "1.2.3.4.5:6",
                           "256.1.1.1:1",
                           "1..2.3:4",
                           "a.b.c.d:1",
                           "::1:6346",
                           "[::1]",
                           "[::1]:0",
                           "[::1:6346",
                           "[127.0.0.1]:1",
                           "[fe80::1%lo]:1",
                           "1.2.3.4:-1",
                           "1.2.3.4 :5",
                           "0001.2.3.4:5",
                           "host:6346"})
        REQUIRE_FALSE(Endpoint::parse(bad).has_value());
}

TEST_CASE("private and unusable addresses are known") {
    auto const at = [](char const* address) { return Endpoint{*Address::parse(address), 1}; };
    for (auto const home : {"127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.0.1",
                            "100.64.0.1", "100.127.255.255"})
        REQUIRE(at(home).is_private());
    for (auto const out :
         {"8.8.8.8", "172.15.0.1", "172.32.0.1", "192.169.0.1", "100.63.0.1", "100.128.0.1", "11.0.0.1"})
        REQUIRE_FALSE(at(out).is_private());
    for (auto const none : {"0.0.0.0", "0.1.2.3", "224.0.0.1", "255.255.255.255"}) REQUIRE(at(none).is_unusable());
    REQUIRE(Endpoint{0x08080808, 0}.is_unusable());
    REQUIRE_FALSE(at("8.8.8.8").is_unusable());
    REQUIRE(at("127.9.9.9").is_loopback());
}

}  // namespace endpoint_test
