#include <catch2/catch.hpp>

#include "node/overlay/host_cache.hpp"
#include "node/overlay/host_sources.hpp"
#include "node/overlay/pong_cache.hpp"
#include "node/wire/ggep.hpp"
#include "unit/node/overlay/virtual_network.hpp"

namespace hearsay_test {
using namespace praline;
using namespace praline::overlay;
using namespace praline::overlay::test;
using wire::Function;
using Told = HostCache::Learned;

namespace {

constexpr std::uint32_t liar = 0x0A090909;
AddressPrefix at(std::uint32_t number) { return Address::v4(number); }
Endpoint host(std::uint32_t number, std::uint16_t port = 6346) { return {0x0A050000U + number, port}; }

Config config_of() {
    Config config;
    config.mode = Mode::ultrapeer;
    config.servent = servent_of(0);
    config.listen = {0x0A000001, 6346};
    return config;
}

std::string tries(std::uint32_t first, std::size_t count, bool ports) {
    std::string text = "X-Try-Ultrapeers: ";
    for (std::uint32_t i = 0; i < count; ++i)
        text += (i ? ", " : "") + (ports ? host(first, static_cast<std::uint16_t>(7000 + i)) : host(first + i)).text();
    return text + "\r\n";
}

}  // namespace

TEST_CASE("a source has a credit that comes back with time, and at once for what was true") {
    Limits const limits;
    HostSources sources;
    auto const named = [&](AddressPrefix source, Instant now) {
        int count = 0;
        while (count < 1000 && sources.may_name_one(limits, source, now)) ++count;
        return count;
    };
    CHECK(named(at(liar), Instant{}) == 10);
    CHECK(named(at(liar + 1), Instant{}) == 10);
    CHECK(named(at(liar), Instant{} + 59s) == 0);
    CHECK(named(at(liar), Instant{} + 60s) == 1);
    sources.was_right(limits, at(liar));
    sources.was_right(limits, at(liar));
    CHECK(named(at(liar), Instant{} + 60s) == 2);
    CHECK(named(HostSources::host_caches, Instant{}) == 50);
    CHECK(named(at(liar), Instant{} + 3600s) == 10);
}

TEST_CASE("the credits of many sources stay bounded") {
    Limits limits;
    limits.host_sources_max = 8;
    HostSources sources;
    for (std::uint32_t i = 0; i < 10; ++i) REQUIRE(sources.may_name_one(limits, at(liar), Instant{}));
    for (std::uint32_t i = 0; i < 1000; ++i) REQUIRE(sources.may_name_one(limits, at(i), Instant{}));
    REQUIRE_FALSE(sources.may_name_one(limits, at(liar), Instant{}));  // the most indebted is remembered longest
}

TEST_CASE("one source gets few hosts into the cache, and few ports of an address") {
    Limits const limits;
    HostCache cache{limits, true};
    std::size_t added = 0;
    for (std::uint32_t i = 0; i < 3000; ++i)
        added +=
            cache.learn(host(i), true, {at(liar), Instant{} + std::chrono::seconds{i}, 1}) == Told::added ? 1U : 0U;
    CHECK(added == 10 + 2999 / 60);
    CHECK(cache.size() == 10);  // its share: what it named before is evicted
    HostCache other{limits, true};
    for (std::uint16_t port = 1; port <= 100; ++port)
        for (std::uint32_t source = 0; source < 20; ++source)
            (void)other.learn(host(1, port), true, {at(liar + source), Instant{}, 1});
    CHECK(other.size() == 2);
    CHECK(other.is_hearsay(host(1, 1)));
    // Nor does it help to be refused: nothing is forgotten to make room for a third.
    other.failed(host(1, 1), Instant{});
    CHECK(other.learn(host(1, 50), true, {at(liar), Instant{}, 1}) == Told::refused);
    // A host that has been reached is no hearsay any more.
    other.succeeded(host(1, 1), true, 1);
    CHECK_FALSE(other.is_hearsay(host(1, 1)));
    CHECK(other.learn(host(1, 50), true, {at(liar + 50), Instant{}, 1}) == Told::added);
}

TEST_CASE("an address may name ports of its own, within its credit") {
    Limits const limits;
    HostCache cache{limits, true};
    for (std::uint16_t port = 1; port <= 100; ++port)
        (void)cache.learn(host(1, port), true, {host(1).address, Instant{}, 1});
    CHECK(cache.size() == 10);
}

TEST_CASE("a saved cache that a liar has filled is cleaned when it is loaded") {
    Limits const limits;
    HostCache cache{limits, true};
    std::vector<HostRecord> records;
    for (std::uint16_t port = 1; port <= 500; ++port) records.emplace_back(HostRecord{host(1, port), true, 5, 0, 0});
    for (std::uint16_t port = 1; port <= 5; ++port) records.emplace_back(HostRecord{host(2, port), true, 5, 5, 0});
    cache.load(records);
    CHECK(cache.size() == 7);
}

TEST_CASE("one link fills no more than its share of the cached pongs") {
    Limits const limits;
    PongCache cache{limits};
    auto const insert = [&](std::uint32_t number, PeerId from) {
        wire::Pong pong;
        pong.endpoint = host(number);
        cache.insert({pong, 0, Hops{1}, from, Instant{}});
    };
    for (std::uint32_t i = 0; i < 10; ++i) insert(i, PeerId{1});
    for (std::uint32_t i = 100; i < 500; ++i) insert(i, PeerId{2});
    CHECK(cache.size() == 25);
    Rng rng{1};
    CHECK(cache.choose({50, 50, PeerId{2}}, Instant{}, rng).size() == 10);
}

TEST_CASE("headers that name hosts set off two calls a second and fill nothing") {
    Config config = config_of();
    ScriptedPeer node{config};
    for (std::uint32_t i = 0; i < 60; ++i) node.link(false, tries(i * 100, 20, false));
    CHECK(node.all<Connect>().size() == 2);
    CHECK(node.core.hosts().size() == 600);
    CHECK(node.core.counters().hosts_refused == 60 * 10);
    std::size_t calls = 2;
    for (int half_seconds = 1; half_seconds <= 12; ++half_seconds) {
        REQUIRE(node.core.next_deadline() <= node.now + 500ms);
        node.tick(500ms);
        for (std::size_t i = 0; i < node.all<Connect>().size(); ++i)
            node.feed(ConnectFailed{node.all<Connect>()[i].peer});
        std::size_t const now = node.all<Connect>().size();
        CHECK(now <= calls + 1);
        calls = now;
    }
    CHECK(calls > 10);
}

TEST_CASE("many links that name one victim set off two calls to it") {
    ScriptedPeer node{config_of()};
    for (std::uint32_t i = 0; i < 40; ++i) node.link(true, tries(1, 20, true));
    for (int i = 0; i < 20; ++i) node.tick(1s);
    auto const calls = node.all<Connect>();
    CHECK(calls.size() == 2);
}

TEST_CASE("peers of the user are called at once, however many") {
    Config config = config_of();
    for (std::uint32_t i = 0; i < 8; ++i) config.peers.emplace_back(host(i));
    ScriptedPeer node{config};
    CHECK(node.all<Connect>().size() == 8);
}

TEST_CASE("a host that is not believed is not told to others either") {
    ScriptedPeer node{config_of()};
    PeerId const source = node.link(), asker = node.link();
    Guid const ping = node.messages(source, Function::ping)[0].header.guid;
    for (std::uint16_t port = 1; port <= 40; ++port) {
        wire::Pong pong;
        pong.endpoint = host(1, port);
        node.say(source, Function::pong, Ttl{1}, Hops{1}, wire::encode(pong), ping);
    }
    node.say(asker, Function::ping, Ttl{4}, Hops{0}, {}, servent_of(77));
    CHECK(node.messages(asker, Function::pong).size() == 1 + 2);  // ours and two ports
    CHECK(node.core.hosts().size() == 2);
}

}  // namespace hearsay_test
