#include "index/catalogue/source_table.hpp"

#include "index/catalogue/rows.hpp"

namespace praline::index::catalogue {

SourceTable::SourceTable(store::Database& database)
    : insert_{database.prepare("INSERT OR IGNORE INTO source VALUES (?, ?, ?)")},
      delete_{database.prepare("DELETE FROM source WHERE file = ? AND place = ? AND slot = ?")},
      count_{database.prepare("SELECT count(*) FROM (SELECT 1 FROM source WHERE file = ? AND place = ? LIMIT ?)")},
      of_{database.prepare("SELECT place, slot FROM source WHERE file = ? ORDER BY place, slot LIMIT ?")},
      own_of_{database.prepare("SELECT place, slot FROM source WHERE file = ? AND place = " +
                               std::to_string(own_place) + " ORDER BY slot LIMIT ?")} {}

void SourceTable::put(Source const& source) {
    insert_.bind(1, source.file.value())
        .bind(2, static_cast<std::int64_t>(source.place))
        .bind(3, source.slot.value())
        .run();
}

void SourceTable::remove(Source const& source) {
    delete_.bind(1, source.file.value())
        .bind(2, static_cast<std::int64_t>(source.place))
        .bind(3, source.slot.value())
        .run();
}

std::size_t SourceTable::count(FileId file, std::size_t place, std::size_t count_max) {
    Rows const rows{count_};
    count_.bind(1, file.value())
        .bind(2, static_cast<std::int64_t>(place))
        .bind(3, static_cast<std::int64_t>(count_max));
    return count_.step() ? static_cast<std::size_t>(count_.integer(0)) : 0;
}

std::vector<Source> SourceTable::read(store::Statement& statement, FileId file, std::size_t sources_max) {
    Rows const rows{statement};
    statement.bind(1, file.value()).bind(2, static_cast<std::int64_t>(sources_max));
    std::vector<Source> sources;
    while (statement.step())
        sources.push_back({file, static_cast<std::size_t>(statement.integer(0)), SlotId{statement.integer(1)}});
    return sources;
}

std::vector<Source> SourceTable::of(FileId file, std::size_t sources_max) { return read(of_, file, sources_max); }

std::vector<Source> SourceTable::own_of(FileId file, std::size_t sources_max) {
    return read(own_of_, file, sources_max);
}

}  // namespace praline::index::catalogue
