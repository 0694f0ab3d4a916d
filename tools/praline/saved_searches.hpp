#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/base/time.hpp"
#include "node/store/database.hpp"
#include "search/session/search_session.hpp"
#include "webui/api/node_control.hpp"

/// Searches that the node repeats: what they may cost and when they are due (pure), and where they are kept.
namespace praline {

struct SavedLimits {
    static constexpr std::size_t searches_max = 100;
    static constexpr std::uint64_t repeat_seconds_min = 10, repeat_seconds_max = 31'536'000;
    static constexpr std::uint64_t messages_max = 1'000'000'000;   ///< of a budget
    static constexpr std::size_t results_known_max = 10'000;       ///< a saved search; what comes later is not called new
    static constexpr std::int64_t day_seconds = 86'400;
    static constexpr std::int64_t skipped_retry_seconds = 60;      ///< what was skipped for want of links or of a place is tried again
};

struct SavedSearch {
    webui::SavedSearchView view;       ///< as the API shows it
    std::int64_t day_began = 0;        ///< when the day's budget was renewed, seconds since 1970
    std::uint64_t last_cost = 0;       ///< messages of the last run
    bool has_base = false;             ///< a run has ended: what later ones find besides is new
};

/// What a run would meet now.
struct RunChances {
    std::size_t links = 0;
    bool room = true;                  ///< another search can be opened
    bool at_once = false;              ///< its strategy sends to every link at once, before anybody could stop it
};

/// A sentence about what is wrong with the interval and the budget; empty: nothing.
[[nodiscard]] std::string problem_of(webui::NewSavedSearch const& wanted);
/// Why a run must not begin now, a sentence; empty: it may.
[[nodiscard]] std::string reason_to_skip(SavedSearch const& saved, RunChances const& chances, UnixSeconds now);
/// Messages a run may still send, all budgets together; empty: there is no limit.
[[nodiscard]] std::optional<std::uint64_t> messages_left(SavedSearch const& saved, UnixSeconds now);

// What happens to a saved search.
/// Times that a clock which was ahead has left in the future: a run is never further away than one interval, and nothing
/// has happened later than now. @returns whether anything was changed.
bool mend_times(SavedSearch& saved, UnixSeconds now);
void begin_run(SavedSearch& saved, UnixSeconds now);
void skip_run(SavedSearch& saved, std::string reason, UnixSeconds now);
void spend(SavedSearch& saved, std::uint64_t messages, UnixSeconds now);

/// The saved searches in the data directory's database. Throws store::DatabaseError.   @threads one.
class SavedSearches {
public:
    explicit SavedSearches(std::string const& database_file);

    [[nodiscard]] std::vector<SavedSearch> load();
    /// Gives the id.
    void add(SavedSearch& saved);
    void update(SavedSearch const& saved);
    void erase(std::uint64_t id);
    /// Remembers what a run found. @returns how many of it no run had found before.
    std::uint64_t remember(std::uint64_t id, std::vector<search::ResultRow const*> const& rows);
    [[nodiscard]] std::uint64_t results_known(std::uint64_t id);

private:
    store::Database database_;
};

}  // namespace praline
