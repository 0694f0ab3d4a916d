#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "node/base/bytes.hpp"

struct sqlite3;
struct sqlite3_stmt;

/// SQLite with destructors. One connection belongs to one thread at a time; rooms that share a file open one each.
namespace praline::store {

/// The disk, a lock or a damaged file. `what()` is a sentence that names the file.
class DatabaseError : public std::runtime_error {
public:
    DatabaseError(std::string const& sentence, int code) : std::runtime_error{sentence}, code_{code} {}
    /// The primary SQLite result code, e.g. SQLITE_FULL.
    [[nodiscard]] int code() const { return code_; }
    [[nodiscard]] bool is_disk_full() const;

private:
    int code_;
};

class Database;

/// A prepared statement. bind… from 1, then step(): true while there is a row; columns from 0.
class Statement {
public:
    Statement(Statement&&) noexcept = default;
    Statement& operator=(Statement&&) noexcept = default;

    Statement& bind(int at, std::int64_t value);
    Statement& bind(int at, std::string_view value);
    Statement& bind(int at, ByteView value);
    Statement& bind_null(int at);
    /// Not copied: the bytes must stay as they are until `reset` or `run` returns.
    Statement& bind_borrowed(int at, std::string_view value);
    Statement& bind_borrowed(int at, ByteView value);
    bool step();
    /// step() of a statement without rows, then reset: ready to be bound again.
    void run();
    void reset();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] Bytes blob(int column) const;
    /// Not copied: gone with the next step or reset.
    [[nodiscard]] ByteView blob_view(int column) const;
    [[nodiscard]] bool is_null(int column) const;

private:
    friend class Database;
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    Statement(Database* database, sqlite3_stmt* statement) : database_{database}, statement_{statement} {}
    Database* database_;
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class Database {
public:
    /// Opens or creates; write-ahead log, foreign keys on, waits up to `busy_ms_max` for other connections.
    explicit Database(std::string const& file);
    Database(Database const&) = delete;
    Database& operator=(Database const&) = delete;

    void run(std::string const& sql);
    [[nodiscard]] Statement prepare(std::string_view sql);
    [[nodiscard]] std::string const& file() const { return file_; }
    /// Rows changed by the last statement.
    [[nodiscard]] std::int64_t changes() const;

    static constexpr int busy_ms_max = 10'000;

private:
    friend class Statement;
    friend class Checkpointer;
    [[noreturn]] void fail(int code) const;
    struct Close {
        void operator()(sqlite3* handle) const;
    };
    std::string file_;
    std::unique_ptr<sqlite3, Close> handle_;
};

/// BEGIN IMMEDIATE, rolled back unless committed.
class Transaction {
public:
    explicit Transaction(Database& database);
    ~Transaction();
    Transaction(Transaction const&) = delete;
    Transaction& operator=(Transaction const&) = delete;
    void commit();

private:
    Database& database_;
    bool open_ = true;
};

}  // namespace praline::store
