#include "index/catalogue/source_table.hpp"

#include "index/catalogue/rows.hpp"

namespace praline::index {

SourceTable::SourceTable(store::Database& database)
    : insert_{database.prepare("INSERT OR IGNORE INTO source VALUES (?, ?, ?)")},
      delete_{database.prepare("DELETE FROM source WHERE file = ? AND place = ? AND slot = ?")},
      count_{database.prepare("SELECT count(*) FROM (SELECT 1 FROM source WHERE file = ? AND place = ? LIMIT ?)")},
      lists_{database.prepare("SELECT slot FROM source WHERE file = ? ORDER BY place, slot LIMIT ?")},
      own_lists_{database.prepare("SELECT slot FROM source WHERE file = ? AND place = " + std::to_string(own_place) + " ORDER BY slot LIMIT ?")} {}

void SourceTable::put(Source const& source) {
    insert_.bind(1, source.file.value()).bind(2, static_cast<std::int64_t>(source.place)).bind(3, source.slot.value()).run();
}

void SourceTable::remove(Source const& source) {
    delete_.bind(1, source.file.value()).bind(2, static_cast<std::int64_t>(source.place)).bind(3, source.slot.value()).run();
}

std::size_t SourceTable::count(FileId file, std::size_t place, std::size_t count_max) {
    Rows const rows{count_};
    count_.bind(1, file.value()).bind(2, static_cast<std::int64_t>(place)).bind(3, static_cast<std::int64_t>(count_max));
    return count_.step() ? static_cast<std::size_t>(count_.integer(0)) : 0;
}

std::vector<SlotId> SourceTable::slots(store::Statement& statement, FileId file, std::size_t lists_max) {
    Rows const rows{statement};
    statement.bind(1, file.value()).bind(2, static_cast<std::int64_t>(lists_max));
    std::vector<SlotId> slots;
    while (statement.step()) slots.emplace_back(statement.integer(0));
    return slots;
}

std::vector<SlotId> SourceTable::lists(FileId file, std::size_t lists_max) { return slots(lists_, file, lists_max); }

std::vector<SlotId> SourceTable::own_lists(FileId file, std::size_t lists_max) { return slots(own_lists_, file, lists_max); }

}  // namespace praline::index
