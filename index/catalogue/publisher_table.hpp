#pragma once

#include <optional>
#include <vector>

#include "index/catalogue/file_record.hpp"
#include "node/store/database.hpp"

namespace praline::index::catalogue {

struct PublisherRow {
    std::int64_t number = 0;  ///< 0: not stored yet
    Record record;
    std::optional<SlotId> slot;  ///< its list; empty: hidden, or nothing published
};

/// The columns that `publisher_at` reads, in its order, of a table named `publisher`.
inline constexpr char const* publisher_columns =
    "publisher.id, publisher.address, publisher.port, publisher.servent, publisher.push, publisher.agent";
inline constexpr int publisher_columns_count = 6;
[[nodiscard]] Publisher publisher_at(store::Statement const& row, int column);

/// Who publishes, for writer and reader. Members throw store::DatabaseError.
class PublisherTable {
public:
    explicit PublisherTable(store::Database& database);
    [[nodiscard]] std::optional<PublisherRow> find(PublisherId const& id);
    [[nodiscard]] std::vector<Record> records();
    /// Gives a new one its number.
    void save(PublisherRow& row);
    void remove(PublisherRow const& row);

private:
    store::Database& database_;
    store::Statement select_, insert_, update_, delete_;
};

enum class SlotState : std::uint8_t { current, copying, dead };

/// Lists by number. Numbers grow, so that an old list and its successor are never mixed up.
class SlotTable {
public:
    explicit SlotTable(store::Database& database);
    /// @param publisher  0: while it is copied.
    [[nodiscard]] SlotId create(std::int64_t publisher, SlotState state);
    void set(SlotId slot, std::int64_t publisher, SlotState state);
    [[nodiscard]] std::optional<SlotId> first_dead();
    void remove(SlotId slot);
    /// Copies that the last run did not finish.
    void mark_unfinished_dead();

private:
    store::Database& database_;
    store::Statement insert_, update_, dead_, delete_;
    std::int64_t next_ = 1;
};

}  // namespace praline::index::catalogue
