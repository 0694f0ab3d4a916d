#include "index/catalogue/file_table.hpp"

#include "index/catalogue/rows.hpp"
#include "index/catalogue/schema.hpp"

namespace praline::index::catalogue {
FileTable::FileTable(store::Database& database)
    : database_{database},
      select_{database.prepare("SELECT body FROM file WHERE file = ?")},
      replace_{database.prepare("REPLACE INTO file VALUES (?, ?)")},
      delete_{database.prepare("DELETE FROM file WHERE file = ?")} {}

FileId FileTable::first_free() {
    auto last = database_.prepare("SELECT max(file) FROM file");
    return FileId{(last.step() ? last.integer(0) : 0) + 1};
}

std::optional<FileRecord> FileTable::load(FileId file) {
    Rows const rows{select_};
    select_.bind(1, file.value());
    std::optional<FileRecord> record;
    if (select_.step() && !(record = decode_file(select_.blob_view(0)))) fail_as_damaged();
    return record;
}

void FileTable::save(FileId file, FileRecord const& record) {
    replace_.bind(1, file.value()).bind_borrowed(2, ByteView{encode(record)}).run();
}

void FileTable::remove(FileId file) { delete_.bind(1, file.value()).run(); }

void FileTable::fail_as_damaged() const { catalogue::fail_as_damaged(database_.file()); }

}  // namespace praline::index::catalogue
