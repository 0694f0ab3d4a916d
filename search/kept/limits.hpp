#pragma once

#include <cstddef>
#include <cstdint>

namespace praline::search::kept {

struct SavedLimits {
    static constexpr std::size_t searches_max = 100;         ///< more than a list on a page can show at a glance
    static constexpr std::uint64_t repeat_seconds_min = 10;  ///< peers are not asked more often
    static constexpr std::uint64_t repeat_seconds_max = 31'536'000;
    static constexpr std::uint64_t messages_max = 1'000'000'000;  ///< of a budget
    static constexpr std::size_t results_known_max =
        10'000;  ///< of one saved search; what comes later is not called new
    static constexpr std::int64_t day_seconds = 86'400;
    static constexpr std::int64_t skipped_retry_seconds =
        60;  ///< a run skipped for want of links or room is tried again
};

inline constexpr std::size_t history_entries_max = 1000;  ///< the oldest is evicted

}  // namespace praline::search::kept
