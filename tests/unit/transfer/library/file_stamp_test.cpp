#include "transfer/library/file_stamp.hpp"

#include <catch2/catch.hpp>

namespace file_stamp_test {
using namespace praline::library;

namespace {

FileStamp const known{1000, 50, 70, 8, 42, true};

FileStamp with(void (*change)(FileStamp&)) {
    FileStamp stamp = known;
    change(stamp);
    return stamp;
}

}  // namespace

TEST_CASE("a file is known again where it lay, and where its folder was renamed to") {
    CHECK(is_same_file("/s/a", known, "/s/a", known));
    CHECK(is_same_file("/s/old/a", known, "/s/new/a", known));
    CHECK(is_same_file("/s/a", known, "/s/another hard link", known));
}

TEST_CASE("another size or time is another content, also a ctime alone") {
    CHECK_FALSE(is_same_file("/s/a", known, "/s/a", with([](FileStamp& s) { s.size_bytes = 1001; })));
    CHECK_FALSE(is_same_file("/s/a", known, "/s/a", with([](FileStamp& s) { s.mtime_ns = 51; })));
    CHECK_FALSE(is_same_file("/s/a", known, "/s/a", with([](FileStamp& s) { s.ctime_ns = 71; })));
    CHECK_FALSE(is_same_file("/s/a", known, "/s/a", with([](FileStamp& s) { s.ctime_ns = 69; })));
}

TEST_CASE("two files made in one tick of the clock are told apart by their inodes, also when they change places") {
    CHECK_FALSE(is_same_file("/s/x/f", known, "/s/x/f", with([](FileStamp& s) { s.inode = 43; })));
    CHECK_FALSE(is_same_file("/s/x/f", known, "/s/x/f", with([](FileStamp& s) {
                                 s.inode = 43;
                                 s.device = 9;
                             })));
}

TEST_CASE("a disk that comes back under another device number is known by path or name") {
    auto const back = with([](FileStamp& s) { s.device = 9; });
    CHECK(is_same_file("/media/disk/a", known, "/media/disk/a", back));
    CHECK(is_same_file("/media/disk/a", known, "/media/disk1/a", back));
    CHECK_FALSE(is_same_file("/media/disk/a", known, "/media/disk/b", back));
}

TEST_CASE("where inodes are made up at each mount the path takes their place") {
    auto const made_up = with([](FileStamp& s) { s.inode = 0; });
    CHECK(is_same_file("/stick/a", made_up, "/stick/a", made_up));
    CHECK_FALSE(is_same_file("/stick/a", made_up, "/stick/b", made_up));
}

TEST_CASE(
    "what a version without ctimes remembered holds for files to which nothing has happened since they were written") {
    auto const old = with([](FileStamp& s) {
        s.ctime_ns = 0;
        s.device = 0;
        s.inode = 0;
    });
    CHECK(is_same_file("/s/a", old, "/s/a", with([](FileStamp& s) { s.ctime_ns = s.mtime_ns; })));
    CHECK_FALSE(is_same_file("/s/a", old, "/s/a", known));
    CHECK_FALSE(is_same_file("/s/a", old, "/s/b", with([](FileStamp& s) { s.ctime_ns = s.mtime_ns; })));
}

}  // namespace file_stamp_test
