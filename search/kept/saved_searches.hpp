#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "search/kept/saved_search_store.hpp"

namespace praline::search::kept {

/// All saved searches of a node, in memory and in its database. What happens to one during a run is written at once or, as
/// messages are counted all the time, with the next `flush`; what the disk refuses is logged and stays true in memory.
/// @threads one.
class SavedSearches {
public:
    /// Throws store::DatabaseError.
    explicit SavedSearches(std::string const& database_file);

    [[nodiscard]] std::map<std::uint64_t, SavedSearch> const& all() const { return all_; }
    [[nodiscard]] bool is_full() const { return all_.size() >= SavedLimits::searches_max; }
    /// Null: there is none by that id. Valid until it is erased.
    [[nodiscard]] SavedSearch const* find(std::uint64_t id) const;

    /// Due at once. Throws store::DatabaseError, and changes nothing then.   @returns its id.
    std::uint64_t add(SearchTerms terms, RunBudget const& budget, UnixSeconds now);
    /// Throws store::DatabaseError, and changes nothing then.
    void erase(std::uint64_t id);

    // A run. An id that is not there: nothing happens.
    void begin_run(std::uint64_t id, UnixSeconds now);
    void skip_run(std::uint64_t id, std::string reason, UnixSeconds now);
    /// @returns whether the run under way has sent as much as it may.
    bool count_messages(std::uint64_t id, std::uint64_t messages, UnixSeconds now);
    /// A run has ended with these rows.
    void end_run(std::uint64_t id, std::vector<ResultRow const*> const& rows);

    /// Corrects the times of all of them. @returns those that are due.
    [[nodiscard]] std::vector<std::uint64_t> due(UnixSeconds now);
    /// Writes what was counted since the last time.
    void flush();

private:
    void update(SavedSearch const& saved);

    SavedSearchStore store_;
    std::map<std::uint64_t, SavedSearch> all_;
    std::set<std::uint64_t> unwritten_;  ///< messages were counted for these since they were written
};

}  // namespace praline::search::kept
