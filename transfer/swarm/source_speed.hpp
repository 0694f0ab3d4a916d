#pragma once

#include <cstdint>
#include <optional>

#include "node/base/time.hpp"

namespace praline::swarm {

[[nodiscard]] inline double to_seconds(Duration time) { return std::chrono::duration<double>(time).count(); }

/// How quick one source is: measured while it is to send, and no longer than a few seconds back, so that one that slows
/// down is seen to do so. Silence counts as soon as it lasts.   @threads one at a time: pure.
class SourceSpeed {
public:
    /// A request went out; the time to the first byte of its body is the latency.
    void asked(Instant now);
    /// Bytes of a body came.
    void arrived(std::uint64_t bytes, Instant now);
    /// The silence is ours: nothing was read.
    void postpone(Instant now) { last_ = now; }
    /// Nothing is due any more. A body that came at once counts from its request on.
    void rest(Instant now);

    /// It is as if nothing had been measured, but for the latency.
    void forget_rate() { measured_s_ = rate_ = 0; }

    /// Bytes a second; empty: nothing was measured yet.
    [[nodiscard]] std::optional<double> bytes_per_second(Instant now) const;
    /// From a request to the first byte of its body, smoothed; empty: not measured yet.
    [[nodiscard]] std::optional<Duration> latency() const { return latency_; }
    /// Since the last byte, or since the request when none came; zero while nothing is due.
    [[nodiscard]] Duration silent_for(Instant now) const { return is_due_ ? now - last_ : Duration{0}; }

private:
    static constexpr double memory_s = 3;  // a rate forgets what is older than a few times this

    bool is_due_ = false, has_begun_ = false;
    Instant last_{}, asked_{};
    double measured_s_ = 0;  // at most `memory_s`
    double rate_ = 0;
    std::uint64_t body_ = 0;       // of the request under way
    std::uint64_t uncounted_ = 0;  // of them: in the same instant as the last ones
    std::optional<Duration> latency_;
};

}  // namespace praline::swarm
