#include "transfer/library/file_store.hpp"

#include <catch2/catch.hpp>

#include "host.hpp"

using namespace praline;
using namespace praline::library;
using praline::library::test::World;

namespace {

content::FileDigest digest_of(std::string const& text, std::uint64_t slice_bytes = 1024) {
    content::TigerTreeHasher tree{slice_bytes};
    content::Sha1Hasher sha1;
    tree.update(as_view(text));
    sha1.update(as_view(text));
    return {sha1.finish(), tree.finish()};
}

}  // namespace

TEST_CASE("what is remembered of a file is what was put, whatever octets its path has") {
    World world;
    FileStore store{(world.base / "data" / "praline.db").string()};
    std::string const path = "/shared/bad\xFF'; --\n.txt";
    auto const digest = digest_of(std::string(5000, 'x'));
    CHECK_FALSE(store.file(path).has_value());
    store.put(path, -5, digest);
    auto const found = store.file(path);
    REQUIRE(found.has_value());
    CHECK(found->size_bytes == 5000);
    CHECK(found->mtime_ns == -5);
    CHECK(found->sha1 == digest.sha1);
    CHECK(found->tiger_root == digest.tree.root());
    CHECK(store.tree(digest.sha1) == digest.tree);
    store.remove(path);
    CHECK_FALSE(store.file(path).has_value());
}

TEST_CASE("purging forgets the dead of one folder and the trees nobody needs") {
    World world;
    FileStore store{(world.base / "data" / "praline.db").string()};
    auto const dead = digest_of(std::string(5000, 'd')), alive = digest_of(std::string(5000, 'a'));
    store.put("/a/dead", 1, dead);
    store.put("/a/sub/alive", 1, alive);
    store.put("/ab/neighbour", 1, alive);
    store.purge("/a", [](std::string const& path) { return path == "/a/sub/alive"; });
    CHECK_FALSE(store.file("/a/dead").has_value());
    CHECK(store.file("/a/sub/alive").has_value());
    CHECK(store.file("/ab/neighbour").has_value());
    CHECK_FALSE(store.tree(dead.sha1).has_value());
    CHECK(store.tree(alive.sha1).has_value());
}

TEST_CASE("a folder taken away takes its files with it, and no other's") {
    World world;
    FileStore store{(world.base / "data" / "praline.db").string()};
    store.add_folder({"/a", "a"});
    store.add_folder({"/a b", "a b"});
    store.put("/a/file", 1, digest_of("1"));
    store.put("/a b/file", 1, digest_of("2"));
    store.remove_folder("/a");
    REQUIRE(store.folders().size() == 1);
    CHECK(store.folders()[0].path == "/a b");
    CHECK_FALSE(store.file("/a/file").has_value());
    CHECK(store.file("/a b/file").has_value());
}
