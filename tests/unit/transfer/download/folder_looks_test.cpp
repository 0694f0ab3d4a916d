#include "transfer/download/folder_looks.hpp"

#include <cerrno>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include "unit/node/net/run_until.hpp"

namespace folder_looks_test {
using namespace praline::download;
using What = FolderLooks::What;
using namespace std::chrono_literals;

namespace {

/// A machine on which some disks do not answer before they are let go.
class Disks {
public:
    int look(std::string const& path) {
        std::unique_lock lock{mutex_};
        ++looks_;
        if (path == "/dead") back_.wait(lock, [this] { return is_back_; });
        return path == "/gone" ? ENOENT : 0;
    }
    void come_back() {
        std::lock_guard const lock{mutex_};
        is_back_ = true;
        back_.notify_all();
    }
    int looks() {
        std::lock_guard const lock{mutex_};
        return looks_;
    }

private:
    std::mutex mutex_;
    std::condition_variable back_;
    bool is_back_ = false;
    int looks_ = 0;
};

struct Desk {
    boost::asio::io_context io;
    std::shared_ptr<Disks> disks = std::make_shared<Disks>();
    Limits limits;
    std::unique_ptr<FolderLooks> looks;

    void open() {
        looks = std::make_unique<FolderLooks>(
            io, limits, [disks = disks](What, std::string const& path) { return disks->look(path); });
    }
    int look(std::string const& path) {
        std::optional<int> found;
        looks->look(What::folder, path, [&](int error) { found = error; });
        CHECK_FALSE(found);
        run_until(io, [&] { return found.has_value(); });
        return *found;
    }
    int known(std::string const& path) {
        std::optional<int> found;
        run_until(io, [&] { return (found = looks->known(What::made, path)).has_value(); });
        return *found;
    }
    ~Desk() { disks->come_back(); }
};

}  // namespace

TEST_CASE("a folder that does not answer is given up in time, and holds back no other") {
    Desk desk;
    desk.limits.folder_look_time = 200ms;
    desk.open();
    CHECK(desk.look("/dead") == ETIMEDOUT);
    CHECK(desk.look("/here") == 0);
    CHECK(desk.look("/gone") == ENOENT);
    CHECK(desk.disks->looks() == 3);
    CHECK(desk.look("/dead") == ETIMEDOUT);
    CHECK(desk.disks->looks() == 3);
    desk.disks->come_back();
    CHECK(desk.look("/dead") == 0);
}

TEST_CASE("what is asked again and again is looked at once, and again later") {
    Desk desk;
    desk.limits.folder_known_time = 10'000ms;
    desk.open();
    CHECK(desk.known("/here") == 0);
    CHECK(desk.known("/here") == 0);
    CHECK(desk.disks->looks() == 1);
    CHECK(desk.known("/gone") == ENOENT);
    desk.limits.folder_known_time = 0ms;
    desk.open();
    CHECK_FALSE(desk.looks->known(What::made, "/here"));
    run_until(desk.io, [&] { return desk.disks->looks() == 3; });
}

TEST_CASE("the system is asked for folders and files") {
    CHECK(look_at(What::folder, "/") != ENOENT);
    CHECK(look_at(What::folder, "/no such folder") == ENOENT);
    CHECK(look_at(What::made, "/proc/no such folder") != 0);
    CHECK(look_at(What::file, "/proc/self/exe") == 0);
    CHECK(look_at(What::file, "/no such file") == ENOENT);
    CHECK(look_at(What::room, room_question(0, "/")) == 0);
    CHECK(look_at(What::room, room_question(std::uint64_t{1} << 62, "/")) == ENOSPC);
}

}  // namespace folder_looks_test
