#include "transfer/content/torrent.hpp"

#include <catch2/catch.hpp>

#include "transfer/content/bencode.hpp"
#include "transfer/content/limits.hpp"

namespace praline::content::torrent_test {
namespace {

std::string sha1_of(std::string_view text) {
    Sha1Hasher hasher;
    hasher.update(as_view(text));
    auto const sha1 = hasher.finish();
    return std::string{as_text(std::as_bytes(std::span{sha1.bytes}))};
}

TEST_CASE("values are bencoded as BEP 3 shows it, and keys stand in the order of their bytes") {
    REQUIRE(bencode("spam") == "4:spam");
    REQUIRE(bencode("") == "0:");
    REQUIRE(bencode(std::uint64_t{0}) == "i0e");
    REQUIRE(bencode(UINT64_MAX) == "i18446744073709551615e");
    REQUIRE(bencode_list({bencode("spam"), bencode("eggs")}) == "l4:spam4:eggse");
    BencodeDictionary dictionary;
    dictionary.set("spam", bencode("eggs")).set("cow", bencode("moo")).set("Z", bencode("z")).set("cow", bencode("mu"));
    REQUIRE(dictionary.text() == "d1:Z1:z3:cow2:mu4:spam4:eggse");
}

TEST_CASE("pieces are hashed alike however the file is cut") {
    std::string file;
    for (int i = 0; i < 1000; ++i) file += std::to_string(i);
    std::string expected;
    for (std::size_t at = 0; at < file.size(); at += 100) expected += sha1_of(std::string_view{file}.substr(at, 100));
    for (std::size_t const step : {std::size_t{1}, std::size_t{7}, std::size_t{100}, std::size_t{250}, file.size()}) {
        PieceHasher hasher{100};
        for (std::size_t at = 0; at < file.size(); at += step)
            hasher.update(as_view(std::string_view{file}.substr(at, step)));
        REQUIRE(hasher.finish() == expected);
    }
    REQUIRE(PieceHasher{100}.finish().empty());
}

TEST_CASE("a file of whole pieces has no empty piece behind them") {
    PieceHasher hasher{4};
    hasher.update(as_view("abcdabcd"));
    REQUIRE(hasher.finish() == sha1_of("abcd") + sha1_of("abcd"));
}

TEST_CASE("pieces are powers of two, few and small as long as both is possible") {
    REQUIRE(torrent_piece_bytes(1) == torrent_piece_bytes_min);
    for (std::uint64_t size = 1; size < (std::uint64_t{1} << 50); size *= 3) {
        auto const piece = torrent_piece_bytes(size);
        REQUIRE((piece & (piece - 1)) == 0);
        REQUIRE(size / piece < torrent_pieces_max);
        REQUIRE((size / piece < torrent_pieces_wanted || piece >= torrent_piece_bytes_max));
    }
}

TEST_CASE("a torrent names its web seeds and no tracker") {
    Torrent torrent;
    torrent.name = "folder/a.bin", torrent.size_bytes = 5, torrent.piece_bytes = 4;
    torrent.pieces = std::string(40, 'x');
    torrent.web_seeds = {"http://192.0.2.1:6346/uri-res/N2R?urn:sha1:A"};
    torrent.created_by = "Praline";
    REQUIRE(format_torrent(torrent) ==
            "d10:created by7:Praline4:infod6:lengthi5e4:name5:a.bin12:piece lengthi4e6:pieces40:" +
                std::string(40, 'x') + "e8:url-listl44:http://192.0.2.1:6346/uri-res/N2R?urn:sha1:Aee");
}

}  // namespace
}  // namespace praline::content::torrent_test
