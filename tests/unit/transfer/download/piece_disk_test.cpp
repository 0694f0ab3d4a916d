#include "transfer/download/piece_disk.hpp"

#include <catch2/catch.hpp>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include <stdlib.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "node/base/rng.hpp"
#include "unit/node/net/run_until.hpp"

namespace praline::download::piece_disk_test {

namespace {

constexpr std::uint64_t piece_bytes = 64 * 1024, file_bytes = 5 * piece_bytes / 2;

/// A folder of its own, gone when this ends.
struct Folder {
    Folder() {
        char name[] = "/tmp/piece-disk-XXXXXX";
        REQUIRE(::mkdtemp(name) != nullptr);
        path = name;
    }
    Folder(Folder const&) = delete;
    Folder& operator=(Folder const&) = delete;
    ~Folder() { std::filesystem::remove_all(path); }
    std::string path;
};

Bytes noise(std::uint64_t seed) {
    Rng rng{0xD15C, seed};
    Bytes bytes(file_bytes);
    for (auto& byte : bytes) byte = static_cast<std::byte>(rng.below(256));
    return bytes;
}

content::TreeLevel tree_of(Bytes const& bytes) {
    content::TigerTreeHasher hasher{piece_bytes};
    hasher.update(bytes);
    return hasher.finish();
}

Sha1 sha1_of(ByteView bytes) {
    content::Sha1Hasher hasher;
    hasher.update(bytes);
    return hasher.finish();
}

/// A partial file, and what its disk told.
struct Bench {
    explicit Bench(bool with_tree = true) {
        PieceDisk::Listener listener;
        listener.written = [this] { ++written; };
        listener.checked = [this](swarm::PieceChecked const& one) { checked.push_back(one); };
        listener.failed = [this](ByteRange range, int error) { failed.emplace_back(range, error); };
        listener.progressed = [] {};
        listener.broke = [](std::exception const& error) { FAIL(error.what()); };
        disk = std::make_shared<PieceDisk>(io, pool, std::move(listener));
        REQUIRE(disk->open(part, [this](std::uint64_t) { return disk_error; }) == 0);
        std::shared_ptr<content::TreeLevel const> tree;
        if (with_tree) tree = std::make_shared<content::TreeLevel const>(tree_of(bytes));
        disk->begin(file_bytes, piece_bytes, {tree, nullptr}, true);
    }
    ~Bench() {
        pool->is_stopped = true;
        pool->threads.join();
        io.restart();
        io.poll();
    }
    Bench(Bench const&) = delete;
    Bench& operator=(Bench const&) = delete;

    void run() {
        run_until([this] { return disk->is_idle(); });
    }
    void run_until(std::function<bool()> const& so) { ::run_until(io, so); }
    void write(std::uint64_t begin, std::uint64_t end, Bytes const& from) {
        auto block = pool->blocks.take();
        block->begin = begin;
        block->size = static_cast<std::size_t>(end - begin);
        std::memcpy(block->bytes.get(), from.data() + begin, block->size);
        disk->write(std::move(block));
    }
    template <class Result>
    Result result_of(boost::asio::awaitable<Result> work) {
        std::optional<Result> result;
        boost::asio::co_spawn(io, std::move(work), [&](std::exception_ptr const& failure, Result got) {
            REQUIRE_FALSE(failure);
            result = std::move(got);
        });
        run_until([&] { return result.has_value(); });
        return *result;
    }

