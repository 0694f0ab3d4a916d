#include <catch2/catch.hpp>

#include "unit/index/replica/group_story.hpp"

namespace group_test {
using namespace praline::index;
using namespace praline::index::replica;
using namespace praline::index::replica::group;
using namespace std::chrono_literals;

namespace {

/// How many seeds each kind of story is told with; PRALINE_GROUP_SEEDS asks for more, PRALINE_GROUP_FIRST begins elsewhere.
void tell(Story story, std::uint64_t seeds_usual) {
    auto const first = praline::test::number_from("PRALINE_GROUP_FIRST", 1);
    auto const seeds = praline::test::number_from("PRALINE_GROUP_SEEDS", seeds_usual);
    std::uint64_t acknowledgements = 0;
    for (auto seed = first; seed < first + seeds; ++seed) {
        story.seed = seed;
        auto const ending = run(story);
        INFO("PRALINE_GROUP_FIRST=" << seed << " PRALINE_GROUP_SEEDS=1");
        REQUIRE(ending.fault == "");
        acknowledgements += ending.acknowledgements;
    }
    REQUIRE(acknowledgements > seeds * 5);
}

}  // namespace

TEST_CASE("the same seed tells the same story", "[group]") {
    Story story;
    story.seed = 77;
    auto const once = run(story);
    auto const again = run(story);
    REQUIRE(once.trace == again.trace);
    story.seed = 78;
    REQUIRE(run(story).trace != once.trace);
}

TEST_CASE("in good times servers join, publishers move, and all servers come to hold the same", "[group]") {
    Story story;
    story.crashes = story.disk_losses = story.broken_wires = story.silent_wires = story.late = false;
    tell(story, 300);
}

TEST_CASE("links break and heal: nothing goes back, nothing acknowledged is lost, all servers end the same",
          "[group]") {
    Story story;
    story.crashes = story.disk_losses = story.joins = false;
    story.servers_min = 3;
    tell(story, 600);
}

TEST_CASE("halves that have forgotten each other find each other again, and end the same", "[group]") {
    Story story;
    story.crashes = story.disk_losses = story.joins = story.drains = false;
    story.servers_min = 3;
    story.forget_after = 10s;
    tell(story, 300);
}

TEST_CASE("servers crash and come back, with or without what they had on disk", "[group]") {
    Story story;
    story.broken_wires = story.silent_wires = story.late = false;
    tell(story, 600);
}

TEST_CASE("everything at once: crashes, lost disks, partitions, late messages, joins", "[group]") {
    tell(Story{}, 1500);
}

TEST_CASE("clocks that are wrong and run at paces that differ by a factor of two hurt nobody", "[group]") {
    Story story;
    story.odd_clocks = true;
    tell(story, 300);
}

}  // namespace group_test
