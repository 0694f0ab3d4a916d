#include "transfer/content/file_hasher.hpp"

#include <sys/stat.h>
#include <catch2/catch.hpp>

#include "samples.hpp"
#include "transfer/content/limits.hpp"

namespace file_hasher_test {
using namespace praline;
using namespace praline::content;
using namespace praline::content::samples;

TEST_CASE("SHA-1 of known inputs is the published one, in any portions") {
    Sha1Hasher hasher;
    CHECK(hasher.finish().base32() == "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ");
    hasher.update(as_view("ab"));
    hasher.update(as_view("c"));
    CHECK(hasher.finish().base32() == "VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5");
    hasher.update(letters(5120));
    CHECK(hasher.finish().base32() == "CDQO24FKKX4U4FWXH6S6CTNHGODNYB6O");
}

TEST_CASE("a file gets both hashes in one pass, whatever its size") {
    TemporaryFolder const folder;
    for (std::size_t const size : {std::size_t{0}, std::size_t{1}, std::size_t{1024}, file_block_bytes - 1,
                                   file_block_bytes, file_block_bytes + 1, 5 * file_block_bytes + 777}) {
        Bytes const data = random_bytes(size, size);
        auto const digest = hash_file(folder.write("file", data));
        REQUIRE(digest.has_value());
        CHECK(digest->sha1 == by_rhash<Sha1>(RHASH_SHA1, data));
        CHECK(digest->tree.root() == root_by_rhash(data));
        CHECK(digest->tree.file_bytes == size);
        CHECK(digest->tree.slice_bytes == good_slice_bytes(size));
    }
}

TEST_CASE("hashing stops when it is told to") {
    TemporaryFolder const folder;
    auto const path = folder.write("file", letters(3 * file_block_bytes));
    std::vector<std::uint64_t> seen;
    auto const digest = hash_file(path, [&](std::uint64_t done) {
        seen.push_back(done);
        return seen.size() < 2;
    });
    REQUIRE(digest.has_error());
    CHECK(digest.error() == boost::system::errc::operation_canceled);
    CHECK(seen == std::vector<std::uint64_t>{file_block_bytes, 2 * file_block_bytes});
}

TEST_CASE("a file that changes while it is read is not given hashes") {
    TemporaryFolder const folder;
    auto const path = folder.write("file", letters(3 * file_block_bytes));
    bool grown = false;
    auto const digest = hash_file(path, [&](std::uint64_t) {
        if (!grown) std::ofstream{path, std::ios::app} << "more";
        grown = true;
        return true;
    });
    REQUIRE(digest.has_error());
    CHECK(digest.error() == boost::system::errc::resource_unavailable_try_again);
}

TEST_CASE("a file that grows as fast as it is read comes to an end") {
    TemporaryFolder const folder;
    auto const path = folder.write("file", letters(file_block_bytes));
    Bytes const more = letters(2 * file_block_bytes);
    int calls = 0;
    auto const digest = hash_file(path, [&](std::uint64_t) {
        std::ofstream out{path, std::ios::app | std::ios::binary};
        out.write(reinterpret_cast<char const*>(more.data()), static_cast<std::streamsize>(more.size()));
        return ++calls < 50;
    });
    REQUIRE(digest.has_error());
    CHECK(digest.error() == boost::system::errc::resource_unavailable_try_again);
}

TEST_CASE("what is missing, a folder or a pipe is an error, not a wait") {
    TemporaryFolder const folder;
    CHECK(hash_file((folder.path() / "missing").string()).error() == boost::system::errc::no_such_file_or_directory);
    CHECK(hash_file(folder.path().string()).has_error());
    auto const pipe = (folder.path() / "pipe").string();
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    CHECK(hash_file(pipe).error() == boost::system::errc::invalid_argument);
}

}  // namespace file_hasher_test