    Folder folder;
    std::string const part = folder.path + "/part";
    Bytes const bytes = noise(1), other = noise(2);
    int disk_error = 0;
    std::size_t written = 0;
    std::vector<swarm::PieceChecked> checked;
    std::vector<std::pair<ByteRange, int>> failed;
    boost::asio::io_context io;
    std::shared_ptr<DiskPool> pool = std::make_shared<DiskPool>(2U);
    std::shared_ptr<PieceDisk> disk;
};

}  // namespace

TEST_CASE("pieces are told right or wrong by the tree once their bytes are on disk, in whatever order these came") {
    Bench bench;
    bench.write(piece_bytes, 2 * piece_bytes, bench.other);
    bench.write(piece_bytes / 2, piece_bytes, bench.bytes);
    bench.write(0, piece_bytes / 2, bench.bytes);
    bench.disk->check({1, 0, {{0, 100}, {100, piece_bytes}}});
    bench.disk->check({2, 1, {}});
    bench.run();
    REQUIRE(bench.checked.size() == 2);
    auto const first = bench.checked[0].check == 1 ? bench.checked[0] : bench.checked[1];
    auto const second = bench.checked[0].check == 1 ? bench.checked[1] : bench.checked[0];
    CHECK(first.is_right);
    CHECK(first.hashes == std::vector<Sha1>{sha1_of(ByteView{bench.bytes}.first(100)),
                                            sha1_of(ByteView{bench.bytes}.subspan(100, piece_bytes - 100))});
    CHECK_FALSE(second.is_right);
    CHECK(bench.written == 3);
}

TEST_CASE("a block that overlaps one before it is written after it") {
    for (int round = 0; round < 20; ++round) {
        Bench bench;
        bench.write(0, piece_bytes, bench.other);
        bench.write(0, piece_bytes, bench.bytes);
        bench.disk->check({1, 0, {}});
        bench.run();
        REQUIRE(bench.checked.size() == 1);
        CHECK(bench.checked[0].is_right);
    }
}

TEST_CASE("a failed write is reported with its range, and its piece gets no verdict") {
    Bench bench;
    bench.disk_error = ENOSPC;
    bench.write(0, piece_bytes, bench.bytes);
    bench.disk->check({1, 0, {}});
    bench.run();
    REQUIRE(bench.failed.size() == 1);
    CHECK(bench.failed[0].first == ByteRange{0, piece_bytes});
    CHECK(bench.failed[0].second == ENOSPC);
    CHECK(bench.checked.empty());
    CHECK(bench.disk->in_flight_bytes() == 0);
}

TEST_CASE("the whole gets its name only if its SHA-1 is the one asked for") {
    Bench bench;
    // The last piece first: SHA-1 goes in order, and reads what came too early again.
    for (std::uint64_t piece = 3; piece-- > 0;) {
        bench.write(piece * piece_bytes, std::min((piece + 1) * piece_bytes, file_bytes), bench.bytes);
        bench.disk->check({piece + 1, piece, {}});
    }
    bench.run();
    REQUIRE(bench.checked.size() == 3);
    Urn wanted;
    wanted.sha1 = sha1_of(bench.other);
    auto const wrong =
        bench.result_of(bench.disk->finish({wanted, nullptr}, false, bench.part, bench.folder.path, "file.bin"));
    CHECK_FALSE(wrong.sha1_right);
    CHECK_FALSE(std::filesystem::exists(bench.folder.path + "/file.bin"));
    wanted.sha1 = sha1_of(bench.bytes);
    auto const right =
        bench.result_of(bench.disk->finish({wanted, nullptr}, false, bench.part, bench.folder.path, "file.bin"));
    CHECK(right.sha1_right);
    CHECK(right.error == 0);
    std::ifstream file{right.path, std::ios::binary};
    std::string const found{std::istreambuf_iterator<char>{file}, {}};
    CHECK(found.size() == file_bytes);
    CHECK(std::memcmp(found.data(), bench.bytes.data(), file_bytes) == 0);
}

TEST_CASE("after a restart the tree tells which pieces are there, and without one the map does") {
    bool const with_tree = GENERATE(true, false);
    Bench bench{with_tree};
    bench.write(0, piece_bytes, bench.bytes);
    bench.write(piece_bytes, 2 * piece_bytes, bench.other);
    bench.run();
    PieceMap map{file_bytes, piece_bytes};
    map.accept(1);
    auto const good = bench.result_of(bench.disk->recheck(map));
    REQUIRE(good);
    CHECK(*good == (with_tree ? std::vector<bool>{true, false, false} : std::vector<bool>{false, true, false}));
}

TEST_CASE("ranges are hashed as they are on disk, and what is not there has no hash") {
    Bench bench{false};
    bench.write(0, piece_bytes, bench.bytes);
    bench.run();
    auto const hashes = bench.result_of(bench.disk->hash({{10, 20}, {0, piece_bytes}}));
    REQUIRE(hashes);
    CHECK(*hashes == std::vector<Sha1>{sha1_of(ByteView{bench.bytes}.subspan(10, 10)),
                                       sha1_of(ByteView{bench.bytes}.first(piece_bytes))});
    CHECK_FALSE(bench.result_of(bench.disk->hash({{0, file_bytes}})));
}

}  // namespace praline::download::piece_disk_test
