#include "transfer/library/moves.hpp"

#include <catch2/catch.hpp>

#include "transfer/library/limits.hpp"

namespace moves_test {
using namespace praline;
using namespace praline::library;

namespace {

MovedFile file(std::uint64_t inode = 42) {
    MovedFile one;
    one.stamp = {1000, 50, 70, 8, inode, true};
    one.sha1.bytes.fill(static_cast<std::uint8_t>(inode));
    return one;
}

/// The same file after it was moved: moving gives it another ctime.
FileStamp after(std::uint64_t inode = 42) {
    FileStamp stamp = file(inode).stamp;
    stamp.ctime_ns = 90;
    return stamp;
}

}  // namespace

TEST_CASE("a file that was seen to move is what it was, under its new path and once") {
    Moves moves;
    moves.left(1, file());
    CHECK(moves.arrived(1, "/s/new"));
    CHECK_FALSE(moves.take("/s/other", after()).has_value());
    auto const found = moves.take("/s/new", after());
    REQUIRE(found.has_value());
    CHECK(found->sha1 == file().sha1);
    CHECK_FALSE(moves.take("/s/new", after()).has_value());
}

TEST_CASE("a file may move on before anybody looks at it") {
    Moves moves;
    moves.left(1, file());
    CHECK(moves.arrived(1, "/s/b"));
    CHECK(moves.left_again(2, "/s/b"));
    CHECK(moves.arrived(2, "/s/c"));
    CHECK_FALSE(moves.left_again(3, "/s/b"));
    CHECK(moves.take("/s/c", after()).has_value());
}

TEST_CASE("what came from elsewhere, was touched since, or was replaced proves nothing") {
    Moves moves;
    CHECK_FALSE(moves.arrived(7, "/s/from outside"));
    moves.left(1, file());
    CHECK(moves.arrived(1, "/s/new"));
    SECTION("touched") { moves.touched("/s/new"); }
    SECTION("replaced by a stranger") { CHECK_FALSE(moves.arrived(9, "/s/new")); }
    SECTION("events were lost") { moves.clear(); }
    CHECK_FALSE(moves.take("/s/new", after()).has_value());
}

TEST_CASE("a move proves nothing for another file, another content, or one with other names") {
    auto const taken = [](void (*change)(FileStamp&), MovedFile what = file()) {
        Moves moves;
        moves.left(1, what);
        CHECK(moves.arrived(1, "/s/new"));
        FileStamp now = after();
        change(now);
        return moves.take("/s/new", now).has_value();
    };
    CHECK(taken([](FileStamp&) {}));
    CHECK_FALSE(taken([](FileStamp& now) { now.inode = 43; }));
    CHECK_FALSE(taken([](FileStamp& now) { now.device = 9; }));
    CHECK_FALSE(taken([](FileStamp& now) { now.size_bytes = 1; }));
    CHECK_FALSE(taken([](FileStamp& now) { now.mtime_ns = 51; }));
    CHECK_FALSE(taken([](FileStamp& now) { now.ctime_ns = 69; }));
    CHECK_FALSE(taken([](FileStamp& now) { now.one_name = false; }));
    auto linked = file();
    linked.stamp.one_name = false;
    CHECK_FALSE(taken([](FileStamp&) {}, linked));
    auto made_up = file(0);
    CHECK_FALSE(taken([](FileStamp& now) { now.inode = 0; }, made_up));
}

TEST_CASE("moves are bounded: the oldest are evicted") {
    Moves moves;
    moves.left(0, file());
    CHECK(moves.arrived(0, "/s/first"));
    for (std::uint32_t i = 1; i <= moves_max + 1; ++i) {
        moves.left(i, file());
        moves.arrived(i, "/s/" + std::to_string(i));
    }
    CHECK_FALSE(moves.take("/s/first", after()).has_value());
    CHECK(moves.take("/s/" + std::to_string(moves_max), after()).has_value());
}

}  // namespace moves_test
