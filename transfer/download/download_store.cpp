#include "transfer/download/download_store.hpp"

#include <algorithm>
#include <set>

#include "transfer/swarm/source_list.hpp"

namespace praline::download {

namespace {

constexpr char const* schema = R"(
CREATE TABLE IF NOT EXISTS download (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    sha1 TEXT NOT NULL,
    tiger_root TEXT NOT NULL,
    root_given INTEGER NOT NULL,
    state INTEGER NOT NULL,
    reason TEXT NOT NULL,
    path TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    sources TEXT NOT NULL,
    tree BLOB NOT NULL,
    tree_slice_bytes INTEGER NOT NULL,
    slice_bytes INTEGER NOT NULL,
    map BLOB NOT NULL
);)";

constexpr std::size_t node_bytes = 24;

/// An empty vector has no address, which SQLite would take for NULL.
ByteView not_null(Bytes const& bytes) {
    static constexpr std::byte nothing{};
    return bytes.empty() ? ByteView{&nothing, 0} : ByteView{bytes};
}

Bytes tree_blob(std::optional<content::TreeLevel> const& tree) {
    Bytes blob;
    if (!tree) return blob;
    blob.reserve(tree->nodes.size() * node_bytes);
    for (auto const& node : tree->nodes)
        for (auto const byte : node.bytes) blob.push_back(static_cast<std::byte>(byte));
    return blob;
}

std::optional<content::TreeLevel> tree_of(Bytes const& blob, std::uint64_t slice_bytes, std::uint64_t file_bytes) {
    if (blob.empty() || slice_bytes == 0) return std::nullopt;
    content::TreeLevel tree;
    tree.file_bytes = file_bytes;
    tree.slice_bytes = slice_bytes;
    tree.nodes.resize(blob.size() / node_bytes);
    for (std::size_t at = 0; at < tree.nodes.size() * node_bytes; ++at)
        tree.nodes[at / node_bytes].bytes[at % node_bytes] = static_cast<std::uint8_t>(blob[at]);
    auto const slices = std::max<std::uint64_t>(1, file_bytes / slice_bytes + (file_bytes % slice_bytes != 0 ? 1 : 0));
    if (tree.nodes.size() != slices) return std::nullopt;
    return tree;
}

/// Columns that earlier versions did not have, and what is done once for their rows.
void add_columns(store::Database& database) {
    std::set<std::string> known;
    {
        auto columns = database.prepare("SELECT name FROM pragma_table_info('download')");
        while (columns.step()) known.insert(columns.text(0));
    }
    auto const add = [&](std::string const& name, std::string const& type, std::string const& then = {}) {
        if (!known.contains(name)) database.run("ALTER TABLE download ADD COLUMN " + name + " " + type + ";" + then);
    };
    add("named_only", "INTEGER NOT NULL DEFAULT 0");
    add("priority", "INTEGER NOT NULL DEFAULT 1");
    add("turn", "INTEGER NOT NULL DEFAULT 0", "UPDATE download SET turn = place;");
    for (auto const* text : {"folder", "group_id", "group_name", "below"}) add(text, "TEXT NOT NULL DEFAULT ''");
    add("proof", "BLOB NOT NULL DEFAULT x''");
}

std::shared_ptr<content::FileProof const> proof_of(std::string_view packed) {
    auto proof = content::FileProof::unpacked(packed);
    return proof ? std::make_shared<content::FileProof const>(std::move(*proof)) : nullptr;
}

Priority priority_of(std::int64_t number) {
    return number == 0 ? Priority::high : number == 2 ? Priority::low : Priority::normal;
}

}  // namespace

