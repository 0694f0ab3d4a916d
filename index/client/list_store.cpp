#include "index/client/list_store.hpp"

#include <algorithm>
#include <span>

namespace praline::index::client {
namespace {

constexpr char tables[] = R"(
CREATE TABLE IF NOT EXISTS list_entries (
    id INTEGER PRIMARY KEY, sha1 BLOB NOT NULL UNIQUE, tiger BLOB, size INTEGER NOT NULL, name TEXT NOT NULL,
    told_at INTEGER NOT NULL DEFAULT 0, told_before INTEGER NOT NULL DEFAULT 0, listed INTEGER NOT NULL DEFAULT 0,
    gone INTEGER NOT NULL DEFAULT 0, low INTEGER NOT NULL DEFAULT 0, high INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS list_entries_at ON list_entries (told_at);
CREATE INDEX IF NOT EXISTS list_entries_before ON list_entries (told_before) WHERE told_before > 0;
CREATE INDEX IF NOT EXISTS list_entries_gone ON list_entries (told_at) WHERE gone = 1;
CREATE TABLE IF NOT EXISTS list_changes (
    number INTEGER PRIMARY KEY, low INTEGER NOT NULL, high INTEGER NOT NULL, overtaken_by INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS list_head (
    id INTEGER PRIMARY KEY CHECK (id = 1), era INTEGER NOT NULL, base INTEGER NOT NULL, head INTEGER NOT NULL,
    floor INTEGER NOT NULL, entries INTEGER NOT NULL, waiting INTEGER NOT NULL, tombstones INTEGER NOT NULL);
INSERT OR IGNORE INTO list_head VALUES (1, 1, 0, 0, 0, 0, 0, 0);
)";

#define LIST_COLUMNS \
    "SELECT id, sha1, tiger, size, name, told_at, told_before, listed, gone, low, high FROM list_entries "

std::int64_t as_signed(std::uint64_t value) { return static_cast<std::int64_t>(value); }
std::uint64_t as_unsigned(std::int64_t value) { return static_cast<std::uint64_t>(value); }

template <class Hash>
ByteView view(Hash const& hash) {
    return std::as_bytes(std::span{hash.bytes});
}

template <class Hash>
Hash hash_of(Bytes const& bytes) {
    Hash hash;
    auto const count = std::min(bytes.size(), hash.bytes.size());
    for (std::size_t i = 0; i < count; ++i) hash.bytes[i] = static_cast<std::uint8_t>(bytes[i]);
    return hash;
}

/// Tables first: the statements are prepared while the store is built.
store::Database& with_tables(store::Database& database) {
    database.run(tables);
    return database;
}

}  // namespace

ListStore::ListStore(std::string const& file)
    : database_{file},
      find_{with_tables(database_).prepare(LIST_COLUMNS "WHERE sha1 = ?")},
      insert_{database_.prepare("INSERT INTO list_entries (sha1, tiger, size, name) VALUES (?, ?, ?, ?) RETURNING id")},
      update_{database_.prepare("UPDATE list_entries SET tiger = ?, size = ?, name = ?, told_at = ?, told_before = ?, "
                                "gone = ? WHERE id = ?")},
      mark_{database_.prepare("UPDATE list_entries SET told_at = ?, told_before = ?, listed = ?, gone = ?, low = ?, "
                              "high = ? WHERE id = ?")},
      erase_{database_.prepare("DELETE FROM list_entries WHERE id = ?")},
      ids_{database_.prepare("SELECT id, sha1, gone FROM list_entries WHERE id > ? ORDER BY id LIMIT ?")},
      up_to_{database_.prepare(LIST_COLUMNS "WHERE told_at <= ? ORDER BY told_at, id LIMIT ?")},
      within_{database_.prepare(LIST_COLUMNS "WHERE told_at > ? AND told_at <= ? ORDER BY told_at, id LIMIT ?")},
      waiting_{database_.prepare(
          LIST_COLUMNS
          "WHERE told_before > 0 AND told_before > ? AND told_before <= ? ORDER BY told_before, id LIMIT ?")},
      told_after_{
          database_.prepare("SELECT told_at FROM list_entries WHERE told_at > ? ORDER BY told_at LIMIT 1 OFFSET ?")},
      add_change_{database_.prepare("INSERT INTO list_changes (number, low, high) VALUES (?, ?, ?)")},
      digest_at_{database_.prepare("SELECT low, high FROM list_changes WHERE number = ?")},
      overtake_{database_.prepare("UPDATE list_changes SET overtaken_by = max(overtaken_by, ?) WHERE number = ?")},
      overtaken_{database_.prepare("SELECT max(overtaken_by) FROM list_changes WHERE number > ? AND number <= ?")},
      save_{database_.prepare(
          "UPDATE list_head SET era = ?, base = ?, head = ?, floor = ?, entries = ?, waiting = ?, tombstones = ?")} {}

ListHead ListStore::load_head() {
    auto row = database_.prepare("SELECT era, base, head, floor, entries, waiting, tombstones FROM list_head");
    ListHead head;
    if (!row.step()) return head;
    head.era = static_cast<std::uint32_t>(row.integer(0));
    head.base = row.integer(1);
    head.head = row.integer(2);
    head.floor = row.integer(3);
    head.entries = as_unsigned(row.integer(4));
    head.waiting = as_unsigned(row.integer(5));
    head.tombstones = as_unsigned(row.integer(6));
    return head;
}

void ListStore::save(ListHead const& head) {
    save_.bind(1, std::int64_t{head.era})
        .bind(2, head.base)
        .bind(3, head.head)
        .bind(4, head.floor)
        .bind(5, as_signed(head.entries))
        .bind(6, as_signed(head.waiting))
        .bind(7, as_signed(head.tombstones))
        .run();
}

std::vector<ListRow> ListStore::rows(store::Statement& statement) {
    std::vector<ListRow> rows;
    while (statement.step()) {
        ListRow row;
        row.id = statement.integer(0);
        row.entry.sha1 = hash_of<Sha1>(statement.blob(1));
        if (!statement.is_null(2)) row.entry.tiger_root = hash_of<TigerHash>(statement.blob(2));
        row.entry.size_bytes = as_unsigned(statement.integer(3));
        row.entry.name = statement.text(4);
        row.at = statement.integer(5);
        row.before = statement.integer(6);
        row.listed = statement.integer(7) != 0;
        row.gone = statement.integer(8) != 0;
        row.mix = {as_unsigned(statement.integer(9)), as_unsigned(statement.integer(10))};
        rows.push_back(std::move(row));
    }
    statement.reset();
    return rows;
}

std::optional<ListRow> ListStore::find(Sha1 const& sha1) {
    find_.bind(1, view(sha1));
    auto found = rows(find_);
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

std::int64_t ListStore::insert(Entry const& entry) {
    insert_.bind(1, view(entry.sha1));
    if (entry.tiger_root)
        insert_.bind(2, view(*entry.tiger_root));
    else
        insert_.bind_null(2);
    insert_.bind(3, as_signed(entry.size_bytes)).bind(4, std::string_view{entry.name});
    std::int64_t id = 0;
    while (insert_.step()) id = insert_.integer(0);
    insert_.reset();
    return id;
}

void ListStore::update(ListRow const& row) {
    if (row.entry.tiger_root)
        update_.bind(1, view(*row.entry.tiger_root));
    else
        update_.bind_null(1);
    update_.bind(2, as_signed(row.entry.size_bytes))
        .bind(3, std::string_view{row.entry.name})
        .bind(4, row.at)
        .bind(5, row.before)
        .bind(6, std::int64_t{row.gone})
        .bind(7, row.id)
        .run();
}

void ListStore::mark(ListRow const& row) {
    mark_.bind(1, row.at)
        .bind(2, row.before)
        .bind(3, std::int64_t{row.listed})
        .bind(4, std::int64_t{row.gone})
        .bind(5, as_signed(row.mix.low))
        .bind(6, as_signed(row.mix.high))
        .bind(7, row.id)
        .run();
}

void ListStore::erase(std::int64_t id) { erase_.bind(1, id).run(); }

std::vector<ListStore::Seen> ListStore::ids_after(std::int64_t id, std::size_t most) {
    std::vector<Seen> found;
    ids_.bind(1, id).bind(2, as_signed(most));
    while (ids_.step()) found.push_back({ids_.integer(0), hash_of<Sha1>(ids_.blob(1)), ids_.integer(2) != 0});
    ids_.reset();
    return found;
}

std::vector<ListRow> ListStore::told_up_to(std::int64_t at, std::size_t most) {
    up_to_.bind(1, at).bind(2, as_signed(most));
    return rows(up_to_);
}

std::vector<ListRow> ListStore::told_within(std::int64_t after, std::int64_t up_to, std::size_t most) {
    within_.bind(1, after).bind(2, up_to).bind(3, as_signed(most));
    return rows(within_);
}

std::vector<ListRow> ListStore::waiting_within(std::int64_t after, std::int64_t up_to, std::size_t most) {
    waiting_.bind(1, after).bind(2, up_to).bind(3, as_signed(most));
    return rows(waiting_);
}

std::optional<std::int64_t> ListStore::told_after(std::int64_t after, std::size_t count) {
    told_after_.bind(1, after).bind(2, as_signed(count));
    std::optional<std::int64_t> found;
    if (told_after_.step()) found = told_after_.integer(0);
    told_after_.reset();
    return found;
}

void ListStore::add_change(std::int64_t number, SetDigest const& digest) {
    add_change_.bind(1, number).bind(2, as_signed(digest.low)).bind(3, as_signed(digest.high)).run();
}

std::optional<SetDigest> ListStore::digest_at(std::int64_t number) {
    digest_at_.bind(1, number);
    std::optional<SetDigest> digest;
    if (digest_at_.step()) digest = SetDigest{as_unsigned(digest_at_.integer(0)), as_unsigned(digest_at_.integer(1))};
    digest_at_.reset();
    return digest;
}

void ListStore::overtake(std::int64_t number, std::int64_t by) { overtake_.bind(1, by).bind(2, number).run(); }

std::int64_t ListStore::overtaken_by(std::int64_t after, std::int64_t up_to) {
    overtaken_.bind(1, after).bind(2, up_to);
    auto const by = overtaken_.step() ? overtaken_.integer(0) : 0;
    overtaken_.reset();
    return by;
}

void ListStore::forget_changes(std::int64_t up_to) {
    database_.prepare("DELETE FROM list_changes WHERE number <= ?").bind(1, up_to).run();
}

ListStore::Forgotten ListStore::forget_tombstones(std::int64_t after, std::size_t most) {
    std::int64_t last = after;
    std::vector<std::int64_t> ids;
    auto oldest = database_.prepare(
        "SELECT id, told_at FROM list_entries WHERE gone = 1 AND told_at > ? ORDER BY told_at LIMIT ?");
    oldest.bind(1, after).bind(2, as_signed(most));
    while (oldest.step()) {
        ids.push_back(oldest.integer(0));
        last = oldest.integer(1);
    }
    oldest.reset();
    for (auto const id : ids) erase(id);
    return {last, ids.size()};
}

#undef LIST_COLUMNS

}  // namespace praline::index::client
