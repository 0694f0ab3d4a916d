#pragma once

#include <optional>

#include "index/catalogue/file_record.hpp"
#include "node/store/database.hpp"

namespace praline::index::catalogue {

/// Files by number, for writer and readers. Members throw store::DatabaseError.
class FileTable {
public:
    explicit FileTable(store::Database& database);
    /// Empty: there is no such file any more.
    [[nodiscard]] std::optional<FileRecord> load(FileId file);
    /// No file has that number or a higher one.
    [[nodiscard]] FileId first_free();
    void save(FileId file, FileRecord const& record);
    void remove(FileId file);
    [[noreturn]] void fail_as_damaged() const;

private:
    store::Database& database_;
    store::Statement select_, replace_, delete_;
};

}  // namespace praline::index::catalogue
