#include "transfer/library/file_store.hpp"

#include <algorithm>

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

template <class Digest>
ByteView octets(Digest const& digest) {
    return std::as_bytes(std::span{digest.bytes});
}

template <class Digest>
bool read_digest(ByteView from, Digest& digest) {
    if (from.size() != digest.bytes.size()) return false;
    std::transform(from.begin(), from.end(), digest.bytes.begin(),
                   [](std::byte octet) { return std::to_integer<std::uint8_t>(octet); });
    return true;
}

/// Every path in a folder lies between the two: "0" follows "/".
std::string first_in(std::string const& folder) { return folder + '/'; }
std::string after_last_in(std::string const& folder) { return folder + '0'; }

/// The tables must be there before statements on them can be prepared.
std::string const& with_schema(store::Database& database, std::string const& sql) {
    database.run(schema);
    return sql;
}

}  // namespace

FileStore::FileStore(std::string const& database)
    : database_{database},
      select_{database_.prepare(
          with_schema(database_, "SELECT size, mtime_ns, sha1, root FROM library_files WHERE path = ?1"))},
      insert_{database_.prepare("INSERT OR REPLACE INTO library_files (path, size, mtime_ns, sha1, root) "
                                "VALUES (?1, ?2, ?3, ?4, ?5)")},
      delete_{database_.prepare("DELETE FROM library_files WHERE path = ?1")},
      insert_tree_{database_.prepare("INSERT OR REPLACE INTO library_trees (sha1, size, slice, nodes) "
                                     "VALUES (?1, ?2, ?3, ?4)")},
      select_tree_{database_.prepare("SELECT size, slice, nodes FROM library_trees WHERE sha1 = ?1")} {}

std::vector<StoredFolder> FileStore::folders() {
    std::vector<StoredFolder> all;
    auto rows = database_.prepare("SELECT path, virtual_name FROM library_folders ORDER BY path");
    while (rows.step()) {
        Bytes const path = rows.blob(0);
        all.push_back({std::string{as_text(path)}, rows.text(1)});
    }
    return all;
}

void FileStore::add_folder(StoredFolder const& folder) {
    database_.prepare("INSERT OR REPLACE INTO library_folders (path, virtual_name) VALUES (?1, ?2)")
        .bind(1, as_view(folder.path)).bind(2, std::string_view{folder.virtual_name}).run();
}

void FileStore::remove_folder(std::string const& path) {
    store::Transaction transaction{database_};
    database_.prepare("DELETE FROM library_folders WHERE path = ?1").bind(1, as_view(path)).run();
    database_.prepare("DELETE FROM library_files WHERE path >= ?1 AND path < ?2")
        .bind(1, as_view(first_in(path))).bind(2, as_view(after_last_in(path))).run();
    transaction.commit();
}

std::optional<Remembered> FileStore::file(std::string const& path) {
    select_.bind(1, as_view(path));
    std::optional<Remembered> found;
    if (select_.step()) {
        Remembered row;
        row.size_bytes = static_cast<std::uint64_t>(select_.integer(0));
        row.mtime_ns = select_.integer(1);
        if (read_digest(select_.blob(2), row.sha1) && read_digest(select_.blob(3), row.tiger_root)) found = row;
    }
    select_.reset();
    return found;
}

void FileStore::put(std::string const& path, std::int64_t mtime_ns, content::FileDigest const& digest) {
    TigerHash const root = digest.tree.root();
    auto const size = static_cast<std::int64_t>(digest.tree.file_bytes);
    insert_.bind(1, as_view(path)).bind(2, size).bind(3, mtime_ns);
    insert_.bind(4, octets(digest.sha1)).bind(5, octets(root)).run();
    if (digest.tree.nodes.size() < 2) return;  // the root says it all
    ByteView const nodes = std::as_bytes(std::span{digest.tree.nodes});
    insert_tree_.bind(1, octets(digest.sha1)).bind(2, size);
    insert_tree_.bind(3, static_cast<std::int64_t>(digest.tree.slice_bytes)).bind(4, nodes).run();
}

void FileStore::remove(std::string const& path) { delete_.bind(1, as_view(path)).run(); }

void FileStore::purge(std::string const& folder, std::function<bool(std::string const&)> const& alive) {
    std::vector<std::string> gone;
    auto rows = database_.prepare("SELECT path FROM library_files WHERE path >= ?1 AND path < ?2");
    rows.bind(1, as_view(first_in(folder))).bind(2, as_view(after_last_in(folder)));
    while (rows.step()) {
        Bytes const path = rows.blob(0);
        if (!alive(std::string{as_text(path)})) gone.emplace_back(as_text(path));
    }
    rows.reset();
    store::Transaction transaction{database_};
    for (std::string const& path : gone) remove(path);
    database_.run("DELETE FROM library_trees WHERE sha1 NOT IN (SELECT sha1 FROM library_files)");
    transaction.commit();
}

std::optional<content::TreeLevel> FileStore::tree(Sha1 const& sha1) {
    select_tree_.bind(1, octets(sha1));
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
