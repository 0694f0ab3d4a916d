#include "tools/praline/search_places.hpp"

#include <vector>

#include <catch2/catch.hpp>

namespace search_places_test {
using namespace praline;
using namespace std::chrono_literals;

namespace {

Instant at(Duration since) { return Instant{} + since; }
using Candidates = std::vector<SearchPlaces::Candidate>;

/// 0: none.
std::uint32_t victim(SearchPlaces const& places, Candidates const& candidates, Instant now) {
    return places.victim(candidates, now).value_or(0);
}

}  // namespace

TEST_CASE(
    "the one that was read longest ago makes room, finished ones first, runs of saved searches after the others") {
    SearchPlaces places;
    for (std::uint32_t id = 1; id <= 4; ++id) places.read(id, at(id * 1s));
    CHECK(victim(places, Candidates{{1, true, false}, {2, false, true}, {3}, {4}}, at(100s)) == 3);
    places.read(3, at(50s));
    CHECK(victim(places, Candidates{{1, true, false}, {2, false, true}, {3}, {4}}, at(100s)) == 4);
    CHECK(victim(places, Candidates{{1, true, false}, {2, false, true}}, at(100s)) == 2);
    CHECK(victim(places, Candidates{{1, true, false}}, at(100s)) == 1);
    CHECK(victim(places, {}, at(100s)) == 0);
}

TEST_CASE("what is kept stays until nobody has said so for a while") {
    SearchPlaces places;
    places.read(1, at(0s));
    places.read(2, at(1s));
    places.keep(1, at(2s));
    CHECK(victim(places, Candidates{{1}, {2}}, at(3s)) == 2);
    CHECK(victim(places, Candidates{{1}}, at(3s)) == 0);
    CHECK(victim(places, Candidates{{1}}, at(2s + SearchPlaces::kept_for)) == 1);
    places.forget(1);
    CHECK(victim(places, Candidates{{1}}, at(4s)) == 1);
}

TEST_CASE("what asks is left alone while somebody waits for it") {
    SearchPlaces places;
    places.read(1, at(10s));
    CHECK(victim(places, Candidates{{1, true, false}}, at(14s)) == 0);
    CHECK(victim(places, Candidates{{1, true, false}}, at(15s)) == 1);
}

}  // namespace search_places_test
