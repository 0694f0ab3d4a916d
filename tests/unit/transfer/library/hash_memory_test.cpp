#include "transfer/library/hash_memory.hpp"

#include <catch2/catch.hpp>

#include "host.hpp"
#include "transfer/library/limits.hpp"

namespace hash_memory_test {
using namespace praline;
using namespace praline::library;
using praline::library::test::digest_of;
using praline::library::test::World;

namespace {

FileStamp stamp(std::uint64_t size, std::uint64_t inode = 7) { return {size, -5, 30, 8, inode, true}; }

struct Memory {
    World world;
    HashMemory memory{world.database()};
    HashMemory::Clock::time_point now{};
    void save() { memory.save(now += std::chrono::hours{1}, 100); }
    /// As if the disk were full, for rows of files.
    void refuse(bool refused) {
        store::Database{world.database()}.run(
            refused ? "CREATE TRIGGER full BEFORE INSERT ON library_files BEGIN SELECT RAISE(ABORT, 'no room'); END"
                    : "DROP TRIGGER full");
    }
};

}  // namespace

TEST_CASE("a hash is known before it is written, afterwards, and under the names its inode has") {
    Memory it;
    auto const digest = digest_of("text");
    it.memory.learned("/s/a", stamp(4), digest);
    for (int round = 0; round < 2; ++round) {
        auto const found = it.memory.find("/s/a", stamp(4));
        REQUIRE(found.has_value());
        CHECK(found->sha1 == digest.sha1);
        CHECK(it.memory.find("/s/renamed/a", stamp(4)).has_value());
        CHECK_FALSE(it.memory.find("/s/a", stamp(4, 8)).has_value());
        CHECK_FALSE(it.memory.find("/s/a", stamp(5)).has_value());
        it.save();
        CHECK_FALSE(it.memory.has_unsaved());
    }
}

TEST_CASE("what is forgotten is not known again, under no name, before and after it is written") {
    Memory it;
    it.memory.learned("/s/a", stamp(4), digest_of("text"));
    it.save();
    it.memory.forget("/s/a");
    CHECK_FALSE(it.memory.find("/s/a", stamp(4)).has_value());
    CHECK_FALSE(it.memory.find("/s/b", stamp(4)).has_value());
    it.save();
    CHECK_FALSE(it.memory.find("/s/a", stamp(4)).has_value());
}

TEST_CASE("a newer hash of a path hides the one that was written") {
    Memory it;
    it.memory.learned("/s/a", stamp(4), digest_of("text"));
    it.save();
    it.memory.learned("/s/a", stamp(5, 9), digest_of("other"));
    CHECK_FALSE(it.memory.find("/s/a", stamp(4)).has_value());
    CHECK(it.memory.find("/s/a", stamp(5, 9))->sha1 == digest_of("other").sha1);
}

TEST_CASE("a missing file is remembered, and is no longer missing when it is found") {
    Memory it;
    it.memory.learned("/s/a", stamp(4), digest_of("text"));
    it.memory.learned("/s/b", stamp(4, 8), digest_of("more"));
    it.save();
    it.memory.missing("/s/a");
    it.memory.missing_in("/s", 100);
    it.save();
    FileStore store{it.world.database()};
    CHECK(store.file("/s/a")->missing);
    CHECK(store.file("/s/b")->missing);
    CHECK(it.memory.find("/s/a", stamp(4)).has_value());
    it.save();
    CHECK_FALSE(store.file("/s/a")->missing);
    CHECK(store.file("/s/b")->missing);
    it.memory.missing("/s/a");
    CHECK(it.memory.find("/s/a", stamp(4)).has_value());
    it.save();
    CHECK_FALSE(store.file("/s/a")->missing);
}

TEST_CASE("hashes that cannot be written are said, kept, and written as soon as that works") {
    Memory it;
    it.refuse(true);
    auto const digest = digest_of(std::string(9000, 'x'));
    it.memory.learned("/s/a", stamp(9000), digest);
    it.save();
    CHECK(it.memory.problem().find("cannot be remembered") != std::string::npos);
    CHECK(it.memory.has_unsaved());
    CHECK(it.memory.find("/s/a", stamp(9000)).has_value());
    // Reading well is no sign that writing works.
    CHECK_FALSE(it.memory.find("/s/z", stamp(1, 1)).has_value());
    CHECK_FALSE(it.memory.problem().empty());
    it.refuse(false);
    it.memory.save(HashMemory::Clock::now() + 2 * save_again_after, 100);
    CHECK(it.memory.problem().empty());
    FileStore store{it.world.database()};
    CHECK(store.file("/s/a").has_value());
    CHECK(store.tree(digest.sha1) == digest.tree);
}

TEST_CASE("a failed write is not repeated at once") {
    Memory it;
    it.refuse(true);
    it.memory.learned("/s/a", stamp(4), digest_of("text"));
    auto const start = HashMemory::Clock::now();
    it.memory.save(start, 100);
    CHECK(it.memory.next_save() > start);
    it.refuse(false);
    it.memory.save(start, 100);
    CHECK(it.memory.has_unsaved());
}

}  // namespace hash_memory_test
