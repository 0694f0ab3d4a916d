#include "node/wire/media_types.hpp"

#include <catch2/catch.hpp>

namespace media_types_test {
using namespace praline;
using namespace praline::wire;

namespace {

Query with(Bytes data) {
    Query query;
    query.ggep.push_back({"M", std::move(data)});
    return query;
}

}  // namespace

TEST_CASE("the type of a file is told by its ending") {
    CHECK(media_types("song.mp3") == media_audio);
    CHECK(media_types("film.MKV") == media_video);
    CHECK(media_types("book.pdf") == media_document);
    CHECK(media_types("photo.jpeg") == media_image);
    CHECK(media_types("setup.exe") == media_windows_program);
    CHECK(media_types("script.sh") == media_unix_program);
    CHECK(media_types("source.zip") == (media_windows_program | media_unix_program));
    CHECK(media_types("debian.iso.torrent") == media_torrent);
    CHECK(media_types("README") == 0);
    CHECK(media_types("strange.xyz") == 0);
}

TEST_CASE("the filter of a query is a little-endian number without zeros at its end") {
    CHECK(media_wanted(Query{}) == std::nullopt);
    CHECK(media_wanted(with({std::byte{0x04}})) == media_audio);
    CHECK(media_wanted(with({std::byte{0x0C}})) == (media_audio | media_video));
    CHECK(media_wanted(with({std::byte{0x00}, std::byte{0x01}})) == media_torrent);
    CHECK(media_wanted(with({})) == std::nullopt);
    CHECK(media_wanted(with({std::byte{0}})) == std::nullopt);
    CHECK(media_wanted(with(Bytes(5, std::byte{1}))) == std::nullopt);
}

}  // namespace media_types_test
