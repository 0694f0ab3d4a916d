#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "node/base/time.hpp"

/// What a server counts for its status. For people to read: nothing is decided by it.   @threads one.
namespace praline::index::server {

/// Times in microseconds, of the last `LatencyWindow::samples_max` of them at most; `count` and `sum_us` are of all.
struct Latency {
    std::uint64_t count = 0;
    double sum_us = 0, p50_us = 0, p90_us = 0, p99_us = 0, max_us = 0;
};

class LatencyWindow {
public:
    static constexpr std::size_t samples_max = 4096;
    void add(Duration took);
    /// Nearest rank; `max_us` is of the window too.
    [[nodiscard]] Latency summary() const;

private:
    std::vector<std::uint32_t> samples_;  ///< a ring once it is full
    std::size_t next_ = 0;
    std::uint64_t count_ = 0;
    double sum_us_ = 0;
};

/// How often something happened in the last ten whole seconds.
class RecentRate {
public:
    static constexpr std::size_t seconds = 10;
    void count(Instant now, std::uint32_t times = 1);
    [[nodiscard]] double per_second(Instant now) const;

private:
    struct Slot {
        std::int64_t second = -1;
        std::uint64_t times = 0;
    };
    std::array<Slot, seconds + 1> slots_{};  ///< one more: the second that is not over yet
};

}  // namespace praline::index::server
