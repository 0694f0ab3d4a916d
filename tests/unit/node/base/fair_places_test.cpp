#include "node/base/fair_places.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "node/base/rng.hpp"

namespace fair_places_test {
using praline::FairPlaces;
using Id = std::optional<FairPlaces::Id>;

namespace {

praline::AddressPrefix address(std::uint32_t number) { return praline::Address::v4(number); }

}  // namespace

TEST_CASE("places are taken and left") {
    FairPlaces places{{2, 2}};
    REQUIRE(places.admit(1, address(10)) == Id{});
    REQUIRE(places.admit(2, address(20)) == Id{});
    REQUIRE(places.size() == 2);
    REQUIRE(places.leave(1));
    REQUIRE_FALSE(places.leave(1));
    REQUIRE(places.admit(3, address(30)) == Id{});
    REQUIRE(places.holds(2));
    REQUIRE_FALSE(places.holds(1));
}

TEST_CASE("an address over its own limit loses its oldest place, not another's") {
    FairPlaces places{{10, 2}};
    REQUIRE(places.admit(1, address(20)) == Id{});
    REQUIRE(places.admit(2, address(10)) == Id{});
    REQUIRE(places.admit(3, address(10)) == Id{});
    REQUIRE(places.admit(4, address(10)) == Id{2});
    REQUIRE(places.admit(5, address(10)) == Id{3});
    REQUIRE(places.held_by(address(10)) == 2);
    REQUIRE(places.holds(1));
}

TEST_CASE("when all places are taken the oldest of the address that holds most is evicted") {
    FairPlaces places{{5, 5}};
    REQUIRE(places.admit(1, address(10)) == Id{});
    REQUIRE(places.admit(2, address(20)) == Id{});
    REQUIRE(places.admit(3, address(20)) == Id{});
    REQUIRE(places.admit(4, address(20)) == Id{});
    REQUIRE(places.admit(5, address(10)) == Id{});
    REQUIRE(places.admit(6, address(30)) == Id{2});
}

TEST_CASE("an address that comes up to the greediest pays for its own newcomer") {
    FairPlaces places{{4, 4}};
    REQUIRE(places.admit(1, address(10)) == Id{});
    REQUIRE(places.admit(2, address(10)) == Id{});
    REQUIRE(places.admit(3, address(20)) == Id{});
    REQUIRE(places.admit(4, address(30)) == Id{});
    REQUIRE(places.admit(5, address(20)) == Id{3});
    REQUIRE(places.held_by(address(10)) == 2);
}

TEST_CASE("among addresses with one place each the oldest place is evicted") {
    FairPlaces places{{3, 3}};
    for (std::uint32_t number : {1U, 2U, 3U}) REQUIRE(places.admit(number, address(number)) == Id{});
    REQUIRE(places.admit(4, address(4)) == Id{1});
    REQUIRE(places.admit(5, address(5)) == Id{2});
}

TEST_CASE("without places nothing is admitted") {
    FairPlaces none{{0, 4}};
    REQUIRE(none.admit(7, address(1)) == Id{7});
    FairPlaces nobody{{4, 0}};
    REQUIRE(nobody.admit(7, address(1)) == Id{7});
    REQUIRE(nobody.size() == 0);
}

TEST_CASE("however greedy the others are, a newcomer that holds one place keeps it") {
    constexpr std::uint32_t honest = 1'000;
    praline::Rng rng{42};
    FairPlaces places{{64, 8}};
    FairPlaces::Id next = 1;
    std::map<FairPlaces::Id, std::uint32_t> held;
    auto const admit = [&](std::uint32_t number) {
        FairPlaces::Id const id = next++;
        held[id] = number;
        auto const evicted = places.admit(id, address(number));
        if (evicted) held.erase(*evicted);
        return id;
    };
    for (int i = 0; i < 200; ++i) (void)admit(static_cast<std::uint32_t>(rng.below(20)));
    auto const guest = admit(honest);
    for (int i = 0; i < 2'000; ++i) (void)admit(static_cast<std::uint32_t>(rng.below(20)));
    REQUIRE(places.holds(guest));
    REQUIRE(places.size() == 64);
    REQUIRE(held.size() == 64);
    for (auto const& [id, number] : held) REQUIRE(places.holds(id));
    for (std::uint32_t number = 0; number < 20; ++number) REQUIRE(places.held_by(address(number)) <= 8);
}

TEST_CASE("all addresses of one /64 have the places of one host") {
    auto const v6 = [](char const* text) { return praline::AddressPrefix{*praline::Address::parse(text)}; };
    FairPlaces places{{10, 2}};
    REQUIRE(places.admit(1, v6("2a00:1:2:3::1")) == Id{});
    REQUIRE(places.admit(2, v6("2a00:1:2:3:4:5:6:7")) == Id{});
    REQUIRE(places.admit(3, v6("2a00:1:2:4::1")) == Id{});
    REQUIRE(places.admit(4, v6("2a00:1:2:3:ffff::")) == Id{1});
    // 6to4 gives its user no more places than the IPv4 address it belongs to.
    REQUIRE(places.admit(5, address(0x08080808)) == Id{});
    REQUIRE(places.admit(6, v6("2002:808:808::1")) == Id{});
    REQUIRE(places.admit(7, v6("2002:808:808:1::1")) == Id{5});
    REQUIRE(places.held_by(address(0x08080808)) == 2);
}

}  // namespace fair_places_test
