#include <sys/resource.h>

#include <csignal>
#include <fstream>

#include <catch2/catch.hpp>

#include "node/store/database.hpp"
#include "unit/index/catalogue/scene.hpp"

namespace file_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::catalogue;
using Catch::Matchers::Contains;

TEST_CASE("a catalogue of a newer format is refused with a sentence that says so") {
    Scene scene;
    scene.close();
    store::Database{scene.file}.run("PRAGMA user_version = 99");
    CHECK_THROWS_WITH(open_sqlite_catalogue(scene.file), Contains("format 99") && Contains(scene.file));
    CHECK_THROWS_AS(open_sqlite_catalogue(scene.file), CatalogueError);
}

TEST_CASE("a catalogue of an older format is emptied, and what its server keeps of itself stays") {
    Scene scene;
    scene.writer->keep("id", "seven");
    publish(scene, publisher_of(1), {entry_of(1, "cake")});
    scene.close();
    store::Database{scene.file}.run(
        "PRAGMA user_version = 1; DROP TABLE source; CREATE TABLE holder (file INTEGER, slot INTEGER)");
    scene.open();
    CHECK(scene.writer->kept("id") == "seven");
    CHECK(scene.writer->records().empty());
    CHECK(names_found(scene, words("cake")).empty());
    publish(scene, publisher_of(1), {entry_of(1, "cake")});
    scene.reopen();
    CHECK(names_found(scene, words("cake")) == Names{"cake"});
}

TEST_CASE("a file that is no database, or another program's, is refused and left alone") {
    Scene scene;
    scene.close();
    std::string const text(8192, 'x');
    std::ofstream{scene.file, std::ios::binary | std::ios::trunc} << text;
    CHECK_THROWS_WITH(open_sqlite_catalogue(scene.file), Contains("damaged"));
    CHECK(std::filesystem::file_size(scene.file) == text.size());
    std::filesystem::remove(scene.file);
    store::Database{scene.file}.run("CREATE TABLE theirs (a)");
    CHECK_THROWS_WITH(open_sqlite_catalogue(scene.file), Contains("not a catalogue"));
    CHECK_NOTHROW(store::Database{scene.file}.run("SELECT * FROM theirs"));
    CHECK_THROWS_AS(open_sqlite_catalogue("/nowhere/at/all.db"), CatalogueError);
}

TEST_CASE("damage that is met while it is used is a sentence, not a crash") {
    Scene scene;
    publish(scene, publisher_of(1), {entry_of(1, "cake"), entry_of(2, "tart")});
    scene.close();
    store::Database{scene.file}.run("CREATE TABLE whole AS SELECT * FROM file; UPDATE file SET body = x'0102'");
    CHECK_THROWS_WITH(scene.open(), Contains("damaged"));  // all files are read at the start
    scene.close();
    store::Database{scene.file}.run("REPLACE INTO file SELECT * FROM whole; DELETE FROM source");
    CHECK_THROWS_WITH(scene.open(), Contains("damaged"));
    scene.close();
    store::Database{scene.file}.run("INSERT INTO source SELECT file, variant, slot FROM entry");
    scene.open();
    store::Database{scene.file}.run("UPDATE file SET body = x'0102'");
    CHECK_THROWS_WITH(scene.reader->search(words("cake")), Contains("damaged"));
    CHECK_THROWS_AS(scene.reader->entries_after(publisher_of(1).id, std::nullopt, 9), CatalogueError);
    CHECK_THROWS_AS(scene.writer->apply(publisher_of(1), {}, {{1, 1}, {1, 2}, false, {sha1_of(1)}, {}}),
                    CatalogueError);
    CHECK(scene.writer->records().size() == 1);
    publish(scene, publisher_of(2), {entry_of(9, "pie")});
    CHECK(names_found(scene, words("pie")) == Names{"pie"});
}

namespace {

/// While it lives, no file grows beyond so many bytes.
class SmallDisk {
public:
    explicit SmallDisk(rlim_t bytes) : old_action_{std::signal(SIGXFSZ, SIG_IGN)} {
        REQUIRE(::getrlimit(RLIMIT_FSIZE, &old_limit_) == 0);
        rlimit const small{bytes, old_limit_.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    }
    ~SmallDisk() {
        ::setrlimit(RLIMIT_FSIZE, &old_limit_);
        std::signal(SIGXFSZ, old_action_);
    }
    SmallDisk(SmallDisk const&) = delete;
    SmallDisk& operator=(SmallDisk const&) = delete;

private:
    void (*old_action_)(int);
    rlimit old_limit_{};
};

}  // namespace

TEST_CASE("sources that were about to settle when the disk was full are there after a restart") {
    CatalogueLimits limits;
    limits.waiting_sources_max = 100;
    Scene scene{limits};
    std::vector<Entry> entries;
    for (unsigned i = 0; i < 400; ++i)
        entries.push_back({{}, {}, i, "plum" + std::to_string(i)}),
            entries.back().sha1.bytes[1] = static_cast<std::uint8_t>(i),
            entries.back().sha1.bytes[2] = static_cast<std::uint8_t>(i >> 8U);
    publish(scene, publisher_of(1), entries);
    publish(scene, publisher_of(2), entries);
    {
        SmallDisk const disk{std::filesystem::file_size(scene.file + "-wal") + 10'000};
        CHECK_THROWS_AS(publish(scene, publisher_of(3), {entries.begin(), entries.begin() + 40}), CatalogueError);
    }
    // The round ends, and its log is dropped.
    for (unsigned i = 4; i < 6; ++i) publish(scene, publisher_of(i), {entries.begin(), entries.begin() + 150});
    scene.reopen();
    for (unsigned i = 0; i < entries.size(); ++i)
        REQUIRE(scene.reader->search(words("plum" + std::to_string(i))).rows.at(0).sources_known == (i < 150 ? 4 : 2));
}

TEST_CASE("a disk that takes no more leaves nothing half written, and all goes on when it does again") {
    Scene scene;
    auto const before = publish(scene, publisher_of(1), {entry_of(1, "cake")}).record;
    std::vector<Entry> many;
    for (unsigned i = 2; i < 3000; ++i)
        many.push_back({{}, {}, i, "plum number " + std::to_string(i)}),
            many.back().sha1.bytes[3] = static_cast<std::uint8_t>(i),
            many.back().sha1.bytes[7] = static_cast<std::uint8_t>(i >> 8U);
    Change const change{{1, 1}, {1, 2}, false, {sha1_of(1)}, many};
    {
        SmallDisk const disk{200'000};
        CHECK_THROWS_AS(scene.writer->apply(publisher_of(1), {}, change), CatalogueError);
    }
    CHECK(bool{scene.writer->records() == std::vector<Record>{before}});
    CHECK(names_found(scene, words("cake")) == Names{"cake"});
    CHECK(names_found(scene, words("plum")).empty());
    CHECK(bool{scene.writer->apply(publisher_of(1), {}, change).outcome == ApplyOutcome::applied});
    CHECK(names_found(scene, words("cake")).empty());
    CHECK(names_found(scene, words("plum 2999")) == Names{"plum number 2999"});
    CHECK(scene.reader->size().files == many.size());
}

}  // namespace file_test
