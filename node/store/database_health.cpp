#include "node/store/database_health.hpp"

#include <sqlite3.h>

#include <atomic>
#include <filesystem>

#include "node/base/text.hpp"

namespace praline::store {
namespace {

std::int64_t number_of(Database& database, std::string_view sql) {
    auto statement = database.prepare(sql);
    return statement.step() ? statement.integer(0) : 0;
}

/// As a file: URI of SQLite has it; slashes stay.
std::string uri_path(std::string const& path) {
    std::string uri;
    for (std::size_t begin = 0; begin <= path.size();) {
        auto const end = std::min(path.find('/', begin), path.size());
        uri += percent_encode(std::string_view{path}.substr(begin, end - begin));
        if (end < path.size()) uri += '/';
        begin = end + 1;
    }
    return uri;
}

struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};
using Handle = std::unique_ptr<sqlite3, Close>;

Handle open(std::string const& uri, int flags) {
    sqlite3* handle = nullptr;
    int const code = sqlite3_open_v2(uri.c_str(), &handle, flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
    Handle opened{handle};
    if (code != SQLITE_OK) return nullptr;
    return opened;
}

}  // namespace

bool is_damage(DatabaseError const& error) noexcept {
    return error.code() == SQLITE_CORRUPT || error.code() == SQLITE_NOTADB;
}
bool is_lock(DatabaseError const& error) noexcept {
    return error.code() == SQLITE_BUSY || error.code() == SQLITE_LOCKED;
}
bool is_forbidden(DatabaseError const& error) noexcept {
    return error.code() == SQLITE_READONLY || error.code() == SQLITE_CANTOPEN || error.code() == SQLITE_PERM ||
           error.code() == SQLITE_AUTH;
}

std::int64_t look_through(std::string const& file) {
    Database database{file};
    std::error_code error;
    auto const bytes = std::filesystem::file_size(file, error);
    if (!error && bytes <= looked_through_bytes_max) {
        auto rows = database.prepare("PRAGMA quick_check(1)");
        auto const answer = rows.step() ? rows.text(0) : "no answer";
        if (answer != "ok")
            throw DatabaseError{"The database " + file + " cannot be used: " + answer + ".", SQLITE_CORRUPT};
    }
    return number_of(database, "PRAGMA user_version");
}

void try_to_write(std::string const& file, std::uint64_t bytes) {
    Database database{file};
    database.run(
        "BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS written_at_start (x); INSERT INTO written_at_start VALUES "
        "(zeroblob(" +
        std::to_string(bytes) + ")); COMMIT; DROP TABLE written_at_start;");
}

struct MemoryCopy::Impl {
    std::string name;
    Handle keeper;  ///< the content lives as long as somebody has it open
};

MemoryCopy::MemoryCopy(std::string const& file) : impl_{std::make_unique<Impl>()} {
    static std::atomic<unsigned> copies{0};
    impl_->name = "file:/praline-copy-" + std::to_string(++copies) + "?vfs=memdb";
    impl_->keeper = open(impl_->name, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (!impl_->keeper)
        throw DatabaseError{"There is no memory for a copy of the database " + file + ".", SQLITE_NOMEM};
    // Without its log, whose index would have to be written; what a program ended well has left is in the file.
    auto const source = open("file:" + uri_path(std::filesystem::absolute(file).string()) + "?mode=ro&immutable=1",
                             SQLITE_OPEN_READONLY);
    if (!source) return;
    // Page by page it would keep the mark of a write-ahead log, which memory has none of. What fails leaves less, or nothing.
    sqlite3_exec(source.get(), ("VACUUM INTO '" + impl_->name + "'").c_str(), nullptr, nullptr, nullptr);
}

MemoryCopy::~MemoryCopy() = default;
MemoryCopy::MemoryCopy(MemoryCopy&&) noexcept = default;
std::string const& MemoryCopy::name() const { return impl_->name; }

}  // namespace praline::store
