#pragma once

#include <chrono>
#include <cstdint>

#include "node/base/time.hpp"

namespace praline::upload {

/// Whether a peer takes what it is sent fast enough to keep a slot that others want. Measured over whole windows, so
/// that a pause within one does not count.
/// @threads one at a time: a value, pure.
class RateFloor {
public:
    RateFloor(std::uint64_t bytes_per_second_min, Duration window) : rate_min_{bytes_per_second_min}, window_{window} {}

    /// Another body begins at `now`.
    void start(Instant now) { opened_ = Opened{now, 0}; }
    /// `taken_bytes`: what the peer has taken of the body so far. @returns true at the end of a window in which it was
    /// less than the floor. @pre `start` was called; `now` never goes backwards.
    [[nodiscard]] bool is_below(std::uint64_t taken_bytes, Instant now) {
        if (now - opened_.at < window_) return false;
        // In whole milliseconds: a window is some seconds, and a rate times microseconds could overflow.
        auto const spent_ms = static_cast<std::uint64_t>((now - opened_.at) / std::chrono::milliseconds{1});
        auto const taken = taken_bytes > opened_.taken_bytes ? taken_bytes - opened_.taken_bytes : 0;
        opened_ = Opened{now, taken_bytes};
        return taken < rate_min_ * spent_ms / 1000;
    }

    /// The peer has taken all it was sent and gets no more for now, through no fault of its own: the window begins anew.
    void excuse(std::uint64_t taken_bytes, Instant now) { opened_ = Opened{now, taken_bytes}; }

private:
    struct Opened {
        Instant at{};
        std::uint64_t taken_bytes = 0;
    };
    std::uint64_t rate_min_;
    Duration window_;
    Opened opened_;
};

}  // namespace praline::upload
