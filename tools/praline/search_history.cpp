#include "tools/praline/search_history.hpp"

#include <algorithm>
#include <cmath>

#include "tools/praline/search_rows.hpp"

namespace praline {
namespace {

constexpr int own_columns = 9;
constexpr int first_parameter = own_columns, first_price = own_columns + parameter_column_count;

}  // namespace

SearchHistory::SearchHistory(std::string const& database_file, std::size_t entries_max)
    : database_{database_file}, entries_max_{entries_max} {
    // AUTOINCREMENT: the handle of a forgotten entry never names another one.
    database_.run(std::string{"CREATE TABLE IF NOT EXISTS search_history (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL, "
                              "strategy TEXT NOT NULL, started_at INTEGER NOT NULL, lasted_ms INTEGER NOT NULL, rows INTEGER NOT NULL, "
                              "hits INTEGER NOT NULL, dropped INTEGER NOT NULL, saved_search INTEGER NOT NULL, "} +
                  parameter_columns + ", " + price_columns + ")");
}

void SearchHistory::add(webui::HistoryView const& entry) {
    store::Transaction transaction{database_};
    auto insert = database_.prepare("INSERT INTO search_history VALUES (NULL, " + places(own_columns - 1 + parameter_column_count + price_column_count) + ")");
    insert.bind(1, std::string_view{entry.text})
        .bind(2, std::string_view{entry.strategy})
        .bind(3, entry.started_at)
        .bind(4, static_cast<std::int64_t>(std::llround(entry.lasted_seconds * 1000)))
        .bind(5, static_cast<std::int64_t>(entry.rows))
        .bind(6, static_cast<std::int64_t>(entry.hits))
        .bind(7, static_cast<std::int64_t>(entry.dropped))
        .bind(8, static_cast<std::int64_t>(entry.saved_search));
    bind_parameters(insert, first_parameter, entry.parameters);
    bind_price(insert, first_price, entry.price);
    insert.run();
    database_.prepare("DELETE FROM search_history WHERE id NOT IN (SELECT id FROM search_history ORDER BY id DESC LIMIT ?)")
        .bind(1, static_cast<std::int64_t>(entries_max_)).run();
    transaction.commit();
}

std::vector<webui::HistoryView> SearchHistory::page(std::size_t offset, std::size_t count) {
    std::vector<webui::HistoryView> entries;
    auto rows = database_.prepare("SELECT * FROM search_history ORDER BY id DESC LIMIT ? OFFSET ?");
    // An offset from outside may be beyond what SQLite counts in.
    rows.bind(1, static_cast<std::int64_t>(std::min(count, entries_max_))).bind(2, static_cast<std::int64_t>(std::min(offset, entries_max_)));
    while (rows.step()) {
        webui::HistoryView entry;
        entry.id = static_cast<std::uint64_t>(rows.integer(0));
        entry.text = rows.text(1);
        entry.strategy = rows.text(2);
        entry.started_at = rows.integer(3);
        entry.lasted_seconds = static_cast<double>(rows.integer(4)) / 1000;
        entry.rows = static_cast<std::uint64_t>(rows.integer(5));
        entry.hits = static_cast<std::uint64_t>(rows.integer(6));
        entry.dropped = static_cast<std::uint64_t>(rows.integer(7));
        entry.saved_search = static_cast<std::uint64_t>(rows.integer(8));
        entry.parameters = read_parameters(rows, first_parameter);
        entry.price = read_price(rows, first_price);
        entries.push_back(std::move(entry));
    }
    return entries;
}

std::uint64_t SearchHistory::size() {
    auto count = database_.prepare("SELECT count(*) FROM search_history");
    count.step();
    return static_cast<std::uint64_t>(count.integer(0));
}

bool SearchHistory::erase(std::uint64_t id) {
    database_.prepare("DELETE FROM search_history WHERE id = ?").bind(1, static_cast<std::int64_t>(id)).run();
    return database_.changes() > 0;
}

void SearchHistory::erase_all() { database_.run("DELETE FROM search_history"); }

}  // namespace praline
