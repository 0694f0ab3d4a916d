#include "node/store/database_health.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

namespace database_health_test {
using namespace praline;
using namespace praline::store;
namespace fs = std::filesystem;

namespace {

struct Folder {
    fs::path path =
        fs::temp_directory_path() / ("praline-health-test-" + std::to_string(::getpid()) + ", with ? and %20");
    Folder() {
        fs::remove_all(path);
        fs::create_directories(path);
    }
    ~Folder() { fs::remove_all(path); }
    [[nodiscard]] std::string file() const { return (path / "some.db").string(); }
};

void fill(std::string const& file, int rows) {
    Database database{file};
    database.run("CREATE TABLE things (name TEXT PRIMARY KEY)");
    Transaction transaction{database};
    auto insert = database.prepare("INSERT INTO things VALUES (?)");
    for (int i = 0; i < rows; ++i) insert.bind(1, std::string_view{"a thing with number " + std::to_string(i)}).run();
    transaction.commit();
}

std::int64_t count(std::string const& file) {
    Database database{file};
    auto rows = database.prepare("SELECT count(*) FROM things");
    return rows.step() ? rows.integer(0) : -1;
}

bool is_found_damaged(std::string const& file) {
    try {
        (void)look_through(file);
        return false;
    } catch (DatabaseError const& error) {
        return is_damage(error) && !is_lock(error) && !is_forbidden(error) && !error.is_disk_full();
    }
}

}  // namespace

TEST_CASE("a sound database is said to be sound, and so is one that is new") {
    Folder const folder;
    CHECK(look_through(folder.file()) == 0);
    fill(folder.file(), 3000);
    CHECK(look_through(folder.file()) == 0);
    Database{folder.file()}.run("PRAGMA user_version = 12");
    CHECK(look_through(folder.file()) == 12);
    try_to_write(folder.file(), written_at_start_bytes);
    CHECK(count(folder.file()) == 3000);
}

TEST_CASE("damage is found before anything relies on the file") {
    Folder const folder;
    fill(folder.file(), 3000);
    auto const whole = fs::file_size(folder.file());
    REQUIRE(whole > 100'000);
    SECTION("cut short") {
        for (auto const size : {whole / 2, whole - 4096, std::uintmax_t{20'000}, std::uintmax_t{5000}}) {
            INFO(size);
            fs::resize_file(folder.file(), size);
            CHECK(is_found_damaged(folder.file()));
        }
    }
    SECTION("overwritten in the middle") {
        std::fstream file{folder.file(), std::ios::in | std::ios::out | std::ios::binary};
        file.seekp(static_cast<std::streamoff>(whole / 2));
        file << std::string(20'000, 'x');
        file.close();
        CHECK(is_found_damaged(folder.file()));
    }
    SECTION("no database at all") {
        std::ofstream{folder.file()} << std::string(8192, 'x');
        CHECK(is_found_damaged(folder.file()));
    }
}

TEST_CASE("garbage in place of the log loses the log alone") {
    Folder const folder;
    fill(folder.file(), 100);
    std::ofstream{folder.file() + "-wal"} << std::string(10'000, 'x');
    std::ofstream{folder.file() + "-shm"} << std::string(10'000, 'y');
    CHECK(look_through(folder.file()) == 0);
    CHECK(count(folder.file()) == 100);
}

TEST_CASE("a copy in memory has the content of the file, is one for all who open it, and leaves the file alone") {
    Folder const folder;
    fill(folder.file(), 100);
    {
        MemoryCopy const copy{folder.file()};
        CHECK(count(copy.name()) == 100);
        Database{copy.name()}.run("DELETE FROM things WHERE name LIKE '%7'");
        CHECK(count(copy.name()) == 90);
        MemoryCopy const other{folder.file()};
        CHECK(other.name() != copy.name());
        CHECK(count(other.name()) == 100);
    }
    CHECK(count(folder.file()) == 100);
}

TEST_CASE("a copy in memory of what is not there, or no database, begins empty") {
    Folder const folder;
    MemoryCopy const none{folder.file()};
    fill(none.name(), 1);
    CHECK(count(none.name()) == 1);
    CHECK_FALSE(fs::exists(folder.file()));
    std::ofstream{folder.file()} << "this is no database, but long enough to be looked at by somebody who has the time";
    MemoryCopy const bad{folder.file()};
    fill(bad.name(), 2);
    CHECK(count(bad.name()) == 2);
}

}  // namespace database_health_test
