#include "tools/praline/views.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

namespace views_test {
using namespace praline;

TEST_CASE("the map of slices has a character a slice while there are few, and stays short when there are many") {
    REQUIRE(verified_map({}).empty());
    REQUIRE(verified_map({true, false, true}) == "101");
    std::vector<bool> many(2048, true);
    REQUIRE(verified_map(many) == std::string(200, '1'));
    many[0] = false;
    auto const map = verified_map(many);
    REQUIRE(map.size() == 200);
    REQUIRE(map[0] == '2');
    REQUIRE(std::count(map.begin(), map.end(), '1') == 199);
    REQUIRE(verified_map(std::vector<bool>(2048, false)) == std::string(200, '0'));
}

TEST_CASE("content without a hash has no magnet link") {
    REQUIRE(magnet_of(Urn{}, "name", 5).empty());
    Urn const urn{Sha1::from_base32("VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5"), {}};
    REQUIRE(magnet_of(urn, "a name", 3).find("xt=urn:sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5") != std::string::npos);
    REQUIRE(magnet_of(urn, "a&b", 3).find("a&b") == std::string::npos);
}

TEST_CASE("what is shared is published when the group has it, or when there is nothing of it here and there") {
    index::client::ClientState state;
    library::Progress none, some, scanning, hashing, hashed;
    some.files_ready = 1;
    scanning.scanning = true;
    hashing.files_waiting = hashing.files_found = 1;
    hashed.files_found = 1;  // and not taken over by the library yet
    auto const published = [&](library::Progress const& shared) { return view_of(state, shared, {}, {}).published; };
    state.own = {1, 0};
    CHECK_FALSE(published(none));
    state.signed_in.emplace();
    CHECK(published(none));
    CHECK_FALSE(published(some));
    state.list_up_to_date = true;
    CHECK(published(none));
    CHECK_FALSE(published(hashed));
    CHECK(published(some));  // no server takes it
    CHECK_FALSE(published(scanning));
    CHECK_FALSE(published(hashing));
    state.held = {1, 3};
    CHECK_FALSE(published(none));
    state.own = state.held;
    CHECK_FALSE(published(some));
    state.replicated = state.own;
    CHECK(published(some));
    CHECK_FALSE(published(hashing));
    state.list_up_to_date = false;
    CHECK_FALSE(published(some));
}

TEST_CASE("a result is named by its search and its row") {
    search::ResultRow row;
    row.id = 7;
    row.name = "song.ogg";
    row.kind = search::ContentKind::audio;
    row.sources.resize(2);
    auto const view = view_of(3, row);
    REQUIRE(view.id == "3-7");
    REQUIRE(view.kind == "audio");
    REQUIRE(view.sources.size() == 2);
}

}  // namespace views_test
