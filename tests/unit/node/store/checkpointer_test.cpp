#include "node/store/checkpointer.hpp"

#include <unistd.h>

#include <filesystem>
#include <string>
#include <thread>

#include <catch2/catch.hpp>

namespace checkpointer_test {
using namespace praline;
namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t page_bytes = 4096, frame_bytes = page_bytes + 24;

struct Folder {
    std::string path =
        (fs::temp_directory_path() / ("praline-checkpointer-test-" + std::to_string(::getpid()))).string();
    Folder() { fs::create_directories(path); }
    ~Folder() { fs::remove_all(path); }
    [[nodiscard]] std::string file() const { return path + "/x.db"; }
    [[nodiscard]] std::uintmax_t log_bytes() const { return fs::file_size(path + "/x.db-wal"); }
};

/// A transaction over one page or two.
void write_page(store::Database& database) {
    database.prepare("INSERT INTO t VALUES (?)").bind(1, ByteView{Bytes(3000, std::byte{7})}).run();
}

void wait_for(store::Checkpointer const& checkpoints) {
    while (checkpoints.busy()) std::this_thread::yield();
}

}  // namespace

TEST_CASE("who waits while the log is brought into the file keeps the log short") {
    Folder folder;
    store::Database database{folder.file()};
    store::Checkpointer checkpoints{database};
    database.run("CREATE TABLE t (a BLOB)");
    bool was_busy = false;
    for (int i = 0; i < 2 * store::Checkpointer::pages_wanted; ++i) {
        write_page(database);
        was_busy |= checkpoints.busy();
        wait_for(checkpoints);
    }
    REQUIRE(was_busy);
    REQUIRE(folder.log_bytes() <= 2 * store::Checkpointer::pages_wanted * frame_bytes);
    REQUIRE(fs::file_size(folder.file()) >= store::Checkpointer::pages_wanted * page_bytes);
}

TEST_CASE("nothing is brought into the file before it is worth while, and a writer need not wait") {
    Folder folder;
    store::Database database{folder.file()};
    {
        store::Checkpointer checkpoints{database};
        database.run("CREATE TABLE t (a BLOB)");
        for (int i = 0; i < store::Checkpointer::pages_wanted / 4; ++i) write_page(database);
        REQUIRE_FALSE(checkpoints.busy());
        REQUIRE(fs::file_size(folder.file()) <= page_bytes);
        for (int i = 0; i < 2 * store::Checkpointer::pages_max; ++i) write_page(database);
        wait_for(checkpoints);
        write_page(database);  // the log may begin anew with it
        REQUIRE(folder.log_bytes() <= 2 * store::Checkpointer::pages_max * frame_bytes);
    }
    write_page(database);
    auto rows = database.prepare("SELECT count(*) FROM t");
    REQUIRE(rows.step());
    REQUIRE(rows.integer(0) == store::Checkpointer::pages_wanted / 4 + 2 * store::Checkpointer::pages_max + 2);
}

TEST_CASE("it ends while it is at it, and what was written is there") {
    Folder folder;
    std::int64_t written = 0;
    for (int round = 0; round < 3; ++round) {
        store::Database database{folder.file()};
        store::Checkpointer checkpoints{database};
        database.run("CREATE TABLE IF NOT EXISTS t (a BLOB)");
        for (; !checkpoints.busy(); ++written) write_page(database);
    }
    store::Database database{folder.file()};
    auto rows = database.prepare("SELECT count(*) FROM t");
    REQUIRE(rows.step());
    REQUIRE(rows.integer(0) == written);
}

}  // namespace checkpointer_test
