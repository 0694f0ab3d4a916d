#include "transfer/content/file_proof.hpp"

#include <catch2/catch.hpp>

#include "transfer/content/limits.hpp"

namespace file_proof_test {
using namespace praline;
using namespace praline::content;

namespace {

Sha1 sha1_of(ByteView bytes) {
    Sha1Hasher hasher;
    hasher.update(bytes);
    return hasher.finish();
}

FileProof proof_of(Bytes const& file, std::uint64_t piece_bytes, std::size_t padding = 0) {
    FileProof proof;
    proof.file_bytes = file.size();
    proof.piece_bytes = piece_bytes;
    proof.padding_bytes = padding;
    auto padded = file;
    padded.resize(file.size() + padding);
    for (std::size_t at = 0; at < padded.size(); at += piece_bytes)
        proof.pieces.push_back(
            sha1_of(ByteView{padded}.subspan(at, std::min<std::size_t>(piece_bytes, padded.size() - at))));
    return proof;
}

Bytes some_bytes(std::size_t size) {
    Bytes bytes(size);
    for (std::size_t at = 0; at < size; ++at) bytes[at] = static_cast<std::byte>(at * 7 % 251);
    return bytes;
}

bool is_right_in_portions(PieceProof const& proof, std::uint64_t piece, ByteView bytes) {
    auto check = proof.check(piece);
    for (; !bytes.empty(); bytes = bytes.subspan(std::min<std::size_t>(3, bytes.size())))
        check.update(bytes.first(std::min<std::size_t>(3, bytes.size())));
    return check.finish();
}

}  // namespace

TEST_CASE("pieces are compared with the hashes that were named, else with the tree") {
    auto const file = some_bytes(2500);
    TigerTreeHasher hasher{1024};
    hasher.update(file);
    auto const tree = std::make_shared<TreeLevel const>(hasher.finish());
    for (bool const named : {true, false}) {
        auto const given = named ? std::make_shared<FileProof const>(proof_of(file, 1024)) : nullptr;
        PieceProof const proof{tree, given};
        REQUIRE(proof);
        CHECK(proof.piece_bytes() == 1024);
        CHECK(proof.file_bytes() == 2500);
        auto other = file;
        other[1500] ^= std::byte{1};
        for (std::uint64_t piece = 0; piece < 3; ++piece) {
            auto const from = static_cast<std::size_t>(piece) * 1024;
            auto const size = std::min<std::size_t>(1024, file.size() - from);
            CHECK(proof.is_right(piece, ByteView{file}.subspan(from, size)));
            CHECK(is_right_in_portions(proof, piece, ByteView{file}.subspan(from, size)));
            CHECK(proof.is_right(piece, ByteView{other}.subspan(from, size)) == (piece != 1));
            CHECK(is_right_in_portions(proof, piece, ByteView{other}.subspan(from, size)) == (piece != 1));
        }
    }
    CHECK_FALSE(PieceProof{});
    CHECK_FALSE(PieceProof(nullptr, std::make_shared<FileProof const>()));
}

TEST_CASE("zeros behind a file are part of its last piece") {
    auto const file = some_bytes(1500);
    auto const given = std::make_shared<FileProof const>(proof_of(file, 1024, 548));
    REQUIRE(given->is_consistent());
    PieceProof const proof{nullptr, given};
    CHECK(proof.is_right(0, ByteView{file}.first(1024)));
    CHECK(proof.is_right(1, ByteView{file}.subspan(1024)));
    CHECK_FALSE(PieceProof(nullptr, std::make_shared<FileProof const>(proof_of(file, 1024)))
                    .is_right(1, ByteView{file}.subspan(1023)));
}

TEST_CASE("a proof comes back from the disk as it was, and nothing else does") {
    auto proof = proof_of(some_bytes(5000), 1024);
    proof.sha256.emplace().fill(0xA5);
    CHECK(FileProof::unpacked(proof.packed()) == proof);
    CHECK(FileProof::unpacked(FileProof{}.packed()) == FileProof{});
    proof.pieces.pop_back();
    CHECK_FALSE(proof.is_consistent());
    CHECK_FALSE(FileProof::unpacked(proof.packed()));
    CHECK_FALSE(FileProof::unpacked(""));
    CHECK_FALSE(FileProof::unpacked("d6:lengthi1e12:piece lengthi-1e6:pieces0:e"));
    CHECK_FALSE(FileProof::unpacked("d6:lengthi1e12:piece lengthi1e6:pieces3:abce"));
    FileProof padded;
    padded.padding_bytes = 1;
    CHECK_FALSE(padded.is_consistent());
}

TEST_CASE("SHA-256 is that of the standard") {
    Sha256Hasher hasher;
    hasher.update(as_view("a"));
    hasher.update(as_view("bc"));
    auto const digest = hasher.finish();
    CHECK(digest[0] == 0xBA);
    CHECK(digest[1] == 0x78);
    CHECK(digest[31] == 0xAD);
}

}  // namespace file_proof_test
