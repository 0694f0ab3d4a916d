#include "transfer/library/known_files.hpp"

#include <catch2/catch.hpp>

namespace praline::library::known_files_test {
namespace {

FileStamp stamp(std::uint64_t size) {
    FileStamp one;
    one.size_bytes = size;
    return one;
}

struct Desk {
    SharedRoots roots;
    KnownFiles files{roots, 3};
    Desk() {
        StoredFolder folder;
        folder.path = "/music";
        roots.add(1, folder, {});
        open("/music");
    }
    KnownDirectory& open(std::string const& path) {
        auto& directory = files.open_directory(path);
        directory.folder = 1;
        return directory;
    }
};

}  // namespace

TEST_CASE("what waits is counted at each change of a file, with the size it had") {
    Desk desk;
    auto& music = desk.open("/music");
    auto* const file = desk.files.add(music, "a", stamp(10));
    REQUIRE(file != nullptr);
    CHECK(desk.files.waiting() == 1);
    CHECK(desk.files.bytes_waiting() == 10);
    desk.files.set_stamp(music, "/music/a", *file, stamp(30), FileState::waiting);
    CHECK(desk.files.bytes_waiting() == 30);
    desk.files.set_state(music, "/music/a", *file, FileState::ready);
    CHECK(desk.files.waiting() == 0);
    CHECK(desk.files.bytes_waiting() == 0);
    desk.files.set_state(music, "/music/a", *file, FileState::waiting);
    desk.files.erase(music, "/music/a");
    CHECK(desk.files.waiting() == 0);
    CHECK(desk.files.found() == 0);
    CHECK(desk.files.find("/music/a") == nullptr);
}

TEST_CASE("a file that fails no longer leaves the list of what is left out") {
    Desk desk;
    auto& music = desk.open("/music");
    auto* const file = desk.files.add(music, "a", stamp(10));
    desk.files.set_state(music, "/music/a", *file, FileState::failed);
    desk.roots.left_out(1).add("/music/a", LeftOutReason::unreadable);
    CHECK(desk.roots.files_failed() == 1);
    desk.files.set_state(music, "/music/a", *file, FileState::waiting);
    CHECK(desk.roots.files_failed() == 0);
}

TEST_CASE("there are no more files than may be") {
    Desk desk;
    auto& music = desk.open("/music");
    for (auto const* name : {"a", "b", "c"}) CHECK(desk.files.add(music, name, stamp(1)) != nullptr);
    CHECK(desk.files.add(music, "d", stamp(1)) == nullptr);
    desk.files.erase(music, "/music/b");
    CHECK(desk.files.add(music, "d", stamp(1)) != nullptr);
}

TEST_CASE("a directory goes with all that is in it, and with nothing that only begins alike") {
    Desk desk;
    auto& rock = desk.open("/music/rock");
    (void)desk.files.add(rock, "a", stamp(1));
    (void)desk.files.add(desk.open("/music/rock/live"), "b", stamp(1));
    (void)desk.files.add(desk.open("/music/rocks"), "c", stamp(1));
    CHECK(desk.files.has_files_in("/music/rock/live"));
    std::size_t visited = 0;
    CHECK(desk.files.drop("/music/rock", [&](KnownFile&) { ++visited; }));
    CHECK(visited == 2);
    CHECK(desk.files.found() == 1);
    CHECK(desk.files.waiting() == 1);
    CHECK(desk.files.find_directory("/music/rock") == nullptr);
    CHECK(desk.files.find("/music/rocks/c") != nullptr);
    CHECK_FALSE(desk.files.has_files_in("/music/rock"));
    CHECK_FALSE(desk.files.drop("/music/rock", [](KnownFile&) {}));
}

}  // namespace praline::library::known_files_test
