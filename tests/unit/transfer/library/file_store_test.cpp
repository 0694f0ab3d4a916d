#include "transfer/library/file_store.hpp"

#include <catch2/catch.hpp>

#include "host.hpp"
#include "transfer/library/limits.hpp"

namespace file_store_test {
using namespace praline;
using namespace praline::library;
using praline::library::test::digest_of;
using praline::library::test::World;

namespace {

constexpr std::int64_t day = 86'400;

FileStamp stamp(std::uint64_t size, std::uint64_t inode = 7) { return {size, -5, 30, 8, inode, true}; }

struct Store {
    World world;
    FileStore store{world.database()};
    void put(std::string const& path, std::string const& text, std::uint64_t inode = 7) {
        auto const digest = digest_of(text);
        store.put(path, stamp(text.size(), inode), digest.sha1, digest.tree.root());
        store.put_tree(digest.sha1, digest.tree);
    }
    bool is_missing(std::string const& path) { return store.file(path)->missing; }
};

}  // namespace

TEST_CASE("what is remembered of a file is what was put, whatever bytes its path has") {
    Store it;
    std::string const path = "/shared/bad\xFF'; --\n.txt", text(5000, 'x');
    auto const digest = digest_of(text);
    CHECK_FALSE(it.store.file(path).has_value());
    it.put(path, text);
    auto const found = it.store.file(path);
    REQUIRE(found.has_value());
    CHECK(found->path == path);
    CHECK(found->stamp == stamp(5000));
    CHECK(found->sha1 == digest.sha1);
    CHECK(found->tiger_root == digest.tree.root());
    CHECK_FALSE(found->missing);
    CHECK(it.store.tree(digest.sha1) == digest.tree);
    REQUIRE(it.store.files_of_inode(stamp(5000)).size() == 1);
    CHECK(it.store.files_of_inode(stamp(5000))[0].path == path);
    CHECK(it.store.files_of_inode(stamp(5000, 8)).empty());
    CHECK(it.store.files_of_inode(stamp(5001)).empty());
    it.store.remove(path);
    CHECK_FALSE(it.store.file(path).has_value());
}

TEST_CASE(
    "settling notes which files of one folder are missing, and expiry forgets them after weeks with their trees") {
    Store it;
    std::string const dead(5000, 'd'), alive(5000, 'a');
    it.put("/a/dead", dead);
    it.put("/a/sub/alive", alive);
    it.put("/ab/neighbour", alive);
    auto const settle = [&](std::int64_t now) {
        it.store.settle(
            "/a", [](std::string const& path) { return path == "/a/sub/alive"; }, now);
    };
    settle(100 * day);
    CHECK(it.is_missing("/a/dead"));
    CHECK_FALSE(it.is_missing("/a/sub/alive"));
    CHECK_FALSE(it.is_missing("/ab/neighbour"));
    settle(130 * day);  // the first time counts
    it.store.expire((100 + missing_days_max) * day);
    CHECK(it.store.file("/a/dead").has_value());
    CHECK(it.store.tree(digest_of(dead).sha1).has_value());
    it.store.expire((100 + missing_days_max) * day + 1);
    CHECK_FALSE(it.store.file("/a/dead").has_value());
    CHECK_FALSE(it.store.tree(digest_of(dead).sha1).has_value());
    CHECK(it.store.file("/a/sub/alive").has_value());
    CHECK(it.store.tree(digest_of(alive).sha1).has_value());
}

TEST_CASE("a file that is back is not missing, and a clock that was ahead keeps nothing for ever") {
    Store it;
    it.put("/a/file", "1");
    it.store.settle(
        "/a", [](std::string const&) { return false; }, 9'000 * day);
    CHECK(it.is_missing("/a/file"));
    it.store.settle(
        "/a", [](std::string const&) { return true; }, 9'000 * day);
    CHECK_FALSE(it.is_missing("/a/file"));
    it.store.set_missing("/a/file", 9'000 * day);
    it.store.expire(100 * day);
    CHECK(it.is_missing("/a/file"));
    it.store.expire((101 + missing_days_max) * day);
    CHECK_FALSE(it.store.file("/a/file").has_value());
}

TEST_CASE("a folder taken away leaves its files missing, and no other's") {
    Store it;
    it.store.put_folder({"/a", "a"});
    it.store.put_folder({"/a b", "a b", FolderOrigin::config, "~/a b", true});
    it.put("/a/file", "1");
    it.put("/a b/file", "2");
    it.store.remove_folder("/a", 100);
    auto const folders = it.store.folders();
    REQUIRE(folders.size() == 1);
    CHECK(folders[0].path == "/a b");
    CHECK(folders[0].origin == FolderOrigin::config);
    CHECK(folders[0].named == "~/a b");
    CHECK(folders[0].confirmed);
    CHECK(it.is_missing("/a/file"));
    CHECK_FALSE(it.is_missing("/a b/file"));
    CHECK(it.store.remembers_any("/a"));
    CHECK_FALSE(it.store.remembers_any("/b"));
}

TEST_CASE("a database of an earlier version is read on, and what it does not know is told as unknown") {
    World world;
    auto const digest = digest_of("old");
    auto const root = digest.tree.root();
    {
        store::Database old{world.database()};
        old.run(
            "CREATE TABLE library_folders (path BLOB PRIMARY KEY, virtual_name TEXT NOT NULL) WITHOUT ROWID;"
            "CREATE TABLE library_files (path BLOB PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,"
            " sha1 BLOB NOT NULL, root BLOB NOT NULL);");
        old.prepare("INSERT INTO library_folders VALUES (?1, 's')").bind(1, as_view("/s")).run();
        old.prepare("INSERT INTO library_files VALUES (?1, 3, 50, ?2, ?3)")
            .bind(1, as_view("/s/old"))
            .bind(2, std::as_bytes(std::span{digest.sha1.bytes}))
            .bind(3, std::as_bytes(std::span{root.bytes}))
            .run();
    }
    FileStore store{world.database()};
    REQUIRE(store.folders().size() == 1);
    CHECK(store.folders()[0].origin == FolderOrigin::unknown);
    auto const file = store.file("/s/old");
    REQUIRE(file.has_value());
    CHECK(file->stamp.ctime_ns == 0);
    CHECK(file->sha1 == digest.sha1);
    CHECK_FALSE(file->missing);
}

}  // namespace file_store_test
