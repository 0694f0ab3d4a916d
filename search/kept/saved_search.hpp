#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "node/base/time.hpp"
#include "search/kept/limits.hpp"
#include "search/session/search_parameters.hpp"

/// A search that the node repeats: what it may cost and when it is due. Pure: the clock is handed in.
namespace praline::search::kept {

/// A search as its user asked for it. The strategy is kept by name: another version of the program may not know it.
struct SearchTerms {
    std::string text;  ///< words, a URN or a magnet link
    std::string strategy;
    ParameterValues parameters;
};

/// How often a search is repeated and what it may send.
struct RunBudget {
    std::uint64_t repeat_seconds = 0;
    std::uint64_t messages_per_run = 0;  ///< 0: as many as it takes
    std::uint64_t messages_per_day = 0;  ///< 0: as many as it takes
};

struct SavedSearch {
    std::uint64_t id = 0;
    SearchTerms terms;
    RunBudget budget;
    UnixSeconds created_at = 0;
    UnixSeconds next_at = 0;
    UnixSeconds last_at = 0;  ///< 0: it has not run yet
    std::uint64_t runs = 0;
    std::uint64_t skips = 0;
    std::string last_skip;             ///< a sentence; empty: the last run was not skipped
    UnixSeconds day_began = 0;         ///< when the day's budget was renewed
    std::uint64_t messages_today = 0;  ///< since then
    std::uint64_t last_cost = 0;       ///< messages of the last run
    std::uint64_t results_known = 0;   ///< found by any run
    std::uint64_t new_results = 0;     ///< found by the last run that has ended, and by none before
    bool has_base = false;             ///< a run has ended: what later ones find besides is new
};

/// What a run would meet now.
struct RunChances {
    std::size_t links = 0;
    bool room = true;      ///< another search can be opened
    bool at_once = false;  ///< its strategy sends to every link at once, before it could be stopped
};

/// A sentence about the first value that is out of bounds; empty: all are fine.
[[nodiscard]] std::string problem_of(RunBudget const& budget);
/// Why a run must not begin now, a sentence; empty: it may.
[[nodiscard]] std::string reason_to_skip(SavedSearch const& saved, RunChances const& chances, UnixSeconds now);
/// Messages a run may still send, all budgets together; empty: there is no limit.
[[nodiscard]] std::optional<std::uint64_t> messages_left(SavedSearch const& saved, UnixSeconds now);
/// The run under way has sent as much as it may.
[[nodiscard]] bool is_spent(SavedSearch const& saved, UnixSeconds now);

// What happens to a saved search.
/// Corrects times that a clock which was ahead has left in the future: a run is never further away than one interval, and
/// nothing has happened later than now. @returns whether anything was changed.
bool correct_times(SavedSearch& saved, UnixSeconds now);
void begin_run(SavedSearch& saved, UnixSeconds now);
void skip_run(SavedSearch& saved, std::string reason, UnixSeconds now);
void count_messages(SavedSearch& saved, std::uint64_t messages, UnixSeconds now);

}  // namespace praline::search::kept
