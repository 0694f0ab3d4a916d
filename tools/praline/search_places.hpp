#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>

#include "node/base/time.hpp"

namespace praline {

/// Which search is evicted when there are as many as there may be: one that asks no more peers and that was looked at the longest time
/// ago. Searches that a page keeps open stay. Pure: the clock is handed in.   @threads one.
class SearchPlaces {
public:
    /// What a page keeps open it says again within this time, also from a tab in the background, which browsers slow down.
    static constexpr std::chrono::seconds kept_for{180};
    /// One that still asks is left alone for so long after it was looked at: a caller may be waiting for its results.
    static constexpr std::chrono::seconds asking_for{5};

    /// A search as it stands.
    struct Candidate {
        std::uint32_t id = 0;
        bool asks = false;   ///< its strategy may still ask peers
        bool saved = false;  ///< the last run of a saved search, which its page leads to
    };

    /// It was opened, or it or its results were read.
    void read(std::uint32_t id, Instant now);
    /// A page has it open, and says so again before `kept_for` is over.
    void keep(std::uint32_t id, Instant now);
    void forget(std::uint32_t id) { places_.erase(id); }
    /// Empty: each of them is kept, or asks and was just read.
    [[nodiscard]] std::optional<std::uint32_t> victim(std::span<Candidate const> candidates, Instant now) const;

private:
    struct Place {
        Instant read{};
        std::optional<Instant> kept_until{};
    };
    std::map<std::uint32_t, Place> places_;  // one for each search there is
};

}  // namespace praline
