#include "transfer/swarm/range_set.hpp"

#include <catch2/catch.hpp>

#include <vector>

#include "node/base/rng.hpp"

namespace praline::swarm::range_set_test {

TEST_CASE("ranges that touch become one, and a hole makes two") {
    RangeSet set;
    set.add({0, 10});
    set.add({20, 30});
    set.add({10, 20});
    CHECK(set.ranges() == std::vector<ByteRange>{{0, 30}});
    set.remove({5, 7});
    CHECK(set.ranges() == std::vector<ByteRange>{{0, 5}, {7, 30}});
    CHECK(set.bytes() == 28);
    CHECK(set.bytes_in({4, 8}) == 2);
    CHECK(set.contains({7, 30}));
    CHECK_FALSE(set.contains({4, 8}));
    CHECK(set.first_in({5, 100}) == ByteRange{7, 30});
    CHECK(set.first_gap({0, 100}) == ByteRange{5, 7});
    CHECK(set.first_gap({7, 30}) == std::nullopt);
    set.add({9, 9});
    set.remove({9, 9});
    CHECK(set.size() == 2);
}

TEST_CASE("a set of ranges agrees with a list of bytes, whatever happens to it") {
    constexpr std::uint64_t size = 64;
    Rng rng{7};
    RangeSet set;
    std::vector<bool> bytes(size);
    for (int round = 0; round < 5000; ++round) {
        auto const begin = rng.below(size), end = begin + rng.below(size - begin + 1);
        bool const add = rng.below(2) == 0;
        add ? set.add({begin, end}) : set.remove({begin, end});
        for (auto at = begin; at < end; ++at) bytes[at] = add;
        std::uint64_t count = 0, runs = 0;
        for (std::uint64_t at = 0; at < size; ++at) {
            count += bytes[at] ? 1 : 0;
            runs += bytes[at] && (at == 0 || !bytes[at - 1]) ? 1 : 0;
            REQUIRE(set.contains({at, at + 1}) == bytes[at]);
        }
        REQUIRE(set.bytes() == count);
        REQUIRE(set.size() == runs);
        auto const from = rng.below(size);
        auto const found = set.first_in({from, size});
        auto const gap = set.first_gap({from, size});
        for (auto at = from; at < size; ++at) {
            if (bytes[at]) {
                REQUIRE((found && found->begin <= at));
                break;
            }
            REQUIRE((!found || found->begin > at));
        }
        for (auto at = from; at < size; ++at) {
            if (!bytes[at]) {
                REQUIRE((gap && gap->begin == at));
                break;
            }
            REQUIRE((!gap || gap->begin > at));
        }
    }
}

}  // namespace praline::swarm::range_set_test
