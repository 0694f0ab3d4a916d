#include "node/base/address.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

#include "node/base/rng.hpp"

using namespace praline;

namespace {

Address address_in(char const* text) {
    auto const address = Address::parse(text);
    INFO(text);
    REQUIRE(address.has_value());
    return *address;
}
AddressPrefix prefix_in(char const* text) { return address_in(text); }

}  // namespace

TEST_CASE("addresses are written in the one form of RFC 5952") {
    auto const as = [](char const* text) { return address_in(text).text(); };
    CHECK(as("192.0.2.10") == "192.0.2.10");
    CHECK(as("2001:DB8:0:0:0:0:0:5") == "2001:db8::5");
    CHECK(as("2001:db8:0:0:1:0:0:1") == "2001:db8::1:0:0:1");
    CHECK(as("2001:db8:0:1:1:1:1:1") == "2001:db8:0:1:1:1:1:1");
    CHECK(as("0:0:1::") == "0:0:1::");
    CHECK(as("::") == "::");
    CHECK(as("::1") == "::1");
    CHECK(as("1::") == "1::");
    CHECK(as("0001:0203:0405:0607:0809:0a0b:0c0d:0e0f") == "1:203:405:607:809:a0b:c0d:e0f");
    CHECK(as("64:ff9b::192.0.2.33") == "64:ff9b::c000:221");
}

TEST_CASE("what is no address is refused") {
    for (auto const* bad : {"",
                            ":",
                            ":::",
                            "1:2:3:4:5:6:7",
                            "1:2:3:4:5:6:7:8:9",
                            "1:2:3:4:5:6:7:8::",
                            "1::2::3",
                            "12345::",
                            "g::",
                            "::1%lo",
                            "[::1]",
                            "1.2.3",
                            "1.2.3.4.5",
                            "256.1.1.1",
                            "::1.2.3",
                            "1.2.3.4::",
                            "::1.2.3.4:5",
                            "1:2:3:4:5:6:7:1.2.3.4",
                            ":1",
                            "1:",
                            "::1:",
                            " ::1",
                            "name"}) {
        INFO(bad);
        CHECK_FALSE(Address::parse(bad).has_value());
    }
    CHECK(Address::parse("1:2:3:4:5:6:7::").has_value());
    CHECK(Address::parse("1:2:3:4:5:6:1.2.3.4").has_value());
}

TEST_CASE("a mapped IPv4 address is the IPv4 address") {
    CHECK(address_in("::ffff:192.0.2.10") == address_in("192.0.2.10"));
    CHECK(address_in("::ffff:c000:20a").text() == "192.0.2.10");
    CHECK(address_in("::ffff:c000:20a").is_v4());
    CHECK(address_in("127.0.0.1").v4_number() == 0x7F000001U);
    CHECK_FALSE(address_in("::1").v4_number());
    CHECK(Address{} == address_in("0.0.0.0"));
    CHECK(Address{}.is_unspecified());
    CHECK(address_in("::").is_unspecified());
    CHECK_FALSE(address_in("::1").is_unspecified());
}

TEST_CASE("every address comes back from its text, and addresses are ordered as numbers") {
    Rng rng{1};
    std::vector<Address> all;
    for (int i = 0; i < 500; ++i) {
        Address::V6Bytes bytes{};
        for (auto& byte : bytes) byte = rng.below(3) == 0 ? static_cast<std::uint8_t>(rng.next()) : std::uint8_t{0};
        all.push_back(Address::v6(bytes));
        all.push_back(Address::v4(static_cast<std::uint32_t>(rng.next())));
    }
    for (Address const& one : all) REQUIRE(Address::parse(one.text()) == one);
    for (Address const& one : all)
        for (Address const& other : all)
            if (one.is_v4() && other.is_v4()) REQUIRE((one < other) == (*one.v4_number() < *other.v4_number()));
}

