#pragma once

#include <optional>

#include "index/catalogue/file_record.hpp"
#include "node/store/database.hpp"

namespace praline::index {

/// Files by number, for writer and readers. Members throw store::DatabaseError.
class FileTable {
public:
    explicit FileTable(store::Database& database);
    /// Empty: there is no such file any more.
    [[nodiscard]] std::optional<FileRecord> load(FileId file);
    [[nodiscard]] FileId next_id() { return FileId{next_++}; }
    void save(FileId file, FileRecord const& record);
    void remove(FileId file);
    [[noreturn]] void fail_as_damaged() const;

private:
    store::Database& database_;
    store::Statement select_, replace_, delete_;
    std::int64_t next_ = 1;
};

}  // namespace praline::index
