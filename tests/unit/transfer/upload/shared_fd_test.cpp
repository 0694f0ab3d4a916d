#include "transfer/upload/shared_fd.hpp"

#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <catch2/catch.hpp>

namespace shared_fd_test {
using namespace praline::upload;
namespace fs = std::filesystem;

namespace {

struct Shared {
    fs::path base;
    Shared() {
        std::string name = (fs::temp_directory_path() / "praline-test-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        base = fs::canonical(name);
        fs::create_directories(base / "root/sub");
        fs::create_directories(base / "outside");
        write("root/sub/file", "as it was");
    }
    ~Shared() {
        std::error_code ignored;
        fs::remove_all(base, ignored);
    }
    void write(std::string const& name, std::string const& text) const {
        std::ofstream{base / name, std::ios::binary} << text;
    }
    [[nodiscard]] struct stat facts(std::string const& name) const {
        struct stat state {};
        REQUIRE(::stat((base / name).c_str(), &state) == 0);
        return state;
    }
    [[nodiscard]] HashedFile hashed() const {
        auto const state = facts("root/sub/file");
        auto const ns = [](timespec const& time) { return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; };
        return {(base / "root").string(),
                (base / "root/sub/file").string(),
                static_cast<std::uint64_t>(state.st_size),
                ns(state.st_mtim),
                ns(state.st_ctim),
                state.st_ino};
    }
};

/// Waits until the clock of the file system has moved: two changes within one of its ticks look like one.
void wait_for_another_ctime(Shared const& shared) {
    auto const before = shared.facts("root/sub/file").st_ctim;
    for (;;) {
        shared.write("tick", "x");
        auto const now = shared.facts("tick").st_ctim;
        if (now.tv_sec != before.tv_sec || now.tv_nsec != before.tv_nsec) return;
    }
}

}  // namespace

TEST_CASE("a file that is as it was hashed is opened") {
    Shared const shared;
    auto const file = SharedFd::open(shared.hashed());
    REQUIRE(file.has_value());
    CHECK(file->is_unchanged());
}

TEST_CASE(
    "a file that was changed under the same size and time of modification is refused, and noticed while it is open") {
    Shared const shared;
    auto const hashed = shared.hashed();
    auto const before = shared.facts("root/sub/file");
    auto const open = SharedFd::open(hashed);
    REQUIRE(open.has_value());
    wait_for_another_ctime(shared);
    int const handle = ::open(hashed.path.c_str(), O_WRONLY | O_CLOEXEC);
    REQUIRE(::write(handle, "as it is!", 9) == 9);
    timespec const times[2] = {before.st_atim, before.st_mtim};
    REQUIRE(::futimens(handle, times) == 0);
    ::close(handle);
    CHECK(static_cast<std::uint64_t>(shared.facts("root/sub/file").st_size) == hashed.size_bytes);
    CHECK_FALSE(open->is_unchanged());
    CHECK_FALSE(SharedFd::open(hashed).has_value());
}

TEST_CASE("a partial file may be written to and moved while it is open, until it is deleted") {
    Shared const shared;
    auto partial = shared.hashed();
    partial.growing = true;
    auto const open = SharedFd::open(partial);
    REQUIRE(open.has_value());
    shared.write("root/sub/file", "as it is now, and longer");
    CHECK(open->is_unchanged());
    fs::rename(shared.base / "root/sub/file", shared.base / "outside/file");
    CHECK(open->is_unchanged());
    fs::remove(shared.base / "outside/file");
    CHECK_FALSE(open->is_unchanged());
}

TEST_CASE("what lies in the file is read, and nothing behind its end") {
    Shared const shared;
    auto const file = SharedFd::open(shared.hashed());
    REQUIRE(file);
    std::string text(5, '-');
    CHECK(file->read(3, text));
    CHECK(text == "it wa");
    CHECK_FALSE(file->read(5, text));
    CHECK_FALSE(file->read(100, text));
}

TEST_CASE("another file of the same size and times at the path is refused by its inode") {
    Shared const shared;
    auto hashed = shared.hashed();
    hashed.inode += 1;
    CHECK_FALSE(SharedFd::open(hashed).has_value());
    hashed.inode = 0;
    CHECK(SharedFd::open(hashed).has_value());
}

TEST_CASE("a link in the place of the file, of a folder on its way, or of the root is not followed") {
    Shared const shared;
    auto const hashed = shared.hashed();
    SECTION("the file") {
        fs::rename(shared.base / "root/sub/file", shared.base / "outside/file");
        fs::create_symlink(shared.base / "outside/file", shared.base / "root/sub/file");
    }
    SECTION("a folder on its way") {
        fs::rename(shared.base / "root/sub", shared.base / "outside/sub");
        fs::create_symlink(shared.base / "outside/sub", shared.base / "root/sub");
    }
    SECTION("the root") {
        fs::rename(shared.base / "root", shared.base / "outside/root");
        fs::create_symlink(shared.base / "outside/root", shared.base / "root");
    }
    auto expected = hashed;
    struct stat state {};
    REQUIRE(::stat(hashed.path.c_str(), &state) == 0);
    expected.ctime_ns = std::int64_t{state.st_ctim.tv_sec} * 1'000'000'000 + state.st_ctim.tv_nsec;
    CHECK_FALSE(SharedFd::open(expected).has_value());
}

TEST_CASE("a pipe in the place of the file does not hold up the caller") {
    Shared const shared;
    auto const hashed = shared.hashed();
    fs::remove(hashed.path);
    REQUIRE(::mkfifo(hashed.path.c_str(), 0600) == 0);
    CHECK_FALSE(SharedFd::open(hashed).has_value());
}

}  // namespace shared_fd_test
