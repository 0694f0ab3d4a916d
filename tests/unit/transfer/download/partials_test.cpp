#include "transfer/download/partials.hpp"

#include <catch2/catch.hpp>

namespace praline::download::partials_test {

TEST_CASE("verified pieces that touch are one range, received ones that are not verified are none") {
    swarm::PieceMap map{1050, 100};
    CHECK(verified_ranges(map).empty());
    for (std::uint64_t const piece : {0, 1, 4, 10}) map.accept(piece);
    static_cast<void>(map.written({500, 600}));
    using swarm::ByteRange;
    CHECK(verified_ranges(map) == std::vector<ByteRange>{{0, 200}, {400, 500}, {1000, 1050}});
    CHECK(verified_ranges(map, 2) == std::vector<ByteRange>{{0, 200}, {400, 500}});
    for (std::uint64_t piece = 0; piece < map.piece_count(); ++piece) map.accept(piece);
    CHECK(verified_ranges(map) == std::vector<ByteRange>{{0, 1050}});
}

}  // namespace praline::download::partials_test
