#include "node/store/database.hpp"

#include <sqlite3.h>

#include <limits>

#include "node/base/check.hpp"

namespace praline::store {

bool DatabaseError::is_disk_full() const { return code_ == SQLITE_FULL || code_ == SQLITE_IOERR; }

namespace {

/// SQLite counts what it allocates under a lock of all threads; nobody asks for the sum. Refused once it is in use: no harm.
bool without_statistics() {
    static bool const done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK;
    return done;
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void Database::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }

Statement& Statement::bind(int at, std::int64_t value) {
    check(sqlite3_bind_int64(statement_.get(), at, value) == SQLITE_OK);
    return *this;
}

Statement& Statement::bind(int at, std::string_view value) {
    check(sqlite3_bind_text64(statement_.get(), at, value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8) ==
          SQLITE_OK);
    return *this;
}

Statement& Statement::bind(int at, ByteView value) {
    check(sqlite3_bind_blob64(statement_.get(), at, value.data(), value.size(), SQLITE_TRANSIENT) == SQLITE_OK);
    return *this;
}

Statement& Statement::bind_borrowed(int at, std::string_view value) {
    check(sqlite3_bind_text64(statement_.get(), at, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8) ==
          SQLITE_OK);
    return *this;
}

Statement& Statement::bind_borrowed(int at, ByteView value) {
    check(sqlite3_bind_blob64(statement_.get(), at, value.data(), value.size(), SQLITE_STATIC) == SQLITE_OK);
    return *this;
}

Statement& Statement::bind_null(int at) {
    check(sqlite3_bind_null(statement_.get(), at) == SQLITE_OK);
    return *this;
}

bool Statement::step() {
    int const code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    sqlite3_reset(statement_.get());
    database_->fail(code);
}

void Statement::run() {
    while (step()) {}
    reset();
}

void Statement::reset() {
    sqlite3_reset(statement_.get());
    sqlite3_clear_bindings(statement_.get());
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }

std::string Statement::text(int column) const {
    auto const* const text = reinterpret_cast<char const*>(sqlite3_column_text(statement_.get(), column));
    if (text == nullptr) return {};
    return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

Bytes Statement::blob(int column) const {
    auto const bytes = blob_view(column);
    return {bytes.begin(), bytes.end()};
}

ByteView Statement::blob_view(int column) const {
    auto const* const data = static_cast<std::byte const*>(sqlite3_column_blob(statement_.get(), column));
    auto const size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
    return data == nullptr ? ByteView{} : ByteView{data, size};
}

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

Database::Database(std::string const& file) : file_{file} {
    static_cast<void>(without_statistics());
    sqlite3* handle = nullptr;
    int const code =
        sqlite3_open_v2(file.c_str(), &handle,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, nullptr);
    handle_.reset(handle);
    if (code != SQLITE_OK) fail(code);
    sqlite3_busy_timeout(handle, busy_ms_max);
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;");
}

void Database::run(std::string const& sql) {
    int const code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code);
}

Statement Database::prepare(std::string_view sql) {
    check(sql.size() < static_cast<std::size_t>(std::numeric_limits<int>::max()));
    sqlite3_stmt* statement = nullptr;
    int const code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) fail(code);
    return {this, statement};
}

std::int64_t Database::changes() const { return sqlite3_changes64(handle_.get()); }

void Database::fail(int code) const {
    std::string const why = handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code);
    throw DatabaseError{"The database " + file_ + " cannot be used: " + why + ".", code & 0xFF};
}

Transaction::Transaction(Database& database) : database_{database} { database_.run("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
    if (!open_) return;
    try {
        database_.run("ROLLBACK");
    } catch (DatabaseError const&) {
        // A failed statement may have rolled the transaction back already; there is nothing left to undo.
    }
}

void Transaction::commit() {
    database_.run("COMMIT");
    open_ = false;
}

}  // namespace praline::store
