#pragma once

#include <chrono>
#include <cstdint>

namespace praline {

/// The clock has no now(), so nobody in a core can ask: time is handed in by the host.
struct NodeClock {
    using duration = std::chrono::microseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<NodeClock, duration>;
    static constexpr bool is_steady = true;
};
using Duration = NodeClock::duration;
using Instant = NodeClock::time_point;

/// Seconds since 1970, for what is kept on disk or shown to people. Handed in like `Instant`.
using UnixSeconds = std::int64_t;

}  // namespace praline
