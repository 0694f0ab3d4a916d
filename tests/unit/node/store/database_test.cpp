#include "node/store/database.hpp"

#include <unistd.h>

#include <filesystem>

#include <catch2/catch.hpp>

namespace database_test {
using namespace praline;

namespace {

struct Folder {
    std::string path =
        (std::filesystem::temp_directory_path() / ("praline-store-test-" + std::to_string(::getpid()))).string();
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() { std::filesystem::remove_all(path); }
};

std::int64_t count(store::Database& database) {
    auto rows = database.prepare("SELECT count(*) FROM t");
    REQUIRE(rows.step());
    return rows.integer(0);
}

}  // namespace

TEST_CASE("values come back as they were put in") {
    Folder folder;
    store::Database database{folder.path + "/x.db"};
    database.run("CREATE TABLE t (a INTEGER, b TEXT, c BLOB, d TEXT)");
    Bytes const blob{std::byte{0}, std::byte{255}};
    database.prepare("INSERT INTO t VALUES (?, ?, ?, ?)")
        .bind(1, std::int64_t{-5})
        .bind(2, std::string_view{"a\0b", 3})
        .bind(3, ByteView{blob})
        .bind_null(4)
        .run();
    auto rows = database.prepare("SELECT a, b, c, d FROM t");
    REQUIRE(rows.step());
    REQUIRE(rows.integer(0) == -5);
    REQUIRE(rows.text(1) == std::string{"a\0b", 3});
    REQUIRE(rows.blob(2) == blob);
    REQUIRE(rows.is_null(3));
    REQUIRE_FALSE(rows.step());
}

TEST_CASE("values that are lent come back as they were when the statement ran") {
    Folder folder;
    store::Database database{folder.path + "/x.db"};
    database.run("CREATE TABLE t (a TEXT, b BLOB)");
    std::string text{"a\0b", 3};
    Bytes blob{std::byte{0}, std::byte{255}};
    database.prepare("INSERT INTO t VALUES (?, ?)")
        .bind_borrowed(1, std::string_view{text})
        .bind_borrowed(2, ByteView{blob})
        .run();
    text.assign("new");
    blob.assign(2, std::byte{7});
    auto rows = database.prepare("SELECT a, b, x'' FROM t");
    REQUIRE(rows.step());
    REQUIRE(rows.text(0) == std::string{"a\0b", 3});
    auto const bytes = rows.blob_view(1);
    REQUIRE(Bytes{bytes.begin(), bytes.end()} == Bytes{std::byte{0}, std::byte{255}});
    REQUIRE(rows.blob_view(2).empty());
}

TEST_CASE("a transaction that is not committed leaves nothing behind") {
    Folder folder;
    store::Database database{folder.path + "/x.db"};
    database.run("CREATE TABLE t (a INTEGER)");
    {
        store::Transaction transaction{database};
        database.run("INSERT INTO t VALUES (1)");
    }
    REQUIRE(count(database) == 0);
    {
        store::Transaction transaction{database};
        database.run("INSERT INTO t VALUES (1)");
        transaction.commit();
    }
    REQUIRE(count(database) == 1);
}

TEST_CASE("trouble is a sentence that names the file") {
    Folder folder;
    REQUIRE_THROWS_WITH(store::Database{folder.path + "/no/such/folder.db"},
                        Catch::Contains("folder.db cannot be used"));
    store::Database database{folder.path + "/x.db"};
    REQUIRE_THROWS_AS(database.run("nonsense"), store::DatabaseError);
}

}  // namespace database_test
