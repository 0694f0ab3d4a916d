#include "search/cache/attestation.hpp"

#include <catch2/catch.hpp>

namespace attestation_test {
using namespace praline;
using namespace praline::search;

namespace {

/// So many records of one source, told by one neighbour; both by the second number of their address.
HitCache::Cached cached(std::uint32_t forwarder, std::uint32_t source, std::size_t records) {
    HitCache::Cached one;
    one.forwarder = {PeerId{forwarder}, Address::v4(0x0A000001 + (forwarder << 16))};
    one.hit.endpoint = {0x14000001 + (source << 16), 6346};
    one.hit.records.resize(records);
    return one;
}

}  // namespace

TEST_CASE("three neighbours of three networks about three sources of three networks are widely attested") {
    CHECK(is_widely_attested({cached(1, 1, 4), cached(2, 2, 4), cached(3, 3, 4)}, 10));
    CHECK_FALSE(is_widely_attested({cached(1, 1, 4), cached(2, 2, 4), cached(3, 3, 1)}, 10));
}

TEST_CASE("one or two networks are not widely attested, however much they tell") {
    CHECK_FALSE(is_widely_attested({}, 0));
    CHECK_FALSE(is_widely_attested({cached(1, 1, 100), cached(1, 2, 100), cached(1, 3, 100)}, 10));
    CHECK_FALSE(is_widely_attested({cached(1, 1, 100), cached(2, 2, 100)}, 10));
    CHECK_FALSE(is_widely_attested({cached(1, 1, 100), cached(2, 1, 100), cached(3, 1, 100)}, 10));
    CHECK_FALSE(is_widely_attested({cached(1, 1, 100), cached(2, 2, 1), cached(3, 3, 1)}, 10));
    CHECK_FALSE(is_widely_attested({cached(1, 1, 5)}, 1));
}

TEST_CASE("links and ports of one network are one voice") {
    auto first = cached(1, 1, 4), second = cached(1, 2, 4), third = cached(1, 3, 4);
    second.forwarder = {PeerId{2}, Address::v4(*first.forwarder.address.v4_number() + 1)};
    third.forwarder = {PeerId{3}, Address::v4(*first.forwarder.address.v4_number() + 0xFF00)};
    CHECK_FALSE(is_widely_attested({first, second, third}, 10));
}

}  // namespace attestation_test
