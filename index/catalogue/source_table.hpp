#pragma once

#include <cstddef>
#include <vector>

#include "index/catalogue/file_record.hpp"
#include "node/store/database.hpp"

namespace praline::index::catalogue {

/// A list holds a file, and says of it what the variant at a place says, or something of its own.
struct Source {
    FileId file;
    std::size_t place = 0;  ///< `own_place`: something of its own
    SlotId slot;
    friend auto operator<=>(Source const&, Source const&) = default;
};
inline constexpr std::size_t own_place = variants_max;

/// Who holds which file, by files. Members throw store::DatabaseError.
class SourceTable {
public:
    explicit SourceTable(store::Database& database);
    void put(Source const& source);
    void remove(Source const& source);
    /// Lists that hold the file, and whose word is at `place`; counted up to `count_max`.
    [[nodiscard]] std::size_t count(FileId file, std::size_t place, std::size_t count_max);
    /// Of a file, in order.
    [[nodiscard]] std::vector<Source> of(FileId file, std::size_t sources_max);
    /// Of a file, those that say something of their own.
    [[nodiscard]] std::vector<Source> own_of(FileId file, std::size_t sources_max);

private:
    [[nodiscard]] std::vector<Source> read(store::Statement& statement, FileId file, std::size_t sources_max);
    store::Statement insert_, delete_, count_, of_, own_of_;
};

}  // namespace praline::index::catalogue
