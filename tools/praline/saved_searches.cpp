#include "tools/praline/saved_searches.hpp"

#include "tools/praline/search_rows.hpp"

namespace praline {
namespace {

constexpr int own_columns = 16;
constexpr char columns[] =
    "text TEXT NOT NULL, strategy TEXT NOT NULL, repeat_seconds INTEGER NOT NULL, messages_per_run INTEGER NOT NULL, "
    "messages_per_day INTEGER NOT NULL, created_at INTEGER NOT NULL, next_at INTEGER NOT NULL, last_at INTEGER NOT NULL, "
    "runs INTEGER NOT NULL, skips INTEGER NOT NULL, last_skip TEXT NOT NULL, messages_today INTEGER NOT NULL, "
    "day_began INTEGER NOT NULL, last_cost INTEGER NOT NULL, new_results INTEGER NOT NULL, ";

constexpr std::int64_t no_base = -1;  // in new_results: no run has ended yet

std::int64_t signed_of(std::uint64_t value) { return static_cast<std::int64_t>(value); }

void bind_all(store::Statement& statement, SavedSearch const& saved) {
    auto const& view = saved.view;
    statement.bind(1, std::string_view{view.text}).bind(2, std::string_view{view.strategy}).bind(3, signed_of(view.repeat_seconds));
    statement.bind(4, signed_of(view.messages_per_run)).bind(5, signed_of(view.messages_per_day)).bind(6, view.created_at);
    statement.bind(7, view.next_at).bind(8, view.last_at).bind(9, signed_of(view.runs)).bind(10, signed_of(view.skips));
    statement.bind(11, std::string_view{view.last_skip}).bind(12, signed_of(view.messages_today)).bind(13, saved.day_began);
    statement.bind(14, signed_of(saved.last_cost)).bind(15, saved.has_base ? signed_of(view.new_results) : no_base);
    bind_parameters(statement, own_columns, view.parameters);
}

SavedSearch read(store::Statement const& row) {
    auto const number = [&](int column) { return static_cast<std::uint64_t>(row.integer(column)); };
    SavedSearch saved;
    auto& view = saved.view;
    view.id = number(0);
    view.text = row.text(1);
    view.strategy = row.text(2);
    view.repeat_seconds = number(3);
    view.messages_per_run = number(4);
    view.messages_per_day = number(5);
    view.created_at = row.integer(6);
    view.next_at = row.integer(7);
    view.last_at = row.integer(8);
    view.runs = number(9);
    view.skips = number(10);
    view.last_skip = row.text(11);
    view.messages_today = number(12);
    saved.day_began = row.integer(13);
    saved.last_cost = number(14);
    saved.has_base = row.integer(15) != no_base;
    view.new_results = saved.has_base ? number(15) : 0;
    view.parameters = read_parameters(row, own_columns);
    return saved;
}

/// What tells one file from another, between runs.
std::string key_of(search::ResultRow const& row) {
    if (row.urn.sha1 || row.urn.tiger_root) return row.urn.text();
    return std::to_string(row.size_bytes) + ' ' + row.name;
}

}  // namespace

SavedSearches::SavedSearches(std::string const& database_file) : database_{database_file} {
    database_.run(std::string{"CREATE TABLE IF NOT EXISTS saved_searches (id INTEGER PRIMARY KEY AUTOINCREMENT, "} + columns + parameter_columns + ")");
    database_.run("CREATE TABLE IF NOT EXISTS saved_results (saved INTEGER NOT NULL REFERENCES saved_searches (id) ON DELETE CASCADE, "
                  "key TEXT NOT NULL, PRIMARY KEY (saved, key)) WITHOUT ROWID");
}

std::vector<SavedSearch> SavedSearches::load() {
    std::vector<SavedSearch> all;
    auto rows = database_.prepare("SELECT * FROM saved_searches ORDER BY id");
    while (rows.step()) all.push_back(read(rows));
    for (auto& one : all) one.view.results_known = results_known(one.view.id);
    return all;
}

void SavedSearches::add(SavedSearch& saved) {
    auto insert = database_.prepare("INSERT INTO saved_searches VALUES (NULL, " + places(own_columns - 1 + parameter_column_count) + ") RETURNING id");
    bind_all(insert, saved);
    insert.step();
    saved.view.id = static_cast<std::uint64_t>(insert.integer(0));
    insert.reset();
}

void SavedSearches::update(SavedSearch const& saved) {
    auto change = database_.prepare(
        "UPDATE saved_searches SET (text, strategy, repeat_seconds, messages_per_run, messages_per_day, created_at, next_at, last_at, runs, "
        "skips, last_skip, messages_today, day_began, last_cost, new_results, ttl, walkers, check_every, max_steps, state, results_wanted) = (" +
        places(own_columns - 1 + parameter_column_count) + ") WHERE id = ?");
    bind_all(change, saved);
    change.bind(own_columns + parameter_column_count, signed_of(saved.view.id));
    change.run();
}

void SavedSearches::erase(std::uint64_t id) {
    database_.prepare("DELETE FROM saved_searches WHERE id = ?").bind(1, signed_of(id)).run();
}

std::uint64_t SavedSearches::remember(std::uint64_t id, std::vector<search::ResultRow const*> const& rows) {
    store::Transaction transaction{database_};
    std::uint64_t known = results_known(id), fresh = 0;
    auto insert = database_.prepare("INSERT OR IGNORE INTO saved_results VALUES (?, ?)");
    for (auto const* row : rows) {
        if (known >= SavedLimits::results_known_max) break;
        insert.bind(1, signed_of(id)).bind(2, std::string_view{key_of(*row)});
        insert.run();
        if (database_.changes() == 0) continue;
        ++known;
        ++fresh;
    }
    transaction.commit();
    return fresh;
}

std::uint64_t SavedSearches::results_known(std::uint64_t id) {
    auto count = database_.prepare("SELECT count(*) FROM saved_results WHERE saved = ?");
    count.bind(1, signed_of(id));
    count.step();
    return static_cast<std::uint64_t>(count.integer(0));
}

}  // namespace praline
