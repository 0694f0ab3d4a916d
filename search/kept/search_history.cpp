#include "search/kept/search_history.hpp"

#include <algorithm>
#include <chrono>

#include "search/kept/search_rows.hpp"

namespace praline::search::kept {
namespace {

constexpr int history_columns = 9;
// What stands in lasted_ms of a search that has not ended.
constexpr std::int64_t lasted_interrupted = -1, lasted_under_way = -2;
constexpr char ended_rows[] = "search_history WHERE lasted_ms <> -2";
static_assert(lasted_under_way == -2);
constexpr int first_parameter = history_columns, first_cost = history_columns + parameter_column_count;

/// The statement ends with the question: a connection that writes while one of its own statements still reads is refused at
/// once, and not made to wait, when others have written meanwhile.
bool has_column(store::Database& database, std::string_view name) {
    auto known = database.prepare("SELECT count(*) FROM pragma_table_info('search_history') WHERE name = ?");
    known.bind(1, name);
    known.step();
    return known.integer(0) > 0;
}

}  // namespace

SearchHistory::SearchHistory(std::string const& database_file, std::size_t entries_max)
    : database_{database_file}, entries_max_{entries_max} {
    // AUTOINCREMENT: the handle of a forgotten entry never names another one.
    database_.run(
        std::string{
            "CREATE TABLE IF NOT EXISTS search_history (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL, "
            "strategy TEXT NOT NULL, started_at INTEGER NOT NULL, lasted_ms INTEGER NOT NULL, rows INTEGER NOT NULL, "
            "hits INTEGER NOT NULL, dropped INTEGER NOT NULL, saved_search INTEGER NOT NULL, "} +
        parameter_columns + ", " + price_columns + ")");
    // The last columns are younger than the table of some nodes.
    for (auto const* const name : {"index_price", "left_out"})
        if (!has_column(database_, name))
            database_.run(std::string{"ALTER TABLE search_history ADD COLUMN "} + name + " TEXT");
    database_.prepare("UPDATE search_history SET lasted_ms = ? WHERE lasted_ms = ?")
        .bind(1, lasted_interrupted)
        .bind(2, lasted_under_way)
        .run();
}

std::uint64_t SearchHistory::begin(HistoryEntry const& entry) {
    write(0, entry, lasted_under_way);
    auto last = database_.prepare("SELECT max(id) FROM search_history");
    last.step();
    return static_cast<std::uint64_t>(last.integer(0));
}

void SearchHistory::end(std::uint64_t id, HistoryEntry const& entry) {
    write(id, entry, rounded_milliseconds(entry.lasted));
}

/// In the place of what stands there under that id; 0: as a new entry.
void SearchHistory::write(std::uint64_t id, HistoryEntry const& entry, std::int64_t lasted_ms) {
    store::Transaction transaction{database_};
    auto insert = database_.prepare("INSERT OR REPLACE INTO search_history VALUES (" +
                                    places(history_columns + parameter_column_count + price_column_count) + ")");
    if (id == 0)
        insert.bind_null(1);
    else
        insert.bind(1, static_cast<std::int64_t>(id));
    insert.bind(2, std::string_view{entry.terms.text})
        .bind(3, std::string_view{entry.terms.strategy})
        .bind(4, entry.started_at)
        .bind(5, lasted_ms)
        .bind(6, static_cast<std::int64_t>(entry.rows))
        .bind(7, static_cast<std::int64_t>(entry.hits))
        .bind(8, static_cast<std::int64_t>(entry.dropped))
        .bind(9, static_cast<std::int64_t>(entry.saved_search));
    bind_parameters(insert, first_parameter + 1, entry.terms.parameters);
    bind_cost(insert, first_cost + 1, entry.cost);
    insert.run();
    database_
        .prepare("DELETE FROM search_history WHERE id NOT IN (SELECT id FROM search_history ORDER BY id DESC LIMIT ?)")
        .bind(1, static_cast<std::int64_t>(entries_max_))
        .run();
    transaction.commit();
}

std::vector<HistoryEntry> SearchHistory::page(std::size_t offset, std::size_t count) {
    std::vector<HistoryEntry> entries;
    auto rows = database_.prepare(std::string{"SELECT * FROM "} + ended_rows + " ORDER BY id DESC LIMIT ? OFFSET ?");
    // An offset from outside may be beyond what SQLite counts in.
    rows.bind(1, static_cast<std::int64_t>(std::min(count, entries_max_)))
        .bind(2, static_cast<std::int64_t>(std::min(offset, entries_max_)));
    while (rows.step()) {
        HistoryEntry entry;
        entry.id = static_cast<std::uint64_t>(rows.integer(0));
        entry.terms.text = rows.text(1);
        entry.terms.strategy = rows.text(2);
        entry.started_at = rows.integer(3);
        entry.interrupted = rows.integer(4) == lasted_interrupted;
        if (!entry.interrupted) entry.lasted = std::chrono::milliseconds{rows.integer(4)};
        entry.rows = static_cast<std::uint64_t>(rows.integer(5));
        entry.hits = static_cast<std::uint64_t>(rows.integer(6));
        entry.dropped = static_cast<std::uint64_t>(rows.integer(7));
        entry.saved_search = static_cast<std::uint64_t>(rows.integer(8));
        entry.terms.parameters = read_parameters(rows, first_parameter);
        entry.cost = read_cost(rows, first_cost);
        entries.push_back(std::move(entry));
    }
    return entries;
}

std::uint64_t SearchHistory::size() {
    auto count = database_.prepare(std::string{"SELECT count(*) FROM "} + ended_rows);
    count.step();
    return static_cast<std::uint64_t>(count.integer(0));
}

bool SearchHistory::erase(std::uint64_t id) {
    database_.prepare(std::string{"DELETE FROM "} + ended_rows + " AND id = ?")
        .bind(1, static_cast<std::int64_t>(id))
        .run();
    return database_.changes() > 0;
}

void SearchHistory::erase_all() { database_.run(std::string{"DELETE FROM "} + ended_rows); }

}  // namespace praline::search::kept
