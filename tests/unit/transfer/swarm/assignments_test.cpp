#include "transfer/swarm/assignments.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

#include "node/base/rng.hpp"

namespace praline::swarm::assignments_test {
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t mib = 1024 * 1024;

Supplier supplier(SourceId id, std::optional<double> rate = {}, RangeSet const* offered = nullptr) {
    Supplier one;
    one.id = id;
    one.rate = rate;
    one.sent_bytes = rate ? 100 * mib : 0;
    one.offered = offered;
    return one;
}

}  // namespace

TEST_CASE("a source whose rate is not known is asked for little, a quick one for more, nobody for the same") {
    Assignments ranges{256 * 1024, RangeSet{{0, 1000 * mib}}, {}};
    std::vector<Supplier> const all{supplier(1), supplier(2, 1e6)};
    CHECK(ranges.take(all[0], all)->range == ByteRange{0, 512 * 1024});
    auto const second = ranges.take(all[1], all);
    CHECK(second->range.begin == 512 * 1024);
    CHECK(second->range.size() > 18 * mib);
    CHECK(second->range.end % (256 * 1024) == 0);
    CHECK_FALSE(second->victim);
    CHECK(ranges.held_by(1) == ByteRange{0, 512 * 1024});
}

TEST_CASE("a source that has sent little is asked for little more, however quick that was") {
    Assignments ranges{256 * 1024, RangeSet{{0, 1000 * mib}}, {}};
    auto quick = supplier(1, 1e9);
    quick.sent_bytes = mib;
    std::vector<Supplier> const all{quick};
    CHECK(ranges.take(quick, all)->range == ByteRange{0, 2 * mib});
}

TEST_CASE("a source that is new gets a little of what others have when nothing else is left") {
    Assignments ranges{256 * 1024, RangeSet{{0, 40 * mib}}, {}};
    std::vector<Supplier> const all{supplier(1, 10e6), supplier(2)};
    auto old = all[0];
    while (!ranges.free().empty()) {
        ranges.release(1);
        old.sent_bytes *= 2;
        auto const taken = ranges.take(old, all);
        REQUIRE(taken);
        if (!ranges.free().empty()) ranges.arrived(1, taken->range.size());
    }
    auto const held = ranges.held_by(1)->size();
    auto const choice = ranges.take(all[1], all);
    REQUIRE(choice);
    CHECK(choice->victim == 1U);
    CHECK(choice->range.size() == std::min<std::uint64_t>(held / 2, 512 * 1024) / 1024 * 1024);
    CHECK(ranges.held_by(1)->size() + choice->range.size() == held);
}

TEST_CASE("the slowest source is asked for a little only") {
    Assignments ranges{256 * 1024, RangeSet{{0, 100 * mib}}, {}};
    std::vector<Supplier> const all{supplier(1, 1.0)};
    CHECK(ranges.take(all[0], all)->range == ByteRange{0, 64 * 1024});
}

TEST_CASE("whoever has everything takes first what the partial files would bring last") {
    RangeSet const front{{0, 10 * mib}}, back{{20 * mib, 30 * mib}};
    Assignments ranges{mib, RangeSet{{0, 30 * mib}}, {}};
    std::vector<Supplier> all{supplier(1, 1e6), supplier(2, 1e6, &front), supplier(3, 1e5, &back)};
    CHECK(ranges.take(all[0], all)->range.begin == 10 * mib);  // nobody else has it
    RangeSet parts{{0, 10 * mib}};
    parts.add({20 * mib, 30 * mib});
    Assignments without{mib, parts, {}};
    CHECK(without.take(all[0], all)->range.begin == 20 * mib);  // its only other source is slow
    CHECK(without.take(all[1], all)->range.begin == 0);
    CHECK(without.take(all[2], all)->range.begin > 20 * mib);
}

TEST_CASE("what somebody reads comes first") {
    Assignments ranges{mib, RangeSet{{0, 30 * mib}}, {}};
    ranges.wanted_from(17 * mib);
    std::vector<Supplier> const all{supplier(1)};
    CHECK(ranges.take(all[0], all)->range.begin == 17 * mib);
}

