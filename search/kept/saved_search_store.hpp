#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "node/store/database.hpp"
#include "search/kept/saved_search.hpp"
#include "search/session/search_session.hpp"

namespace praline::search::kept {

/// The saved searches in the data directory's database. Throws store::DatabaseError.   @threads one.
class SavedSearchStore {
public:
    explicit SavedSearchStore(std::string const& database_file);

    [[nodiscard]] std::vector<SavedSearch> load();
    /// Sets the id.
    void add(SavedSearch& saved);
    void update(SavedSearch const& saved);
    void erase(std::uint64_t id);
    /// Remembers what a run found. @returns how many of it no run had found before.
    std::uint64_t remember(std::uint64_t id, std::vector<ResultRow const*> const& rows);
    [[nodiscard]] std::uint64_t results_known(std::uint64_t id);

private:
    store::Database database_;
};

}  // namespace praline::search::kept
