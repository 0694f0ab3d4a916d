#pragma once

#include <optional>
#include <vector>

#include "index/catalogue/file_record.hpp"
#include "node/store/database.hpp"

namespace praline::index::catalogue {

/// What a list says of a file: what a variant of it says, or something of its own.
struct Place {
    FileId file;
    std::optional<std::size_t> variant;  ///< empty: `own`
    std::optional<Variant> own;
};

struct EntryRow {
    Sha1 sha1;
    Place place;
};

/// The entries of each list, in order of SHA-1. Members throw store::DatabaseError.
class EntryTable {
public:
    explicit EntryTable(store::Database& database);
    [[nodiscard]] std::optional<Place> find(SlotId slot, Sha1 const& sha1);
    void put(SlotId slot, Sha1 const& sha1, Place const& place);
    void remove(SlotId slot, Sha1 const& sha1);
    /// At most `rows_max` rows after `after`, or from the first one on.
    [[nodiscard]] std::vector<EntryRow> rows_after(SlotId slot, std::optional<Sha1> const& after, std::size_t rows_max);
    /// All rows up to `last`, that too.
    void remove_through(SlotId slot, Sha1 const& last);

private:
    [[nodiscard]] Place place_at(store::Statement const& row, int column) const;
    store::Database& database_;
    store::Statement select_, replace_, delete_, page_, delete_through_;
};

}  // namespace praline::index::catalogue
