#include "search/kept/saved_search_store.hpp"

#include "search/kept/search_rows.hpp"

namespace praline::search::kept {
namespace {

constexpr int saved_columns = 16;
constexpr char saved_table_columns[] =
    "text TEXT NOT NULL, strategy TEXT NOT NULL, repeat_seconds INTEGER NOT NULL, messages_per_run INTEGER NOT NULL, "
    "messages_per_day INTEGER NOT NULL, created_at INTEGER NOT NULL, next_at INTEGER NOT NULL, last_at INTEGER NOT "
    "NULL, "
    "runs INTEGER NOT NULL, skips INTEGER NOT NULL, last_skip TEXT NOT NULL, messages_today INTEGER NOT NULL, "
    "day_began INTEGER NOT NULL, last_cost INTEGER NOT NULL, new_results INTEGER NOT NULL, ";

constexpr std::int64_t no_base = -1;  // in new_results: no run has ended yet

std::int64_t as_signed(std::uint64_t value) { return static_cast<std::int64_t>(value); }

void bind_saved(store::Statement& statement, SavedSearch const& saved) {
    statement.bind(1, std::string_view{saved.terms.text})
        .bind(2, std::string_view{saved.terms.strategy})
        .bind(3, as_signed(saved.budget.repeat_seconds));
    statement.bind(4, as_signed(saved.budget.messages_per_run))
        .bind(5, as_signed(saved.budget.messages_per_day))
        .bind(6, saved.created_at);
    statement.bind(7, saved.next_at)
        .bind(8, saved.last_at)
        .bind(9, as_signed(saved.runs))
        .bind(10, as_signed(saved.skips));
    statement.bind(11, std::string_view{saved.last_skip})
        .bind(12, as_signed(saved.messages_today))
        .bind(13, saved.day_began);
    statement.bind(14, as_signed(saved.last_cost)).bind(15, saved.has_base ? as_signed(saved.new_results) : no_base);
    bind_parameters(statement, saved_columns, saved.terms.parameters);
}

SavedSearch read_saved(store::Statement const& row) {
    auto const number = [&](int column) { return static_cast<std::uint64_t>(row.integer(column)); };
    SavedSearch saved;
    saved.id = number(0);
    saved.terms.text = row.text(1);
    saved.terms.strategy = row.text(2);
    saved.budget.repeat_seconds = number(3);
    saved.budget.messages_per_run = number(4);
    saved.budget.messages_per_day = number(5);
    saved.created_at = row.integer(6);
    saved.next_at = row.integer(7);
    saved.last_at = row.integer(8);
    saved.runs = number(9);
    saved.skips = number(10);
    saved.last_skip = row.text(11);
    saved.messages_today = number(12);
    saved.day_began = row.integer(13);
    saved.last_cost = number(14);
    saved.has_base = row.integer(15) != no_base;
    saved.new_results = saved.has_base ? number(15) : 0;
    saved.terms.parameters = read_parameters(row, saved_columns);
    return saved;
}

/// What tells one file from another, between runs.
std::string key_of(ResultRow const& row) {
    if (row.urn.sha1 || row.urn.tiger_root) return row.urn.text();
    return std::to_string(row.size_bytes) + ' ' + row.name;
}

}  // namespace

SavedSearchStore::SavedSearchStore(std::string const& database_file) : database_{database_file} {
    database_.run(std::string{"CREATE TABLE IF NOT EXISTS saved_searches (id INTEGER PRIMARY KEY AUTOINCREMENT, "} +
                  saved_table_columns + parameter_columns + ")");
    database_.run(
        "CREATE TABLE IF NOT EXISTS saved_results (saved INTEGER NOT NULL REFERENCES saved_searches (id) ON DELETE "
        "CASCADE, "
        "key TEXT NOT NULL, PRIMARY KEY (saved, key)) WITHOUT ROWID");
}

std::vector<SavedSearch> SavedSearchStore::load() {
    std::vector<SavedSearch> all;
    auto rows = database_.prepare("SELECT * FROM saved_searches ORDER BY id");
    while (rows.step()) all.push_back(read_saved(rows));
    for (auto& one : all) one.results_known = results_known(one.id);
    return all;
}

void SavedSearchStore::add(SavedSearch& saved) {
    auto insert = database_.prepare("INSERT INTO saved_searches VALUES (NULL, " +
                                    places(saved_columns - 1 + parameter_column_count) + ") RETURNING id");
    bind_saved(insert, saved);
    insert.step();
    saved.id = static_cast<std::uint64_t>(insert.integer(0));
    insert.reset();
}

void SavedSearchStore::update(SavedSearch const& saved) {
    auto change = database_.prepare(
        "UPDATE saved_searches SET (text, strategy, repeat_seconds, messages_per_run, messages_per_day, created_at, "
        "next_at, last_at, runs, "
        "skips, last_skip, messages_today, day_began, last_cost, new_results, ttl, walkers, check_every, max_steps, "
        "state, results_wanted) = (" +
        places(saved_columns - 1 + parameter_column_count) + ") WHERE id = ?");
    bind_saved(change, saved);
    change.bind(saved_columns + parameter_column_count, as_signed(saved.id));
    change.run();
}

void SavedSearchStore::erase(std::uint64_t id) {
    database_.prepare("DELETE FROM saved_searches WHERE id = ?").bind(1, as_signed(id)).run();
}

std::uint64_t SavedSearchStore::remember(std::uint64_t id, std::vector<ResultRow const*> const& rows) {
    store::Transaction transaction{database_};
    std::uint64_t known = results_known(id), fresh = 0;
    auto insert = database_.prepare("INSERT OR IGNORE INTO saved_results VALUES (?, ?)");
    for (auto const* row : rows) {
        if (known >= SavedLimits::results_known_max) break;
        insert.bind(1, as_signed(id)).bind(2, std::string_view{key_of(*row)});
        insert.run();
        if (database_.changes() == 0) continue;
        ++known;
        ++fresh;
    }
    transaction.commit();
    return fresh;
}

std::uint64_t SavedSearchStore::results_known(std::uint64_t id) {
    auto count = database_.prepare("SELECT count(*) FROM saved_results WHERE saved = ?");
    count.bind(1, as_signed(id));
    count.step();
    return static_cast<std::uint64_t>(count.integer(0));
}

}  // namespace praline::search::kept
