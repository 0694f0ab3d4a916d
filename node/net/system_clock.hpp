#pragma once

#include <chrono>

#include "node/base/time.hpp"

/// The clocks of the machine, which no core may ask for.
namespace praline::net {

/// Monotonic, from an arbitrary start. @threads any.
[[nodiscard]] Instant now();
/// As the machine's clock has it; it may jump. @threads any.
[[nodiscard]] UnixSeconds unix_now();
/// An instant of `now` as timers of Asio take it. @threads any.
[[nodiscard]] std::chrono::steady_clock::time_point to_steady(Instant instant);

}  // namespace praline::net
