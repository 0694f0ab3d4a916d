#include <catch2/catch.hpp>

#include "transfer/swarm/source_list.hpp"

namespace praline::swarm::source_list_test {

namespace {

using namespace std::chrono_literals;

Source at_port(std::uint16_t port) {
    Source source;
    source.endpoint = {0x7F000001, port};
    return source;
}
Instant at(Duration since) { return Instant{since}; }

}  // namespace

TEST_CASE("the source that failed least is asked first, and waits longer each time") {
    SourceList list{Limits{}};
    CHECK(list.add(at_port(1), at(0s)));
    CHECK(list.add(at_port(2), at(0s)));
    CHECK_FALSE(list.add(at_port(1), at(0s)));
    auto* const first = list.pick(at(0s));
    REQUIRE(first);
    CHECK(first->source.endpoint.port == 1);
    CHECK_FALSE(list.failed(first->id, Fault::closed, std::nullopt, at(0s)));
    CHECK(list.pick(at(0s))->source.endpoint.port == 2);
    CHECK(list.pick(at(10s))->source.endpoint.port == 2);
    CHECK_FALSE(list.failed(1, Fault::closed, std::nullopt, at(10s)));
    CHECK(list.find(1)->retry_at == at(12s));
    CHECK(list.next_retry(at(0s)) == at(12s));
    CHECK_FALSE(list.next_retry(at(12s)));
}

TEST_CASE("no source is asked again without a wait, even when nothing went wrong") {
    SourceList list{Limits{}};
    list.add(at_port(1), at(0s));
    list.rested(1, 0, at(5s));
    CHECK(list.find(1)->retry_at == at(6s));
    list.rested(1, 1 << 20, at(10s));
    CHECK(list.find(1)->retry_at == at(10s + 50ms));
}

TEST_CASE("what a busy source asks for is kept within limits") {
    SourceList list{Limits{}};
    list.add(at_port(1), at(0s));
    CHECK_FALSE(list.failed(1, Fault::busy, 0s, at(0s)));
    CHECK(list.find(1)->retry_at == at(1s));
    CHECK_FALSE(list.failed(1, Fault::busy, 30s, at(0s)));
    CHECK(list.find(1)->retry_at == at(30s));
    CHECK_FALSE(list.failed(1, Fault::busy, std::chrono::seconds::max(), at(0s)));
    CHECK(list.find(1)->retry_at == at(1200s));
}

TEST_CASE("a busy source that does not say when to come back is asked ever more seldom, and is never dropped") {
    SourceList list{Limits{}};
    list.add(at_port(1), at(0s));
    Duration last{};
    for (int reply = 0; reply < 30; ++reply) {
        CHECK_FALSE(list.failed(1, Fault::busy, std::nullopt, at(0s)));
        auto const wait = list.find(1)->retry_at - at(0s);
        CHECK((wait > last || wait == Limits{}.retry_max));
        if (reply == 0) CHECK(wait == 5s);
        last = wait;
    }
    CHECK(last == Limits{}.retry_max);
    // One that says "in a second" for ever is not asked every second for ever.
    CHECK_FALSE(list.failed(1, Fault::busy, 1s, at(0s)));
    CHECK(list.find(1)->retry_at == at(60s));
    list.succeeded(1);
    CHECK_FALSE(list.failed(1, Fault::busy, std::nullopt, at(0s)));
    CHECK(list.find(1)->retry_at == at(5s));
}

TEST_CASE("a source that has another file is dropped, and only the user brings it back") {
    for (auto const fault : {Fault::wrong_size, Fault::wrong_content}) {
        SourceList list{Limits{}};
        list.add(at_port(1), at(0s));
        auto const why = list.failed(1, fault, std::nullopt, at(0s));
        REQUIRE(why);
        CHECK(why->starts_with("127.0.0.1:1 "));
        CHECK(list.size() == 0);
        CHECK_FALSE(list.add(at_port(1), at(24h)));
        CHECK(list.add(at_port(1), at(0s), true));
        CHECK(list.pick(at(0s)));
    }
}

TEST_CASE("a source that had not the file is asked again later, and at once when the user names it again") {
    SourceList list{Limits{}};
    list.add(at_port(1), at(0s));
    CHECK_FALSE(list.failed(1, Fault::not_found, std::nullopt, at(0s)));
    CHECK_FALSE(list.pick(at(59s)));
    REQUIRE(list.pick(at(60s)));
    CHECK_FALSE(list.failed(1, Fault::not_found, std::nullopt, at(60s)));
    CHECK(list.find(1)->retry_at == at(180s));
    CHECK_FALSE(list.add(at_port(1), at(61s)));
    CHECK(list.add(at_port(1), at(61s), true));
    CHECK(list.pick(at(61s)));
}

TEST_CASE(
    "corrupt slices are not forgiven, failures only so often, and a source that was dropped for them after a while") {
    SourceList list{Limits{}};
    list.add(at_port(1), at(0s));
    CHECK(list.failed(1, Fault::corrupt, std::nullopt, at(0s)));
    list.add(at_port(2), at(0s));
    int failures = 0;
    while (!list.failed(2, Fault::unreachable, std::nullopt, at(0s))) ++failures;
    CHECK(failures + 1 == static_cast<int>(Limits{}.failures_max));
    CHECK_FALSE(list.add(at_port(2), at(60s)));
    CHECK(list.add(at_port(2), at(31min)));
    CHECK_FALSE(list.add(at_port(1), at(31min)));
}

TEST_CASE("a slow source is put behind the others and never dropped") {
    SourceList list{Limits{}};
    list.add(at_port(1), at(0s));
    list.add(at_port(2), at(0s));
    for (int time = 0; time < 50; ++time) CHECK_FALSE(list.failed(1, Fault::slow, std::nullopt, at(0s)));
    CHECK(list.pick(at(24h))->source.endpoint.port == 2);
}

TEST_CASE("one address has a few places, and the worst of those that hold most is evicted") {
    Limits limits;
    SourceList list{limits};
    auto const from = [](std::uint8_t host, std::uint16_t port) {
        Source source;
        source.endpoint = {0xC0000200U + host, port};
        return source;
    };
    REQUIRE(list.add(from(1, 1), at(0s)));
    for (std::uint16_t port = 1; port <= 1000; ++port) list.add(from(2, port), at(0s));
    CHECK(list.size() == 1 + limits.sources_per_address_max);
    CHECK(list.id_of(from(1, 1)));
    CHECK(list.id_of(from(2, 1000)));
    // One that has sent something, or that the user named, keeps its place.
    auto const useful = *list.id_of(from(2, 999));
    list.find(useful)->bytes = 1;
    CHECK(list.add(from(2, 5000), at(0s), true));
    for (std::uint16_t port = 2000; port < 3000; ++port) list.add(from(2, port), at(0s));
    CHECK(list.find(useful));
    CHECK(list.id_of(from(2, 5000)));
    // Full of single addresses, a newcomer takes the place of one that failed.
    for (unsigned host = 10; list.size() < limits.sources_max; ++host)
        list.add(from(static_cast<std::uint8_t>(host), 1), at(0s));
    CHECK(list.add(from(250, 1), at(0s)));
    CHECK(list.size() == limits.sources_max);
}

TEST_CASE("all addresses of one /64 have the places of one source") {
    Limits const limits;
    SourceList list{limits};
    auto const from = [](std::string const& address) {
        Source source;
        source.endpoint = {*Address::parse(address), 6346};
        return source;
    };
    for (int host = 1; host <= 50; ++host) list.add(from("2a00:1:2:3::" + std::to_string(host)), at(0s));
    CHECK(list.size() == limits.sources_per_address_max);
    for (int network = 10; network < 20; ++network)
        CHECK(list.add(from("2a00:1:2:" + std::to_string(network) + "::1"), at(0s)));
    CHECK(list.size() == limits.sources_per_address_max + 10);
}

TEST_CASE("a network whose sources failed is asked after one that has not been tried") {
    SourceList list{Limits{}};
    auto const from = [](std::uint32_t network) {
        Source source;
        source.endpoint = {0xC6336400U + network, 6346};
        return source;
    };
    for (std::uint32_t host = 1; host <= 20; ++host) list.add(from(host), at(0s));
    list.add(from(0x10000), at(0s));
    CHECK_FALSE(list.failed(1, Fault::slow, std::nullopt, at(0s)));
    CHECK(list.pick(at(0s))->source.endpoint == from(0x10000).endpoint);
}

TEST_CASE("sources survive the disk, whatever their names") {
    Source source = at_port(7);
    source.servent.bytes[3] = 9;
    source.index = 12;
    source.name = "a b\n\xff";
    source.push_needed = true;
    Source v6 = at_port(9);
    v6.endpoint.address = *Address::parse("2a00:1:2:3::1");
    std::vector<Source> const all{source, at_port(8), v6};
    CHECK(parse_sources(sources_text(all)) == all);
    CHECK(parse_sources("nonsense\n1.2.3.4 99999 x 1 0 . .\n").empty());
}

}  // namespace praline::swarm::source_list_test
