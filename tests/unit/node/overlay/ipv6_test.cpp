#include <catch2/catch.hpp>

#include "node/overlay/host_cache.hpp"
#include "node/overlay/host_sources.hpp"

/// Hosts of both families, and limits that count a /64 as one host.
namespace ipv6_test {
using namespace praline;
using namespace praline::overlay;
using namespace std::chrono_literals;

namespace {

Endpoint at(char const* text) { return *Endpoint::parse(text); }
Endpoint const four = at("8.8.8.8:6346"), six = at("[2a00:1:2:3::1]:6346");

}  // namespace

TEST_CASE("a node learns hosts of its own family, and connects to any that its user names") {
    Limits const limits;
    HostCache of_v4{limits, true}, of_v6{limits, true, true};
    CHECK(of_v4.add(four, true, 1));
    CHECK_FALSE(of_v4.add(six, true, 1));
    CHECK(of_v6.add(six, true, 1));
    CHECK_FALSE(of_v6.add(four, true, 1));
    CHECK_FALSE(of_v6.may_pass_on(four));
    of_v4.name(six);
    CHECK(of_v4.next_named(Instant{}, {}) == six);
    CHECK(of_v4.next(Instant{}, {}) == four);
}

TEST_CASE("what a node of one family has saved is no use to one of the other") {
    Limits const limits;
    HostCache cache{limits, true, true};
    cache.load({HostRecord{four, true, 5, 5, 0}, HostRecord{six, true, 5, 5, 0}});
    REQUIRE(cache.size() == 1);
    CHECK(cache.records().front().endpoint == six);
}

TEST_CASE("private and unusable IPv6 addresses are refused as those of IPv4 are") {
    Limits const limits;
    HostCache strict{limits, false, true}, open{limits, true, true};
    for (auto const* text : {"[::1]:6346", "[fe80::1]:6346", "[fd00::1]:6346"}) {
        INFO(text);
        CHECK_FALSE(strict.add(at(text), true, 1));
        CHECK(open.add(at(text), true, 1));
    }
    for (auto const* text : {"[::]:6346", "[ff02::1]:6346", "[2001:db8::1]:6346", "[2002:7f00:1::1]:6346"}) {
        INFO(text);
        CHECK_FALSE(open.add(at(text), true, 1));
    }
}

TEST_CASE("few ports of one /64 are believed on hearsay, however many addresses name them") {
    Limits const limits;
    HostCache cache{limits, true, true};
    auto const source = [](unsigned number) {
        return HostCache::Source{at(("[2a00:9:" + std::to_string(number) + "::1]:1").c_str()).address, Instant{}, 1};
    };
    std::size_t added = 0;
    for (unsigned host = 1; host <= 20; ++host) {
        auto const endpoint = at(("[2a00:1:2:3::" + std::to_string(host) + "]:6346").c_str());
        added += cache.learn(endpoint, true, source(host)) == HostCache::Learned::added;
    }
    CHECK(added == limits.ports_per_address_max);
    CHECK(cache.learn(at("[2a00:1:2:4::1]:6346"), true, source(99)) == HostCache::Learned::added);
}

TEST_CASE("all addresses of one /64 share the credit of a source") {
    Limits const limits;
    HostSources sources;
    auto const from = [](char const* text) { return AddressPrefix{*Address::parse(text)}; };
    for (std::size_t i = 0; i < limits.hosts_per_source_max; ++i)
        REQUIRE(sources.may_name_one(limits, from(i % 2 == 0 ? "2a00:1:2:3::1" : "2a00:1:2:3:ffff::2"), Instant{}));
    CHECK_FALSE(sources.may_name_one(limits, from("2a00:1:2:3:9::9"), Instant{}));
    CHECK(sources.may_name_one(limits, from("2a00:1:2:4::1"), Instant{}));
}

}  // namespace ipv6_test
