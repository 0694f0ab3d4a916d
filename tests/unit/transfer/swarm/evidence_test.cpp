#include "transfer/swarm/evidence.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace praline::swarm::evidence_test {

namespace {

Sha1 hash(std::uint8_t number) {
    Sha1 made;
    made.bytes[0] = number;
    return made;
}

}  // namespace

TEST_CASE("each byte is known by the last one who sent it") {
    Evidence evidence;
    evidence.sent(1, {0, 50});
    evidence.sent(1, {50, 100});
    evidence.sent(2, {40, 60});
    CHECK(evidence.parts_of({0, 100}) == std::vector<Part>{{1, {0, 40}}, {2, {40, 60}}, {1, {60, 100}}});
    CHECK(evidence.parts_of({50, 60}) == std::vector<Part>{{2, {50, 60}}});
    CHECK(evidence.parts_by(1) == std::vector<Part>{{1, {0, 40}}, {1, {60, 100}}});
    evidence.forget({30, 70});
    CHECK(evidence.parts_of({0, 100}) == std::vector<Part>{{1, {0, 30}}, {1, {70, 100}}});
}

TEST_CASE("a wrong piece that one source sent alone convicts it") {
    Evidence evidence;
    evidence.sent(1, {0, 200});
    CHECK(evidence.is_wrong(0, {0, 100}, {}) == std::vector<SourceId>{1});
    CHECK(evidence.parts_of({0, 200}) == std::vector<Part>{{1, {100, 200}}});
}

TEST_CASE("of several the one is convicted whose part was another, once the piece is right") {
    Evidence evidence;
    evidence.sent(1, {0, 40});
    evidence.sent(2, {40, 100});
    CHECK(evidence.is_wrong(0, {0, 100}, {hash(1), hash(2)}).empty());
    CHECK(evidence.suspected(0) == std::vector<ByteRange>{{0, 40}, {40, 100}});
    evidence.sent(3, {0, 100});
    CHECK(evidence.is_right(0, {hash(1), hash(9)}) == std::vector<SourceId>{2});
    CHECK(evidence.suspected(0).empty());
    CHECK(evidence.is_right(0, {}).empty());
}

TEST_CASE("a piece that is wrong again adds to those who are suspected") {
    Evidence evidence;
    for (SourceId source : {1U, 3U}) {
        evidence.sent(source, {0, 40});
        evidence.sent(source + 1, {40, 100});
        CHECK(evidence.is_wrong(5, {0, 100}, {hash(1), hash(static_cast<std::uint8_t>(source))}).empty());
    }
    CHECK(evidence.suspected(5).size() == 4);
    CHECK(evidence.is_right(5, {hash(1), hash(2), hash(1), hash(3)}) == std::vector<SourceId>{2});
}

TEST_CASE("a piece of which a part is nobody's convicts nobody alone") {
    Evidence evidence;
    evidence.sent(1, {0, 40});
    CHECK(evidence.is_wrong(0, {0, 100}, {}).empty());
}

TEST_CASE("suspects are bounded: the oldest pieces are forgotten") {
    Evidence evidence;
    for (std::uint64_t piece = 0; piece < Evidence::suspect_parts_max; ++piece) {
        ByteRange const range{piece * 10, piece * 10 + 10};
        evidence.sent(1, {range.begin, range.begin + 5});
        evidence.sent(2, {range.begin + 5, range.end});
        CHECK(evidence.is_wrong(piece, range, {hash(1), hash(2)}).empty());
    }
    CHECK(evidence.suspected(0).empty());
    CHECK(evidence.suspected(Evidence::suspect_parts_max - 1).size() == 2);
}

}  // namespace praline::swarm::evidence_test
