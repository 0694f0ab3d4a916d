#include "node/base/rng.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "node/base/ids.hpp"

namespace rng_test {
using namespace praline;

TEST_CASE("the same seed gives the same numbers, on every machine") {
    Rng rng{42};
    REQUIRE(rng.next() == 13679457532755275413ULL);
    Rng left{7, 3}, right{7, 3}, other{7, 4};
    auto const first = left.next();
    REQUIRE(right.next() == first);
    REQUIRE(other.next() != first);
}

TEST_CASE("below stays below and reaches every number") {
    Rng rng{1};
    for (std::uint64_t const bound : {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{7}, std::uint64_t{10}}) {
        std::set<std::uint64_t> seen;
        for (int i = 0; i < 1000; ++i) seen.insert(rng.below(bound));
        REQUIRE(seen.size() == bound);
        REQUIRE(*seen.rbegin() == bound - 1);
    }
    for (int i = 0; i < 100; ++i) REQUIRE(rng.below(~std::uint64_t{0}) < ~std::uint64_t{0});
}

TEST_CASE("GUIDs of ours are marked and differ") {
    Rng rng{9};
    std::set<Guid> seen;
    for (int i = 0; i < 1000; ++i) {
        auto const guid = Guid::random(rng);
        REQUIRE(guid.bytes[8] == 0xFF);
        REQUIRE(guid.bytes[15] == 0x00);
        REQUIRE(Guid::from_hex(guid.hex()) == guid);
        seen.insert(guid);
    }
    REQUIRE(seen.size() == 1000);
    REQUIRE(Guid{}.is_blank());
    REQUIRE_FALSE(Guid::from_hex("00").has_value());
    REQUIRE_FALSE(Guid::from_hex(std::string(33, '0')).has_value());
    REQUIRE_FALSE(Guid::from_hex(std::string(32, 'x')).has_value());
}

TEST_CASE("the hash of a GUID depends on the key") {
    Rng rng{3};
    auto const guid = Guid::random(rng);
    REQUIRE(GuidHash{1}(guid) != GuidHash{2}(guid));
    REQUIRE(GuidHash{1}(guid) == GuidHash{1}(guid));
}

}  // namespace rng_test
