#include "tools/simulate/world/calendar.hpp"

#include <map>
#include <vector>

#include <catch2/catch.hpp>

#include "node/base/rng.hpp"
#include "tools/simulate/graph/copies.hpp"

namespace calendar_test {
using namespace praline;
using namespace praline::simulate;
using namespace praline::simulate::world;
using namespace praline::simulate::graph;

namespace {

/// The slow twin: events by time, and in the order in which they were put in.
struct Twin {
    std::multimap<std::uint64_t, std::uint64_t> events;
    std::uint64_t now = 0;
};

/// So many events, each of which puts in up to two more when it comes, until `budget` is spent.
void compare(std::uint32_t delay_max, std::size_t at_first, std::uint64_t budget, std::uint64_t seed) {
    Calendar<std::uint64_t> calendar{delay_max};
    Twin twin;
    Rng rng{seed};
    std::uint64_t number = 0;
    auto const put = [&] {
        if (number >= budget) return;
        auto const delay = static_cast<std::uint32_t>(1 + rng.below(delay_max));
        calendar.put(number, delay);
        twin.events.emplace(twin.now + delay, number);
        ++number;
    };
    for (std::size_t i = 0; i < at_first; ++i) put();
    while (calendar.advance()) {
        REQUIRE_FALSE(twin.events.empty());
        twin.now = twin.events.begin()->first;
        REQUIRE(calendar.now() == twin.now);
        calendar.take([&](std::span<std::uint64_t const> events) {
            REQUIRE(events.size() <= Calendar<std::uint64_t>::chunk_events);
            for (std::uint64_t const event : events) {
                REQUIRE(twin.events.begin()->first == twin.now);
                REQUIRE(twin.events.begin()->second == event);
                twin.events.erase(twin.events.begin());
                for (std::uint64_t more = rng.below(3); more > 0; --more) put();
            }
        });
        REQUIRE((twin.events.empty() || twin.events.begin()->first > twin.now));
    }
    REQUIRE(twin.events.empty());
}

}  // namespace

TEST_CASE("events come by time, and within a time in the order in which they were put in") {
    for (std::uint32_t const delay_max : {1U, 2U, 63U, 64U, 91U, 1000U, 5000U}) {
        CAPTURE(delay_max);
        compare(delay_max, 3, 5000, delay_max);       // few at a time: most units are empty
        compare(delay_max, 2000, 20'000, delay_max);  // many: chunks are filled and used again
    }
}

TEST_CASE("a calendar without events stands still") {
    Calendar<std::uint64_t> calendar{10};
    CHECK_FALSE(calendar.advance());
    CHECK(calendar.now() == 0);
    calendar.put(7, 10);
    CHECK(calendar.advance());
    CHECK(calendar.now() == 10);
    calendar.take([](std::span<std::uint64_t const> events) { CHECK(events.size() == 1); });
    CHECK_FALSE(calendar.advance());
    CHECK(calendar.now() == 10);
}

TEST_CASE("a cleared calendar begins at 0 and holds nothing") {
    Calendar<std::uint64_t> calendar{100};
    for (std::uint64_t event = 0; event < 5000; ++event)
        calendar.put(event, static_cast<std::uint32_t>(1 + event % 100));
    REQUIRE(calendar.advance());
    calendar.clear();  // in the middle of it all, the events of this very moment not taken
    CHECK(calendar.now() == 0);
    CHECK_FALSE(calendar.advance());
    calendar.put(1, 3);
    CHECK(calendar.advance());
    CHECK(calendar.now() == 3);
}

TEST_CASE("the memory of events that were taken serves further ones") {
    Calendar<std::uint64_t> calendar{1};
    auto const fill_and_empty = [&] {
        for (std::uint64_t event = 0; event < 100'000; ++event) calendar.put(event, 1);
        REQUIRE(calendar.advance());
        std::size_t taken = 0;
        calendar.take([&](std::span<std::uint64_t const> events) { taken += events.size(); });
        REQUIRE(taken == 100'000);
    };
    fill_and_empty();
    std::size_t const bytes = calendar.bytes();
    CHECK(bytes < 100'000 * 9);
    for (int i = 0; i < 20; ++i) fill_and_empty();
    CHECK(calendar.bytes() == bytes);
}

TEST_CASE("copies and walkers keep their greatest numbers in 8 bytes") {
    constexpr Node last = (1U << node_bits) - 1;
    FloodCopy const copy = FloodCopy::unpack(FloodCopy::pack(last, last - 1, ttl_max));
    CHECK(copy.to == last);
    CHECK(copy.from == last - 1);
    CHECK(copy.ttl == ttl_max);
    WalkCopy const walker = WalkCopy::unpack(WalkCopy{last, steps_max, walkers_max - 1}.pack());
    CHECK(walker.to == last);
    CHECK(walker.step == steps_max);
    CHECK(walker.number == walkers_max - 1);
}

}  // namespace calendar_test
