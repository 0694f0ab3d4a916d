#include "index/catalogue/schema.hpp"

#include <sqlite3.h>

namespace praline::index::catalogue {
namespace {

constexpr std::int64_t application_id = 0x50726C69;  // "Prli"
constexpr int page_bytes = 4096;
constexpr int word_page_bytes = 4050;               // of the full text index, to fit
constexpr int word_segments_merged = 8;             // twice the default: a little slower to read, less to write
constexpr int log_pages = (64 << 20) / page_bytes;  // 64 MiB of log before it is put into the file

// file.body and entry.own: file_record.hpp. entry.variant: place in the file's variants, or -1 and `own`. source.place: source_table.hpp. source_log: source_ledger.hpp.
// slot.state: publisher_table.hpp. word: terms of files (word_terms.hpp), numbered as ranking.hpp says; it keeps no text and no positions.
constexpr char const* tables = R"(
    CREATE TABLE publisher (
        number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, address INTEGER, port INTEGER, servent BLOB, push INTEGER,
        agent BLOB, era INTEGER, version INTEGER, digest_low INTEGER, digest_high INTEGER, entries INTEGER,
        claim_number INTEGER, claim_owner INTEGER, slot INTEGER);
    CREATE TABLE slot (slot INTEGER PRIMARY KEY, publisher INTEGER, state INTEGER NOT NULL);
    CREATE INDEX slot_by_state ON slot (state) WHERE state <> 0;
    CREATE TABLE entry (slot INTEGER, sha1 BLOB, file INTEGER, variant INTEGER, own BLOB, PRIMARY KEY (slot, sha1)) WITHOUT ROWID;
    CREATE TABLE file (file INTEGER PRIMARY KEY, body BLOB NOT NULL);
    CREATE TABLE source (file INTEGER, place INTEGER, slot INTEGER, PRIMARY KEY (file, place, slot)) WITHOUT ROWID;
    CREATE TABLE source_log (row INTEGER PRIMARY KEY, steps BLOB NOT NULL);
    CREATE TABLE total (row INTEGER PRIMARY KEY, publishers INTEGER, files INTEGER, entries INTEGER);
    INSERT INTO total VALUES (1, 0, 0, 0);
    CREATE VIRTUAL TABLE word USING fts5(text, content='', columnsize=0, detail=none, tokenize='ascii');
)";

constexpr char const* kept_table = "CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID";
// Of all formats so far; those of the full text index go with it.
constexpr char const* older_tables[]{"publisher", "slot",   "entry",      "file",  "file_by_sha1",
                                     "holder",    "source", "source_log", "total", "word"};

std::int64_t number_of(store::Database& database, std::string_view sql) {
    auto statement = database.prepare(sql);
    return statement.step() ? statement.integer(0) : 0;
}

bool is_empty(store::Database& database) { return number_of(database, "SELECT count(*) FROM sqlite_schema") == 0; }

void create(store::Database& database) {
    database.run(kept_table);
    database.run(tables);
    database.run("INSERT INTO word (word, rank) VALUES ('pgsz', " + std::to_string(word_page_bytes) + ")");
    database.run("INSERT INTO word (word, rank) VALUES ('automerge', " + std::to_string(word_segments_merged) + ")");
    database.run("PRAGMA application_id = " + std::to_string(application_id));
    database.run("PRAGMA user_version = " + std::to_string(catalogue_format));
}

}  // namespace

void prepare_schema(store::Database& database) {
    // The size of pages stays once there is a log.
    if (is_empty(database))
        database.run("PRAGMA journal_mode = DELETE; PRAGMA page_size = " + std::to_string(page_bytes) +
                     "; VACUUM; PRAGMA journal_mode = WAL");
    store::Transaction transaction{database};
    if (is_empty(database)) create(database);
    if (number_of(database, "PRAGMA application_id") != application_id)
        throw CatalogueError{"The file " + database.file() +
                             " is not a catalogue of an index server. Choose another data directory."};
    auto const format = number_of(database, "PRAGMA user_version");
    if (format > catalogue_format)
        throw CatalogueError{"The catalogue " + database.file() + " is of format " + std::to_string(format) +
                             ", this program knows format " + std::to_string(catalogue_format) +
                             ". Use a newer praline, or move the file away and begin anew."};
    if (format < catalogue_format) {
        for (auto const* table : older_tables) database.run(std::string{"DROP TABLE IF EXISTS "} + table);
        create(database);
    }
    transaction.commit();
}

void tune(store::Database& database, std::size_t cache_bytes) {
    database.run("PRAGMA cache_size = -" + std::to_string(cache_bytes >> 10U));
    database.run("PRAGMA wal_autocheckpoint = " + std::to_string(log_pages));
}

CatalogueError explained(store::DatabaseError const& error, std::string const& file) {
    switch (error.code()) {
        case SQLITE_FULL:
            return CatalogueError{"There is no space left for the catalogue " + file +
                                  ". Free some; nothing was written by half."};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return CatalogueError{"The catalogue " + file +
                                  " is damaged. Move it away and start again: other servers and the publishers "
                                  "bring back what it held."};
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return CatalogueError{"The catalogue " + file +
                                  " cannot be opened for writing. Look at the permissions of its folder."};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return CatalogueError{"Another program holds the catalogue " + file +
                                  ". Two servers need two data directories."};
        default: return CatalogueError{"The catalogue cannot be used. " + std::string{error.what()}};
    }
}

void fail_as_damaged(std::string const& file) {
    throw store::DatabaseError{"The catalogue " + file + " contradicts itself.", SQLITE_CORRUPT};
}

}  // namespace praline::index::catalogue