TEST_CASE("with nothing left to give away the one that ends last shares its range in the ratio of the rates") {
    Assignments::Limits limits;
    limits.horizon_min = limits.horizon;
    Assignments ranges{mib, RangeSet{{0, 400'000}}, limits};
    std::vector<Supplier> all{supplier(1, 1e5), supplier(2, 3e6)};
    all[1].latency = 0ms;
    REQUIRE(ranges.take(all[0], all));
    REQUIRE(ranges.free().empty());
    auto const held = *ranges.held_by(1);
    auto const split = ranges.take(all[1], all);
    REQUIRE(split);
    CHECK(split->victim == 1U);
    CHECK(split->range.end == held.end);
    CHECK(split->range.begin % 1024 == 0);
    auto const left = ranges.held_by(1)->size();
    CHECK(static_cast<double>(split->range.size()) / static_cast<double>(left) == Approx(30).epsilon(0.2));
}

TEST_CASE("a split that gains next to nothing is not made") {
    Assignments ranges{mib, RangeSet{{0, 40'000}}, {}};
    std::vector<Supplier> const all{supplier(1, 1e5), supplier(2, 1e5)};
    REQUIRE(ranges.take(all[0], all));
    CHECK_FALSE(ranges.take(all[1], all));
}

TEST_CASE("the range of a stalled source goes to the next one that asks, all of it") {
    Assignments ranges{mib, RangeSet{{0, 40 * mib}}, {}};
    std::vector<Supplier> all{supplier(1, 1e6), supplier(2, 1e6)};
    REQUIRE(ranges.take(all[0], all));
    ranges.arrived(1, 1000);
    all[0].is_stalled = true;
    auto const choice = ranges.take(all[1], all);
    CHECK(choice->victim == 1U);
    CHECK(choice->range.begin == 1000);
    CHECK_FALSE(ranges.held_by(1));
}

TEST_CASE("whatever happens, each missing byte is free or held by one source") {
    constexpr std::uint64_t size = 20 * mib;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        Rng rng{0xA551, seed};
        RangeSet missing{{0, size}};
        Assignments ranges{128 * 1024, missing, {}};
        RangeSet part;
        for (int i = 0; i < 4; ++i) {
            auto const begin = rng.below(size);
            part.add({begin, begin + rng.below(size - begin) + 1});
        }
        std::vector<Supplier> all;
        for (SourceId id = 1; id <= 6; ++id) {
            all.push_back(
                supplier(id, 1000.0 * static_cast<double>(1 + rng.below(1000)), id % 2 == 0 ? &part : nullptr));
            if (rng.below(4) == 0) all.back().rate.reset();
        }
        for (int round = 0; round < 300; ++round) {
            auto& one = all[rng.below(all.size())];
            one.is_stalled = rng.below(8) == 0;
            auto const held = ranges.held_by(one.id);
            switch (rng.below(4)) {
                case 0:
                    if (!held) {
                        auto const choice = ranges.take(one, all);
                        if (choice) REQUIRE(missing.contains(choice->range));
                        if (choice && one.offered != nullptr) REQUIRE(one.offered->contains(choice->range));
                    }
                    break;
                case 1:
                    if (held) {
                        auto const bytes = 1 + rng.below(held->size());
                        ranges.arrived(one.id, bytes);
                        missing.remove({held->begin, held->begin + bytes});
                    }
                    break;
                case 2: ranges.release(one.id); break;
                default:
                    if (held) ranges.shorten(one.id, held->begin + rng.below(held->size() + 1));
                    break;
            }
            RangeSet all_known = ranges.free();
            auto bytes = all_known.bytes();
            for (auto const& source : all)
                if (auto const range = ranges.held_by(source.id)) all_known.add(*range), bytes += range->size();
            REQUIRE(all_known.ranges() == missing.ranges());
            REQUIRE(bytes == missing.bytes());
        }
    }
}

}  // namespace praline::swarm::assignments_test
