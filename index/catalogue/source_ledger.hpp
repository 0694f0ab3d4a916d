#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "index/catalogue/source_table.hpp"
#include "index/catalogue/waiting_sources.hpp"
#include "node/store/database.hpp"

namespace praline::index::catalogue {

/// The writer's way to who holds which file: the table, what waits for it, and what this transaction does. Members throw
/// store::DatabaseError; after a failure, `undone`.
///
/// What waits is in a log on disk too, a row for each transaction, with what was taken away since. Sources settle in the
/// order of their table, some with each transaction, round and round; what was logged before a round began is not needed
/// when it ends.
class SourceLedger {
public:
    /// @param waiting_max  see CatalogueLimits::waiting_sources_max
    SourceLedger(store::Database& database, WaitingSources& waiting, std::size_t waiting_max);
    /// Puts all of the log into the table. For the start, when nothing waits.
    static void settle_log(store::Database& database);

    /// @param last  the file is newer than all others: its place in the table is where the last one went.
    void put(Source const& source, bool last);
    void remove(Source const& source);
    /// Some list says of the file what stands at `place`.
    [[nodiscard]] bool is_said(FileId file, std::size_t place);
    /// Some of the lists that say something of their own of the file.
    [[nodiscard]] std::vector<SlotId> own_lists(FileId file, std::size_t lists_max);

    /// The last of a transaction.
    void finish();
    /// What became of the transaction.
    void committed();
    void undone();

private:
    void write_log();
    void settle_some();
    [[nodiscard]] bool waits(Source const& source) const {
        return waiting_.waiting().contains(source) && !removed_.contains(source);
    }

    SourceTable table_;
    WaitingSources& waiting_;
    std::size_t waiting_max_;
    store::Statement insert_log_, delete_log_;

    /// How far the present round is.
    struct Round {
        Source next;                   ///< settles next
        std::int64_t began_after = 0;  ///< row of the log
        std::int64_t last_row = 0;     ///< of the log
        std::size_t steps = 0;         ///< in the log
        std::size_t steps_before = 0;  ///< of those, up to `began_after`
    };
    Round round_, round_before_;
    // Of this transaction:
    std::set<Source> removed_;        ///< did wait
    std::set<Source> added_;          ///< will wait; also some of those removed
    std::vector<Source> taken_away_;  ///< those and others, that the log may know
    std::vector<Source> settled_;
};

}  // namespace praline::index::catalogue
