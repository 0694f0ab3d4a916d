#include "node/overlay/call_back_gate.hpp"

#include <catch2/catch.hpp>

namespace call_back_gate_test {
using namespace praline;
using namespace praline::overlay;
using namespace std::chrono_literals;

namespace {

constexpr Endpoint own{0x08080101, 6346};
constexpr std::uint32_t loopback = 0x7F000005, home = 0xC0A80105, link_local = 0xA9FE0101, shared = 0x64400001,
                        internet = 0x08080808;

Endpoint at(char const* text) { return *Endpoint::parse(text); }

}  // namespace

TEST_CASE("a push aims at no network that its link does not come from, and at no service") {
    Limits const limits;
    auto const called = [&](char const* target, std::uint32_t brought_by) {
        CallBackGate gate{limits};
        return gate.admit(at(target), Address::v4(brought_by), own, Instant{});
    };
    for (std::uint32_t const link : {loopback, home, link_local, shared, internet}) {
        CHECK(called("9.9.9.9:6346", link));
        CHECK(called("9.9.9.9:1024", link));
        CHECK_FALSE(called("9.9.9.9:1023", link));
        CHECK_FALSE(called("9.9.9.9:25", link));
        CHECK_FALSE(called("0.0.0.0:6346", link));
        CHECK_FALSE(called("0.1.2.3:6346", link));
        CHECK_FALSE(called("224.0.0.1:6346", link));
        CHECK_FALSE(called("255.255.255.255:6346", link));
        CHECK_FALSE(called("8.8.1.1:6346", link));  // ourselves
        CHECK(called("127.0.0.1:6346", link) == (link == loopback));
        CHECK(called("10.1.2.3:6346", link) == (link == home || link == shared));
        CHECK(called("172.31.2.3:6346", link) == (link == home || link == shared));
        CHECK(called("192.168.7.7:6346", link) == (link == home || link == shared));
        CHECK(called("169.254.169.254:6346", link) == (link == link_local));
    }
    CHECK_FALSE(called("127.0.0.1:80", loopback));
    CHECK(called("172.32.0.1:6346", internet));
}

TEST_CASE("one address is called once in ten seconds, whatever the port and whoever asks") {
    Limits const limits;
    CallBackGate gate{limits};
    REQUIRE(gate.admit(at("9.9.9.9:2000"), Address::v4(internet), own, Instant{}));
    for (int i = 1; i < 10; ++i)
        REQUIRE_FALSE(gate.admit(Endpoint{0x09090909, static_cast<std::uint16_t>(2000 + i)},
                                 Address::v4(internet + static_cast<std::uint32_t>(i)), own,
                                 Instant{} + std::chrono::seconds{i}));
    REQUIRE(gate.admit(at("9.9.9.10:2000"), Address::v4(internet), own, Instant{} + 1s));
    REQUIRE(gate.admit(at("9.9.9.9:2000"), Address::v4(internet), own, Instant{} + 10s));
}

TEST_CASE("twenty call-backs a minute are made in all, and not all of them for one link") {
    Limits const limits;
    CallBackGate gate{limits};
    auto const made = [&](std::uint32_t link, std::uint32_t first, Instant now) {
        std::size_t count = 0;
        for (std::uint32_t i = 0; i < 100; ++i)
            count += gate.admit({first + i, 6346}, Address::v4(link), own, now) ? 1U : 0U;
        return count;
    };
    CHECK(made(internet, 0x09000000, Instant{}) == limits.call_backs_per_minute_of_link);
    CHECK(made(internet + 1, 0x09010000, Instant{} + 1s) ==
          limits.call_backs_per_minute - limits.call_backs_per_minute_of_link);
    CHECK(made(internet + 2, 0x09020000, Instant{} + 59s) == 0);
    CHECK(made(internet + 2, 0x09030000, Instant{} + 60s) == limits.call_backs_per_minute_of_link);
    // However long it goes on.
    std::size_t count = 0;
    for (int second = 0; second < 600; ++second)
        for (std::uint32_t i = 0; i < 50; ++i)
            count += gate.admit({0x09100000 + static_cast<std::uint32_t>(second) * 50 + i, 6346},
                                Address::v4(internet + i), own, Instant{} + 200s + std::chrono::seconds{second})
                         ? 1U
                         : 0U;
    CHECK(count == 200);
}

}  // namespace call_back_gate_test
