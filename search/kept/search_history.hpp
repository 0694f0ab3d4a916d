#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "node/store/database.hpp"
#include "search/kept/limits.hpp"
#include "search/kept/saved_search.hpp"
#include "search/session/search_cost.hpp"

namespace praline::search::kept {

/// A search that has ended, or was under way when the node died.
struct HistoryEntry {
    std::uint64_t id = 0;
    SearchTerms terms;
    UnixSeconds started_at = 0;
    Duration lasted{};         ///< kept in milliseconds, as the times of the cost
    bool interrupted = false;  ///< the node died before it ended: what it found and cost is not known, and 0
    std::uint64_t rows = 0, hits = 0, dropped = 0;
    std::uint64_t saved_search = 0;  ///< which one repeated it; 0: its user began it
    SearchCost cost;
};

/// The searches that have ended, in the data directory's database; those that were under way when the node died are among
/// them as interrupted. Bounded: the oldest is evicted.
/// Throws store::DatabaseError.   @threads one.
class SearchHistory {
public:
    explicit SearchHistory(std::string const& database_file, std::size_t entries_max = history_entries_max);

    /// A search is under way: nothing of it is shown unless we die before it ends. @returns the handle of its entry.
    [[nodiscard]] std::uint64_t begin(HistoryEntry const& entry);
    /// It has ended. @param id  as `begin` gave it; 0: there was no `begin`.
    void end(std::uint64_t id, HistoryEntry const& entry);
    /// The one that began last first.
    [[nodiscard]] std::vector<HistoryEntry> page(std::size_t offset, std::size_t count);
    [[nodiscard]] std::uint64_t size();
    /// False: there is no such entry.
    bool erase(std::uint64_t id);
    void erase_all();

private:
    void write(std::uint64_t id, HistoryEntry const& entry, std::int64_t lasted_ms);

    store::Database database_;
    std::size_t entries_max_;
};

}  // namespace praline::search::kept