DownloadStore::DownloadStore(std::string const& file)
    : database_{(file)},
      save_{(database_.run(schema), add_columns(database_), database_.prepare(R"(
INSERT INTO download (id, name, sha1, tiger_root, root_given, state, reason, path, size_bytes, sources, tree,
                      tree_slice_bytes, slice_bytes, map, named_only, priority, turn, folder, group_id, group_name, below,
                      proof)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)
ON CONFLICT (id) DO UPDATE SET name = ?2, sha1 = ?3, tiger_root = ?4, root_given = ?5, state = ?6, reason = ?7, path = ?8,
    size_bytes = ?9, sources = ?10, tree = ?11, tree_slice_bytes = ?12, slice_bytes = ?13, map = ?14,
    named_only = ?15, priority = ?16, turn = ?17, folder = ?18, group_id = ?19, group_name = ?20, below = ?21)"))},
      remove_{database_.prepare("DELETE FROM download WHERE id = ?1")} {}

std::vector<Record> DownloadStore::load() {
    auto rows = database_.prepare(
        "SELECT id, name, sha1, tiger_root, root_given, state, reason, path, size_bytes, sources, tree, "
        "tree_slice_bytes, "
        "slice_bytes, map, named_only, priority, turn, folder, group_id, group_name, below, proof FROM download ORDER "
        "BY "
        "turn, "
        "place");
    std::vector<Record> all;
    while (rows.step()) {
        Record record;
        record.id = rows.text(0);
        record.name = rows.text(1);
        record.urn.sha1 = Sha1::from_base32(rows.text(2));
        record.urn.tiger_root = TigerHash::from_base32(rows.text(3));
        record.root_given = rows.integer(4) != 0;
        record.state = static_cast<State>(rows.integer(5));
        record.reason = rows.text(6);
        record.destination.path = rows.text(7);
        if (auto const size = rows.integer(8); size >= 0) record.size_bytes = static_cast<std::uint64_t>(size);
        record.sources = swarm::parse_sources(rows.text(9));
        if (record.size_bytes)
            record.tree = tree_of(rows.blob(10), static_cast<std::uint64_t>(rows.integer(11)), *record.size_bytes);
        record.slice_bytes = static_cast<std::uint64_t>(rows.integer(12));
        record.map = rows.blob(13);
        record.named_only = rows.integer(14) != 0;
        record.rank = {priority_of(rows.integer(15)), rows.integer(16)};
        record.destination.folder = rows.text(17);
        record.destination.group = rows.text(18);
        record.destination.group_name = rows.text(19);
        record.destination.below = rows.text(20);
        if (auto const proof = rows.blob(21); !proof.empty()) {
            record.proof = proof_of(as_text(proof));
            // Never unverified instead.
            if (!record.proof && record.state != State::completed) {
                record.state = State::failed;
                record.reason = "The hashes of this download in the database are damaged; remove it and add it again.";
            }
        }
        all.push_back(std::move(record));
    }
    return all;
}

void DownloadStore::save(Record const& record) {
    auto const tree = tree_blob(record.tree);
    auto const sources = swarm::sources_text(record.sources);
    auto const sha1 = record.urn.sha1 ? record.urn.sha1->base32() : std::string{};
    auto const root = record.urn.tiger_root ? record.urn.tiger_root->base32() : std::string{};
    save_.reset();
    save_.bind(1, std::string_view{record.id}).bind(2, std::string_view{record.name}).bind(3, std::string_view{sha1});
    save_.bind(4, std::string_view{root}).bind(5, std::int64_t{record.root_given});
    save_.bind(6, static_cast<std::int64_t>(record.state)).bind(7, std::string_view{record.reason});
    save_.bind(8, std::string_view{record.destination.path});
    save_.bind(9, record.size_bytes ? static_cast<std::int64_t>(*record.size_bytes) : std::int64_t{-1});
    save_.bind(10, std::string_view{sources}).bind(11, not_null(tree));
    save_.bind(12, record.tree ? static_cast<std::int64_t>(record.tree->slice_bytes) : std::int64_t{0});
    save_.bind(13, static_cast<std::int64_t>(record.slice_bytes)).bind(14, not_null(record.map));
    save_.bind(15, std::int64_t{record.named_only});
    save_.bind(16, static_cast<std::int64_t>(record.rank.priority)).bind(17, record.rank.order);
    auto const& to = record.destination;
    save_.bind(18, std::string_view{to.folder}).bind(19, std::string_view{to.group});
    save_.bind(20, std::string_view{to.group_name}).bind(21, std::string_view{to.below});
    // It does not change: kept as it was written first.
    auto const proof = record.proof ? record.proof->packed() : std::string{};
    save_.bind(22, as_view(proof));
    save_.run();
}

void DownloadStore::remove(std::string const& id) {
    remove_.reset();
    remove_.bind(1, std::string_view{id});
    remove_.run();
}

}  // namespace praline::download
