#include "node/base/host_port.hpp"

#include <catch2/catch.hpp>

using namespace praline;

TEST_CASE("a host is a name or an address, and its port follows a colon") {
    auto const name = HostPort::parse("node.example.org:6346");
    REQUIRE(name.has_value());
    CHECK(name->host == "node.example.org");
    CHECK(name->port == 6346);
    CHECK_FALSE(name->endpoint());
    CHECK(HostPort::parse("192.0.2.10:6346")->endpoint() == Endpoint{0xC000020A, 6346});
    auto const v6 = HostPort::parse("[2001:db8::5]:6346");
    REQUIRE(v6.has_value());
    CHECK(v6->host == "2001:db8::5");
    CHECK(v6->endpoint() == Endpoint{*Address::parse("2001:db8::5"), 6346});
}

TEST_CASE("a port may be missing where there is a usual one, and zero where any free one will do") {
    HostPortRules const usual{.usual_port = 6346};
    CHECK(HostPort::parse("cache.example.org", usual)->port == 6346);
    CHECK(HostPort::parse("cache.example.org:80", usual)->port == 80);
    CHECK(HostPort::parse("192.0.2.10", usual)->endpoint() == Endpoint{0xC000020A, 6346});
    CHECK(HostPort::parse("[2001:db8::5]", usual)->port == 6346);
    CHECK(HostPort::parse("[::]:0", {.any_port = true})->endpoint() == Endpoint{*Address::parse("::"), 0});
    CHECK(HostPort::parse("127.0.0.1:0", {.any_port = true}).has_value());
    CHECK_FALSE(HostPort::parse("127.0.0.1:0").has_value());
}

TEST_CASE("what is wrong with a host and a port is named") {
    using enum HostPortError;
    auto const why = [](char const* text) {
        auto const parsed = HostPort::parse(text);
        INFO(text);
        REQUIRE(parsed.has_error());
        return parsed.error();
    };
    CHECK(why("") == no_host);
    CHECK(why(":6346") == no_host);
    CHECK(why("localhost") == no_port);
    CHECK(why("[::1]") == no_port);
    CHECK(why("localhost:") == bad_port);
    CHECK(why("localhost:0") == bad_port);
    CHECK(why("localhost:65536") == bad_port);
    CHECK(why("localhost:http") == bad_port);
    CHECK(why("localhost:-1") == bad_port);
    CHECK(why("[::1]6346") == bad_port);
    CHECK(why("a b:1") == bad_host);
    CHECK(why("http://x:1") == bad_host);
    CHECK(why("a:b:1") == bad_host);
    CHECK(why("a\"b:1") == bad_host);
    CHECK(why("2001:db8::5:6346") == no_brackets);
    CHECK(why("::1") == no_brackets);
    CHECK(why("[::1:6346") == bad_address);
    CHECK(why("[127.0.0.1]:6346") == bad_address);
    CHECK(why("[name]:6346") == bad_address);
    CHECK(why("[fe80::1%eth0]:6346") == bad_address);
    CHECK(why((std::string(254, 'a') + ":1").c_str()) == bad_host);
    CHECK(std::string{to_string(no_brackets)}.find("[2001:db8::5]:6346") != std::string::npos);
}
