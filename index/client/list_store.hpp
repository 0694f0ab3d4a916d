#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "index/wire/values.hpp"
#include "node/store/database.hpp"

/// The tables behind `PublishList`, and all of its SQL. Changes are counted by one number that never begins anew; an era
/// is the part of them after its `base`.   @threads one.
namespace praline::index::client {

struct ListRow {
    std::int64_t id = 0;
    Entry entry;              ///< as it is shared now
    std::int64_t at = 0;      ///< the change that told of it last; not after the base: it waits to be told
    std::int64_t before = 0;  ///< while it waits: the change that had told of it before; 0: none
    bool listed = false;      ///< that change added it; else it took it away
    bool gone = false;        ///< not shared any more
    SetDigest mix;            ///< of what was told, while `listed`
};

struct ListHead {
    std::uint32_t era = 1;
    std::int64_t base = 0;         ///< the last change of the eras before
    std::int64_t head = 0;         ///< the last change of all
    std::int64_t floor = 0;        ///< changes up to it cannot be told again
    std::uint64_t entries = 0;     ///< shared now
    std::uint64_t waiting = 0;     ///< rows that the next changes tell of
    std::uint64_t tombstones = 0;  ///< rows kept to tell again that they were taken away
};

class ListStore {
public:
    explicit ListStore(std::string const& file);

    [[nodiscard]] store::Database& database() { return database_; }
    [[nodiscard]] ListHead load_head();
    void save(ListHead const& head);

    [[nodiscard]] std::optional<ListRow> find(Sha1 const& sha1);
    [[nodiscard]] std::int64_t insert(Entry const& entry);
    void update(ListRow const& row);
    /// The same, where what is shared did not change.
    void mark(ListRow const& row);
    void erase(std::int64_t id);

    struct Seen {
        std::int64_t id = 0;
        Sha1 sha1;
        bool gone = false;
    };
    [[nodiscard]] std::vector<Seen> ids_after(std::int64_t id, std::size_t most);
    [[nodiscard]] std::vector<ListRow> told_up_to(std::int64_t at, std::size_t most);
    [[nodiscard]] std::vector<ListRow> told_within(std::int64_t after, std::int64_t up_to, std::size_t most);
    /// Waiting, and told of before by a change after `after` up to `up_to`.
    [[nodiscard]] std::vector<ListRow> waiting_within(std::int64_t after, std::int64_t up_to, std::size_t most);
    /// `at` of the row that is number `count` (from 0) of those told after `after`.
    [[nodiscard]] std::optional<std::int64_t> told_after(std::int64_t after, std::size_t count);

    void add_change(std::int64_t number, SetDigest const& digest);
    [[nodiscard]] std::optional<SetDigest> digest_at(std::int64_t number);
    void overtake(std::int64_t number, std::int64_t by);
    [[nodiscard]] std::int64_t overtaken_by(std::int64_t after, std::int64_t up_to);
    void forget_changes(std::int64_t up_to);
    struct Forgotten {
        std::int64_t last = 0;
        std::size_t count = 0;
    };  ///< last: the last change that told of one of them
    /// The oldest of those that changes after `after` have told of.
    Forgotten forget_tombstones(std::int64_t after, std::size_t most);

private:
    std::vector<ListRow> rows(store::Statement& statement);
    store::Database database_;
    store::Statement find_, insert_, update_, mark_, erase_, ids_, up_to_, within_, waiting_, told_after_, add_change_,
        digest_at_, overtake_, overtaken_, save_;
};

}  // namespace praline::index::client
