#include "transfer/library/file_store.hpp"

#include <algorithm>

#include "transfer/library/limits.hpp"

namespace praline::library {
namespace {

constexpr char const* schema = R"(
CREATE TABLE IF NOT EXISTS library_folders (path BLOB PRIMARY KEY, virtual_name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS library_files (
    path BLOB PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, sha1 BLOB NOT NULL, root BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS library_files_sha1 ON library_files (sha1);
CREATE TABLE IF NOT EXISTS library_trees (
    sha1 BLOB PRIMARY KEY, size INTEGER NOT NULL, slice INTEGER NOT NULL, nodes BLOB NOT NULL);
)";

struct Column {
    char const *table, *name, *type;
};
/// Came later: an earlier version that opens the database again neither reads nor fills them.
constexpr Column added_columns[]{
    {"library_files", "ctime_ns", "INTEGER"},   {"library_files", "device", "INTEGER"},
    {"library_files", "inode", "INTEGER"},      {"library_files", "missing_since", "INTEGER"},
    {"library_folders", "origin", "TEXT"},      {"library_folders", "named", "BLOB"},
    {"library_folders", "confirmed", "INTEGER"}};
constexpr char const* indices = R"(
CREATE INDEX IF NOT EXISTS library_files_inode ON library_files (inode, size) WHERE inode IS NOT NULL;
CREATE INDEX IF NOT EXISTS library_files_missing ON library_files (missing_since) WHERE missing_since IS NOT NULL;
)";

constexpr char const* file_columns = "path, size, mtime_ns, ctime_ns, device, inode, sha1, root, missing_since";
constexpr char const* in_folder = " WHERE path >= ?1 AND path < ?2";
constexpr std::int64_t day_s = 86'400;

FolderOrigin origin_of(std::string_view word) {
    return word == "config" ? FolderOrigin::config : word == "user" ? FolderOrigin::user : FolderOrigin::unknown;
}

std::string_view word_of(FolderOrigin origin) {
    return origin == FolderOrigin::config ? "config" : origin == FolderOrigin::user ? "user" : "";
}

bool has_column(store::Database& database, Column const& column) {
    auto rows = database.prepare("SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2");
    rows.bind(1, std::string_view{column.table}).bind(2, std::string_view{column.name});
    return rows.step();
}

template <class Digest>
ByteView digest_bytes(Digest const& digest) {
    return std::as_bytes(std::span{digest.bytes});
}

template <class Digest>
bool read_digest(ByteView from, Digest& digest) {
    if (from.size() != digest.bytes.size()) return false;
    std::transform(from.begin(), from.end(), digest.bytes.begin(),
                   [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
    return true;
}

/// Every path in a folder lies between the two: "0" follows "/".
std::string first_in(std::string const& folder) { return folder + '/'; }
std::string after_last_in(std::string const& folder) { return folder + '0'; }

/// The tables must be there before statements on them can be prepared.
std::string with_schema(store::Database& database, std::string sql) {
    database.run(schema);
    for (Column const& column : added_columns)
        if (!has_column(database, column))
            database.run(std::string{"ALTER TABLE "} + column.table + " ADD COLUMN " + column.name + ' ' + column.type);
    database.run(indices);
    return sql;
}

std::string select_files(std::string const& where) {
    return std::string{"SELECT "} + file_columns + " FROM library_files WHERE " + where;
}

/// The row of `select_files`; empty when a digest in it is damaged.
std::optional<Remembered> remembered_in(store::Statement const& row) {
    Remembered file;
    Bytes const path = row.blob(0);
    file.path = std::string{as_text(path)};
    file.stamp.size_bytes = static_cast<std::uint64_t>(row.integer(1));
    file.stamp.mtime_ns = row.integer(2);
    file.stamp.ctime_ns = row.integer(3);
    file.stamp.device = static_cast<std::uint64_t>(row.integer(4));
    file.stamp.inode = static_cast<std::uint64_t>(row.integer(5));
    file.missing = !row.is_null(8);
    if (!read_digest(row.blob(6), file.sha1) || !read_digest(row.blob(7), file.tiger_root)) return std::nullopt;
    return file;
}

}  // namespace

FileStore::FileStore(std::string const& database)
    : database_{database},
      select_{database_.prepare(with_schema(database_, select_files("path = ?1")))},
      select_inode_{
          database_.prepare(select_files("inode = ?1 AND size = ?2 AND mtime_ns = ?3 AND ctime_ns = ?4 LIMIT ?5"))},
      insert_{database_.prepare(
          "INSERT OR REPLACE INTO library_files (path, size, mtime_ns, ctime_ns, device, inode, sha1, root) "
          "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")},
      delete_{database_.prepare("DELETE FROM library_files WHERE path = ?1")},
      miss_{database_.prepare("UPDATE library_files SET missing_since = ?2 WHERE path = ?1 AND missing_since IS NULL")},
      find_{database_.prepare("UPDATE library_files SET missing_since = NULL WHERE path = ?1")},
      insert_tree_{database_.prepare("INSERT OR REPLACE INTO library_trees (sha1, size, slice, nodes) "
                                     "VALUES (?1, ?2, ?3, ?4)")},
      select_tree_{database_.prepare("SELECT size, slice, nodes FROM library_trees WHERE sha1 = ?1")} {}

std::vector<StoredFolder> FileStore::folders() {
    std::vector<StoredFolder> all;
    auto rows =
        database_.prepare("SELECT path, virtual_name, origin, named, confirmed FROM library_folders ORDER BY path");
    while (rows.step()) {
        Bytes const path = rows.blob(0), named = rows.blob(3);
        all.push_back({std::string{as_text(path)}, rows.text(1), origin_of(rows.text(2)), std::string{as_text(named)},
                       rows.integer(4) != 0});
    }
    return all;
}

void FileStore::put_folder(StoredFolder const& folder) {
    database_
        .prepare(
            "INSERT OR REPLACE INTO library_folders (path, virtual_name, origin, named, confirmed) VALUES (?1, ?2, ?3, "
            "?4, ?5)")
        .bind(1, as_view(folder.path))
        .bind(2, std::string_view{folder.virtual_name})
        .bind(3, word_of(folder.origin))
        .bind(4, as_view(folder.named))
        .bind(5, std::int64_t{folder.confirmed})
        .run();
}

void FileStore::remove_folder(std::string const& path, std::int64_t now_s) {
    store::Transaction transaction{database_};
    database_.prepare("DELETE FROM library_folders WHERE path = ?1").bind(1, as_view(path)).run();
    set_all_missing(path, now_s);
    transaction.commit();
}

std::optional<Remembered> FileStore::file(std::string const& path) {
    select_.bind(1, as_view(path));
    std::optional<Remembered> found;
    if (select_.step()) found = remembered_in(select_);
    select_.reset();
    return found;
}

std::vector<Remembered> FileStore::files_of_inode(FileStamp const& stamp) {
    std::vector<Remembered> all;
    select_inode_.bind(1, static_cast<std::int64_t>(stamp.inode)).bind(2, static_cast<std::int64_t>(stamp.size_bytes));
    select_inode_.bind(3, stamp.mtime_ns).bind(4, stamp.ctime_ns).bind(5, same_inode_max);
    while (select_inode_.step())
        if (auto found = remembered_in(select_inode_)) all.push_back(std::move(*found));
    select_inode_.reset();
    return all;
}

void FileStore::put(std::string const& path, FileStamp const& stamp, Sha1 const& sha1, TigerHash const& root) {
    insert_.bind(1, as_view(path)).bind(2, static_cast<std::int64_t>(stamp.size_bytes)).bind(3, stamp.mtime_ns);
    insert_.bind(4, stamp.ctime_ns).bind(5, static_cast<std::int64_t>(stamp.device));
    if (stamp.inode == 0)
        insert_.bind_null(6);
    else
        insert_.bind(6, static_cast<std::int64_t>(stamp.inode));
    insert_.bind(7, digest_bytes(sha1)).bind(8, digest_bytes(root)).run();
}

void FileStore::put_tree(Sha1 const& sha1, content::TreeLevel const& tree) {
    if (tree.nodes.size() < 2) return;  // the root says it all
    ByteView const nodes = std::as_bytes(std::span{tree.nodes});
    insert_tree_.bind(1, digest_bytes(sha1)).bind(2, static_cast<std::int64_t>(tree.file_bytes));
    insert_tree_.bind(3, static_cast<std::int64_t>(tree.slice_bytes)).bind(4, nodes).run();
}

void FileStore::remove(std::string const& path) { delete_.bind(1, as_view(path)).run(); }
void FileStore::set_missing(std::string const& path, std::int64_t now_s) {
    miss_.bind(1, as_view(path)).bind(2, now_s).run();
}
void FileStore::set_present(std::string const& path) { find_.bind(1, as_view(path)).run(); }

void FileStore::settle(std::string const& folder, std::function<bool(std::string const&)> const& is_there,
                       std::int64_t now_s) {
    std::vector<std::string> gone, back;
    auto rows = database_.prepare(std::string{"SELECT path, missing_since FROM library_files"} + in_folder);
    rows.bind(1, as_view(first_in(folder))).bind(2, as_view(after_last_in(folder)));
    while (rows.step()) {
        Bytes const bytes = rows.blob(0);
        std::string path{as_text(bytes)};
        bool const there = is_there(path), noted = !rows.is_null(1);
        if (there == noted) (there ? back : gone).push_back(std::move(path));
    }
    rows.reset();
    store::Transaction transaction{database_};
    for (std::string const& path : gone) set_missing(path, now_s);
    for (std::string const& path : back) set_present(path);
    transaction.commit();
}

void FileStore::set_all_missing(std::string const& folder, std::int64_t now_s) {
    database_
        .prepare(std::string{"UPDATE library_files SET missing_since = ?3"} + in_folder + " AND missing_since IS NULL")
        .bind(1, as_view(first_in(folder)))
        .bind(2, as_view(after_last_in(folder)))
        .bind(3, now_s)
        .run();
}

bool FileStore::remembers_any(std::string const& folder) {
    auto rows = database_.prepare(std::string{"SELECT 1 FROM library_files"} + in_folder + " LIMIT 1");
    return rows.bind(1, as_view(first_in(folder))).bind(2, as_view(after_last_in(folder))).step();
}

void FileStore::expire(std::int64_t now_s) {
    store::Transaction transaction{database_};
    // A clock that was ahead when they went must not keep them forever.
    database_.prepare("UPDATE library_files SET missing_since = ?1 WHERE missing_since > ?1").bind(1, now_s).run();
    database_.prepare("DELETE FROM library_files WHERE missing_since < ?1")
        .bind(1, now_s - missing_days_max * day_s)
        .run();
    database_
        .prepare(
            "DELETE FROM library_files WHERE rowid IN (SELECT rowid FROM library_files WHERE missing_since IS NOT NULL "
            "ORDER BY missing_since DESC LIMIT -1 OFFSET ?1)")
        .bind(1, missing_files_max)
        .run();
    database_.run("DELETE FROM library_trees WHERE sha1 NOT IN (SELECT sha1 FROM library_files)");
    transaction.commit();
}

std::optional<content::TreeLevel> FileStore::tree(Sha1 const& sha1) {
    select_tree_.bind(1, digest_bytes(sha1));
    std::optional<content::TreeLevel> found;
    if (select_tree_.step()) {
        content::TreeLevel level;
        level.file_bytes = static_cast<std::uint64_t>(select_tree_.integer(0));
        level.slice_bytes = static_cast<std::uint64_t>(select_tree_.integer(1));
        Bytes const nodes = select_tree_.blob(2);
        level.nodes.resize(nodes.size() / sizeof(TigerHash));
        ByteView rest = nodes;
        for (TigerHash& node : level.nodes) {
            (void)read_digest(rest.first(sizeof(TigerHash)), node);
            rest = rest.subspan(sizeof(TigerHash));
        }
        found = std::move(level);
    }
    select_tree_.reset();
    return found;
}

}  // namespace praline::library
