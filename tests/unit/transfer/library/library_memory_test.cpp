#include "transfer/library/library.hpp"

#include <catch2/catch.hpp>

#include "host.hpp"
#include "transfer/library/file_store.hpp"

namespace library_memory_test {
using namespace praline;
using namespace praline::library;
using namespace praline::library::test;
namespace fs = std::filesystem;

TEST_CASE("a disk that is taken out leaves an empty folder, which says so, and is not hashed again when it is back") {
    World world;
    world.write("reels/one.txt", "abc");
    world.write("reels/two.txt", "abcd");
    Library& library = world.start();
    REQUIRE(library.add_folder(world.shared.string()).empty());
    REQUIRE(world.settles_with(2));
    bool const restarted = GENERATE(false, true);
    fs::rename(world.shared / "reels", world.base / "away");
    REQUIRE(
        world.host.run_until([&] { return world.find("one").empty() && !library.folders().at(0).problem.empty(); }));
    CHECK(library.folders().at(0).problem.find("empty now") != std::string::npos);
    if (restarted) {
        world.start();
        REQUIRE(world.host.run_until([&] { return !world.library->folders().at(0).problem.empty(); }));
        CHECK(world.library->progress().files_ready == 0);
    }
    auto const before = world.library->progress().files_hashed;
    fs::rename(world.base / "away", world.shared / "reels");
    REQUIRE(world.settles_with(2));
    REQUIRE(world.host.run_until([&] { return world.library->folders().at(0).problem.empty(); }));
    CHECK(world.library->progress().files_hashed == before);
}

TEST_CASE("a renamed folder is not hashed again, nor a file that is moved or renamed while the node looks") {
    World world;
    world.write("old name/one.txt", "abc");
    world.write("old name/deep/two.txt", "abcd");
    world.write("three.txt", "abcde");
    Library& library = world.start();
    REQUIRE(library.add_folder(world.shared.string()).empty());
    REQUIRE(world.settles_with(3));
    REQUIRE(library.progress().watching);
    fs::rename(world.shared / "old name", world.shared / "new name");
    REQUIRE(world.host.run_until([&] {
        auto const found = world.find("two");
        return found.size() == 1 && found[0]->virtual_path == "shared/new name/deep/two.txt" &&
               world.find("one").size() == 1;
    }));
    auto const three = world.find("three").at(0)->sha1;
    fs::rename(world.shared / "three.txt", world.shared / "new name/third.txt");
    REQUIRE(world.host.run_until([&] { return world.find("third").size() == 1 && world.find("three").empty(); }));
    CHECK(world.find("third")[0]->sha1 == three);
    fs::rename(world.shared / "new name/third.txt", world.shared / "last.txt");
    REQUIRE(world.host.run_until([&] { return world.find("last").size() == 1; }));
    CHECK(library.progress().files_hashed == 3);
    world.library.reset();
    fs::rename(world.shared / "new name", world.shared / "newest name");
    world.start();
    REQUIRE(world.settles_with(3));
    CHECK(world.find("two").at(0)->virtual_path == "shared/newest name/deep/two.txt");
    CHECK(world.library->progress().files_hashed == 0);
}

namespace {

/// Other content under the same size and time of modification, as rsync --times and encrypted containers have it.
void change_secretly(fs::path const& path, std::string const& text) {
    auto const time = fs::last_write_time(path);
    std::fstream{path, std::ios::binary | std::ios::in | std::ios::out} << text;
    fs::last_write_time(path, time);
}

}  // namespace

TEST_CASE(
    "a content that changes under the same size and time of modification is noticed, also while the node was away") {
    World world;
    world.write("container.bin", "aaaa");
    world.write("sub/moved.bin", "aaab");
    Library& library = world.start();
    REQUIRE(library.add_folder(world.shared.string()).empty());
    REQUIRE(world.settles_with(2));
    auto const moved = world.find("moved").at(0)->sha1;
    auto const holds = [&](char const* name, std::string const& text) {
        auto const found = world.find(name);
        return found.size() == 1 && found[0]->sha1 == digest_of(text).sha1;
    };
    change_secretly(world.shared / "container.bin", "bbbb");
    REQUIRE(world.host.run_until([&] { return holds("container", "bbbb"); }));
    // A move explains another ctime only when nothing else has happened to the file.
    change_secretly(world.shared / "sub/moved.bin", "bbba");
    fs::rename(world.shared / "sub/moved.bin", world.shared / "elsewhere.bin");
    REQUIRE(world.host.run_until([&] { return holds("elsewhere", "bbba"); }));
    CHECK(library.by_sha1(moved) == nullptr);
    world.library.reset();
    change_secretly(world.shared / "container.bin", "cccc");
    world.start();
    REQUIRE(world.settles_with(2));
    CHECK(holds("container", "cccc"));
    CHECK(world.library->progress().files_hashed == 1);
}

TEST_CASE("two folders that change places do not change the hashes of their files") {
    World world;
    // Made in one tick of the clock and of one size: only their inodes tell them apart.
    world.write("x/file.bin", "aaaa");
    world.write("y/file.bin", "bbbb");
    fs::last_write_time(world.shared / "y/file.bin", fs::last_write_time(world.shared / "x/file.bin"));
    Library& library = world.start();
    REQUIRE(library.add_folder(world.shared.string()).empty());
    REQUIRE(world.settles_with(2));
    fs::rename(world.shared / "x", world.shared / "z");
    fs::rename(world.shared / "y", world.shared / "x");
    fs::rename(world.shared / "z", world.shared / "y");
    REQUIRE(world.host.run_until([&] {
        auto const page = library.page(0, 10, "");
        return page.size() == 2 && page[0]->virtual_path == "shared/x/file.bin" &&
               page[0]->sha1 == digest_of("bbbb").sha1 && page[1]->sha1 == digest_of("aaaa").sha1;
    }));
}

TEST_CASE("a hard link is noticed at once, and one content is hashed once, however many names it has") {
    World world;
    world.write("first.txt", "abc");
    std::ofstream{world.base / "outside.txt"} << "linked in";
    Library& library = world.start();
    REQUIRE(library.add_folder(world.shared.string()).empty());
    REQUIRE(world.settles_with(1));
    REQUIRE(library.progress().watching);
    fs::create_hard_link(world.base / "outside.txt", world.shared / "second.txt");
    REQUIRE(world.host.run_until([&] { return world.find("second").size() == 1; }));
    CHECK(library.progress().files_hashed == 2);
    world.library.reset();
    for (int i = 0; i < 5; ++i)
        fs::create_hard_link(world.base / "outside.txt", world.shared / ("name " + std::to_string(i)));
    world.start();
    REQUIRE(world.settles_with(7));
    CHECK(world.library->progress().files_hashed == 1);
    CHECK(world.find("name").size() == 5);
}

TEST_CASE("nothing is listed or hashed through a link that takes the place of a folder") {
    World world;
    world.write("sub/deep/mine.txt", "mine");
    fs::create_directories(world.base / "outside/deep");
    std::ofstream{world.base / "outside/deep/private.txt"} << "private";
    Library& library = world.start();
    REQUIRE(library.add_folder(world.shared.string()).empty());
    REQUIRE(world.settles_with(1));
    fs::rename(world.shared / "sub", world.base / "moved");
    fs::create_symlink(world.base / "outside", world.shared / "sub");
    std::ofstream{world.base / "outside/deep/more.txt"} << "private";
    library.rescan();
    REQUIRE(
        world.host.run_until([&] { return world.left_out(LeftOutReason::link) == 1 && world.find("mine").empty(); }));
    CHECK(world.find("private").empty());
    fs::rename(world.shared, world.base / "whole");
    fs::create_symlink(world.base / "outside", world.shared);
    library.rescan();
    REQUIRE(world.host.run_until([&] { return library.folders().at(0).problem.find("link") != std::string::npos; }));
    CHECK(library.page(0, 10, "").empty());
}

TEST_CASE("hashes that cannot be remembered are a problem that the progress tells") {
    World world;
    world.write("one.txt", "abc");
    Library& library = world.start();
    store::Database other{world.database()};
    other.run("CREATE TRIGGER full BEFORE INSERT ON library_files BEGIN SELECT RAISE(ABORT, 'no room'); END");
    REQUIRE(library.add_folder(world.shared.string()).empty());
    REQUIRE(world.host.run_until(
        [&] { return library.progress().problem.find("cannot be remembered") != std::string::npos; }));
    REQUIRE(world.host.run_until([&] { return world.find("one").size() == 1; }));
    CHECK_FALSE(library.progress().problem.empty());
}

}  // namespace library_memory_test