TEST_CASE("each special range of both families has its scope") {
    using enum AddressScope;
    auto const are = [](AddressScope scope, std::vector<char const*> const& texts) {
        for (auto const* text : texts) {
            INFO(text);
            CHECK(address_in(text).scope() == scope);
        }
    };
    are(none, {"0.0.0.0", "0.1.2.3", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"});
    are(loopback, {"127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"});
    are(link_local, {"169.254.0.1", "169.254.169.254", "fe80::1", "febf:ffff::1", "::ffff:169.254.1.1"});
    are(site, {"10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "100.127.255.255", "fc00::1",
               "fd12:3456::1", "fec0::1", "::ffff:10.0.0.1"});
    are(internet, {"8.8.8.8", "172.15.0.1", "172.32.0.1", "192.169.0.1", "100.63.0.1", "100.128.0.1", "2000::1",
                   "2606:4700::1111", "2a00::1", "3ffe::1", "::ffff:8.8.8.8"});
    // Unspecified, deprecated IPv4-compatible, discard-only, multicast, documentation, protocol assignments, what is not given out.
    are(none, {"::", "::2", "::8.8.8.8", "100::1", "ff02::1", "ff0e::1", "2001:db8::1", "3fff:0fff::1", "2001:2::1",
               "2001:20::1", "4000::1", "e000::1", "1::1"});
}

TEST_CASE("a transition form is a host only where its IPv4 address is one on the internet") {
    using enum AddressScope;
    CHECK(address_in("2002:0808:0808::1").embedded_v4() == address_in("8.8.8.8"));
    CHECK(address_in("2002:0808:0808::1").scope() == internet);
    CHECK(address_in("64:ff9b::8.8.8.8").scope() == internet);
    CHECK(address_in("2001:0:0808:0404::f7f7:f7f7").embedded_v4() == address_in("8.8.8.8"));
    CHECK(address_in("2001:0:0808:0404::f7f7:f7f7").scope() == internet);
    for (auto const* led_home :
         {"2002:7f00:1::1", "2002:0a00:1::1", "2002:c0a8:101::1", "2002:a9fe:a9fe::1", "2002:e000:1::1",
          "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "2001:0:0808:0404::80ff:fffe", "2001:0:7f00:1::f7f7:f7f7"}) {
        INFO(led_home);
        CHECK(address_in(led_home).scope() == none);
        CHECK_FALSE(address_in(led_home).is_loopback());
    }
    CHECK_FALSE(address_in("2a00::1").embedded_v4());
    CHECK_FALSE(address_in("8.8.8.8").embedded_v4());
}

TEST_CASE("a host is counted by its IPv4 address or by its /64") {
    CHECK(prefix_in("192.0.2.10") == prefix_in("192.0.2.10"));
    CHECK(prefix_in("192.0.2.10") != prefix_in("192.0.2.11"));
    CHECK(prefix_in("2a00:1:2:3::1") == prefix_in("2a00:1:2:3:ffff::2"));
    CHECK(prefix_in("2a00:1:2:3::1") != prefix_in("2a00:1:2:4::1"));
    CHECK(prefix_in("::ffff:192.0.2.10") == prefix_in("192.0.2.10"));
    // A host with an IPv4 address has all of these.
    CHECK(prefix_in("2002:c000:20a:1::1") == prefix_in("192.0.2.10"));
    CHECK(prefix_in("2002:c000:20a:ffff::1") == prefix_in("192.0.2.10"));
    CHECK(prefix_in("2001:0:0808:0404::3fff:fdf5") == prefix_in("192.0.2.10"));
    CHECK(AddressPrefix{} == prefix_in("0.0.0.0"));
    CHECK(prefix_in("::1") != AddressPrefix{});
    CHECK(prefix_in("192.0.2.10").text() == "192.0.2.10");
    CHECK(prefix_in("2a00:1:2:3::9").text() == "2a00:1:2:3::/64");
    CHECK(prefix_in("::1").text() == "::/64");
    CHECK(sizeof(AddressPrefix) == 8);
}

TEST_CASE("prefixes of IPv4 are ordered as their addresses, and shorter ones hold whole networks") {
    CHECK(prefix_in("1.2.3.4") < prefix_in("1.2.3.5"));
    CHECK(prefix_in("9.255.255.255") < prefix_in("10.0.0.0"));
    auto const network = [](char const* text) { return AddressPrefix::of_network(address_in(text), 24, 48); };
    CHECK(network("192.0.2.1") == network("192.0.2.255"));
    CHECK(network("192.0.2.1") != network("192.0.3.1"));
    CHECK(network("2a00:1:2:3::1") == network("2a00:1:2:4::1"));
    CHECK(network("2a00:1:2::1") != network("2a00:1:3::1"));
    CHECK(AddressPrefix::of_network(address_in("1.2.3.4"), 0, 0) ==
          AddressPrefix::of_network(address_in("9.9.9.9"), 0, 0));
}
