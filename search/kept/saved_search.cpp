#include "search/kept/saved_search.hpp"

#include <algorithm>

namespace praline::search::kept {
namespace {

bool is_new_day(SavedSearch const& saved, UnixSeconds now) {
    // A clock that was set back must not leave a budget used up forever.
    return now < saved.day_began || now >= saved.day_began + SavedLimits::day_seconds;
}

std::uint64_t spent_today(SavedSearch const& saved, UnixSeconds now) {
    return is_new_day(saved, now) ? 0 : saved.messages_today;
}

std::string within(char const* name, std::uint64_t value, std::uint64_t least, std::uint64_t most) {
    if (value >= least && value <= most) return {};
    return std::string{name} + " must be from " + std::to_string(least) + " to " + std::to_string(most) + ", not " +
           std::to_string(value) + ".";
}

}  // namespace

std::string problem_of(RunBudget const& budget) {
    for (auto problem : {within("repeat_seconds", budget.repeat_seconds, SavedLimits::repeat_seconds_min,
                                SavedLimits::repeat_seconds_max),
                         within("messages_per_run", budget.messages_per_run, 0, SavedLimits::messages_max),
                         within("messages_per_day", budget.messages_per_day, 0, SavedLimits::messages_max)})
        if (!problem.empty()) return problem;
    return {};
}

std::optional<std::uint64_t> messages_left(SavedSearch const& saved, UnixSeconds now) {
    std::optional<std::uint64_t> left;
    if (saved.budget.messages_per_run > 0) left = saved.budget.messages_per_run;
    if (auto const day = saved.budget.messages_per_day; day > 0) {
        auto const today = day - std::min(day, spent_today(saved, now));
        left = left ? std::min(*left, today) : today;
    }
    return left;
}

bool is_spent(SavedSearch const& saved, UnixSeconds now) {
    auto const left = messages_left(saved, now);
    bool const run_is_spent = saved.budget.messages_per_run > 0 && saved.last_cost >= saved.budget.messages_per_run;
    return run_is_spent || (left && *left == 0);
}

std::string reason_to_skip(SavedSearch const& saved, RunChances const& chances, UnixSeconds now) {
    if (chances.links == 0) return "There was no link to another node.";
    if (!chances.room) return "Too many searches were open.";
    auto const left = messages_left(saved, now);
    if (!left) return {};
    if (*left == 0)
        return "The day's budget of " + std::to_string(saved.budget.messages_per_day) + " messages was used up.";
    if (chances.at_once && chances.links > *left)
        return "It would have sent " + std::to_string(chances.links) + " messages at once, and " +
               std::to_string(*left) + " were left of its budget.";
    bool const day_decides = saved.budget.messages_per_day > 0 &&
                             (saved.budget.messages_per_run == 0 || *left < saved.budget.messages_per_run);
    if (day_decides && saved.last_cost > *left && spent_today(saved, now) > 0)
        return "The last run cost " + std::to_string(saved.last_cost) + " messages, and " + std::to_string(*left) +
               " were left of the day's budget.";
    return {};
}

bool correct_times(SavedSearch& saved, UnixSeconds now) {
    auto const latest = now + static_cast<std::int64_t>(saved.budget.repeat_seconds);
    bool changed = false;
    auto const bound = [&](std::int64_t& time, std::int64_t most) {
        if (time <= most) return;
        time = most;
        changed = true;
    };
    bound(saved.next_at, latest);
    bound(saved.last_at, now);
    bound(saved.created_at, now);
    return changed;
}

void begin_run(SavedSearch& saved, UnixSeconds now) {
    ++saved.runs;
    saved.last_at = now;
    saved.next_at = now + static_cast<std::int64_t>(saved.budget.repeat_seconds);
    saved.last_skip.clear();
    saved.last_cost = 0;
}

void skip_run(SavedSearch& saved, std::string reason, UnixSeconds now) {
    ++saved.skips;
    saved.last_skip = std::move(reason);
    auto const repeat = static_cast<std::int64_t>(saved.budget.repeat_seconds);
    auto const left = messages_left(saved, now);
    // A run that waits for a link is tried soon; one that waits for a new day, when it is due again.
    bool const for_budget = left && *left < std::max<std::uint64_t>(saved.last_cost, 1);
    saved.next_at = now + (for_budget ? repeat : std::min(repeat, SavedLimits::skipped_retry_seconds));
}

void count_messages(SavedSearch& saved, std::uint64_t messages, UnixSeconds now) {
    if (is_new_day(saved, now)) {
        saved.day_began = now;
        saved.messages_today = 0;
    }
    saved.messages_today += messages;
    saved.last_cost += messages;
}

}  // namespace praline::search::kept
