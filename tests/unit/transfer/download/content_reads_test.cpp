#include "transfer/download/content_reads.hpp"

#include <catch2/catch.hpp>

#include <string>

#include "node/base/bytes.hpp"

using namespace praline;
using namespace praline::download;
using swarm::ByteRange;
using swarm::PieceMap;

namespace {

struct Reader {
    std::shared_ptr<int> owner = std::make_shared<int>(0);
    unsigned answers = 0;
    ContentReads::Read read(std::uint64_t at, std::size_t most) {
        return {at, most, owner,
                [this](Bytes const& bytes) {
                    CHECK(bytes.empty());
                    ++answers;
                },
                0};
    }
};

}  // namespace

TEST_CASE("only bytes of verified pieces are proved, as far as they follow each other") {
    PieceMap map{1000, 100};
    CHECK_FALSE(proved_from(map, 0, 10));
    map.accept(2);
    map.accept(3);
    map.accept(9);
    CHECK(proved_from(map, 250, 10) == ByteRange{250, 260});
    CHECK(proved_from(map, 250, 5000) == ByteRange{250, 400});
    CHECK_FALSE(proved_from(map, 199, 10));
    CHECK(proved_from(map, 950, 5000) == ByteRange{950, 1000});
    CHECK_FALSE(proved_from(map, 1000, 10));
    CHECK_FALSE(proved_from(map, 250, 0));
}

TEST_CASE("a reader is answered once what it reads is proved, and forgotten once nobody wants it") {
    PieceMap map{1000, 100};
    ContentReads reads;
    Reader first, second;
    reads.wait(first.read(120, 500));
    reads.wait(second.read(700, 10));
    CHECK(reads.ready(map).empty());
    CHECK(reads.newest() == 700U);
    map.accept(1);
    auto const ready = reads.ready(map);
    REQUIRE(ready.size() == 1);
    CHECK(ready[0].second == ByteRange{120, 200});
    CHECK(reads.newest() == 700U);
    second.owner.reset();
    CHECK_FALSE(reads.newest());
    map.accept(7);
    CHECK(reads.ready(map).empty());
    CHECK_FALSE(reads.newest());
    CHECK(first.answers + second.answers == 0);
}

TEST_CASE("when too many wait the oldest gets nothing, and nobody does when the download is over") {
    ContentReads reads;
    Reader reader;
    for (std::size_t at = 0; at <= ContentReads::reads_max; ++at) reads.wait(reader.read(at, 1));
    CHECK(reader.answers == 1);
    CHECK(reads.newest() == ContentReads::reads_max);
    reads.refuse_all();
    CHECK(reader.answers == 1 + ContentReads::reads_max);
    CHECK_FALSE(reads.newest());
}
