#include <algorithm>

#include <catch2/catch.hpp>

#include "node/base/rng.hpp"
#include "transfer/swarm/piece_map.hpp"

namespace praline::swarm::piece_map_test {

TEST_CASE("gaps are asked for in order until everything is received") {
    PieceMap map{100, 32};
    CHECK(map.piece_count() == 4);
    CHECK(map.next_missing(0, 1000) == ByteRange{0, 100});
    CHECK(map.next_missing(0, 10) == ByteRange{0, 10});
    CHECK(map.written({0, 40}) == std::vector<std::uint64_t>{0});
    map.accept(0);
    CHECK(map.next_missing(0, 1000) == ByteRange{40, 100});
    CHECK(map.written({90, 100}) == std::vector<std::uint64_t>{3});
    CHECK(map.next_missing(0, 1000) == ByteRange{40, 90});
    CHECK(map.written({40, 90}) == std::vector<std::uint64_t>{1, 2});
    CHECK(map.next_missing(0, 1000) == std::nullopt);
    map.accept(1);
    map.accept(3);
    map.reject(2);
    CHECK(map.next_missing(0, 1000) == ByteRange{64, 96});
    CHECK(map.next_missing(96, 1000) == std::nullopt);
    CHECK_FALSE(map.complete());
    CHECK(map.verified_bytes() == 68);
}

TEST_CASE("bytes that were never verified can be forgotten, and the verified survive on disk") {
    PieceMap map{100, 32};
    static_cast<void>(map.written({0, 70}));
    map.accept(1);
    map.forget_unverified();
    CHECK(map.received_bytes() == 32);
    PieceMap again{100, 32};
    again.restore(map.packed());
    CHECK(again.verified() == map.verified());
    CHECK(again.next_missing(0, 1000) == ByteRange{0, 32});
    PieceMap other{1000, 32};
    other.restore(map.packed());
    CHECK(other.verified_bytes() == 0);
}

TEST_CASE("an empty file is complete at once") {
    PieceMap map{0, 1024};
    CHECK(map.complete());
    CHECK(map.next_missing(0, 10) == std::nullopt);
}

TEST_CASE("a map agrees with a list of bytes, whatever happens to it") {
    Rng rng{3};
    for (int run = 0; run < 50; ++run) {
        auto const size = 1 + rng.below(300);
        PieceMap map{size, 1 + rng.below(40)};
        std::vector<bool> bytes(size);
        for (int step = 0; step < 100; ++step) {
            auto const piece = rng.below(map.piece_count());
            auto const range = map.range_of(piece);
            auto const set = [&](ByteRange part, bool value) {
                for (auto at = part.begin; at < part.end; ++at) bytes[at] = value;
            };
            if (auto const act = rng.below(3); act == 0) {
                auto const begin = rng.below(size);
                ByteRange const part{begin, begin + 1 + rng.below(size - begin)};
                static_cast<void>(map.written(part));
                set(part, true);
            } else if (act == 1) {
                map.accept(piece);
                set(range, true);
            } else {
                map.reject(piece);
                set(range, false);
            }
            auto const from = rng.below(size);
            std::optional<std::uint64_t> first;
            for (auto at = from; at < size && !first; ++at)
                if (!bytes[at]) first = at;
            auto const missing = map.next_missing(from, 7);
            REQUIRE(missing.has_value() == first.has_value());
            if (!missing) continue;
            REQUIRE(missing->begin == *first);
            for (auto at = missing->begin; at < missing->end; ++at) REQUIRE_FALSE(bytes[at]);
            REQUIRE(static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), true)) == map.received_bytes());
        }
    }
}

}  // namespace praline::swarm::piece_map_test
