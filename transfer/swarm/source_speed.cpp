#include "transfer/swarm/source_speed.hpp"

#include <algorithm>

namespace praline::swarm {

namespace {

constexpr double shortest_s = 0.001;

}  // namespace

void SourceSpeed::asked(Instant now) {
    is_due_ = true;
    has_begun_ = false;
    last_ = asked_ = now;
    body_ = uncounted_ = 0;
}

void SourceSpeed::arrived(std::uint64_t bytes, Instant now) {
    if (bytes == 0 || !is_due_) return;
    body_ += bytes;
    if (!has_begun_) {
        // The first bytes are no rate: nobody knows how long they were on their way.
        has_begun_ = true;
        auto const sample = now - last_;
        latency_ = latency_ ? (*latency_ * 3 + sample) / 4 : sample;
        last_ = now;
        return;
    }
    uncounted_ += bytes;
    auto const passed = to_seconds(now - last_);
    if (passed <= 0) return;
    measured_s_ = std::min(measured_s_ + passed, memory_s);
    auto const weight = std::min(1.0, passed / measured_s_);
    rate_ += weight * (static_cast<double>(uncounted_) / passed - rate_);
    uncounted_ = 0;
    last_ = now;
}

void SourceSpeed::rest(Instant now) {
    if (measured_s_ <= 0 && body_ > 0) {
        measured_s_ = std::max(to_seconds(now - asked_), shortest_s);
        rate_ = static_cast<double>(body_) / measured_s_;
        measured_s_ = std::min(measured_s_, memory_s);
    }
    // One that was given up before its first byte has at least so long a way.
    if (is_due_ && !has_begun_) latency_ = std::max(latency_.value_or(Duration{0}), now - last_);
    is_due_ = has_begun_ = false;
    body_ = uncounted_ = 0;
}

std::optional<double> SourceSpeed::bytes_per_second(Instant now) const {
    if (measured_s_ <= 0) return std::nullopt;
    if (!has_begun_) return rate_;
    auto const silence = std::max(0.0, to_seconds(now - last_));
    return rate_ * memory_s / (memory_s + silence);
}

}  // namespace praline::swarm
