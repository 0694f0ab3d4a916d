#pragma once

#include <cstdint>
#include <string>

#include "node/base/bytes.hpp"
#include "node/base/time.hpp"

/// The real clock and entropy, which no core may ask for.
namespace praline::net {

/// Monotonic, from an arbitrary start. @threads any.
[[nodiscard]] Instant now();
[[nodiscard]] UnixSeconds unix_now();
/// From the kernel's generator. @threads any.
[[nodiscard]] std::uint64_t entropy();
[[nodiscard]] Bytes entropy_bytes(std::size_t count);

}  // namespace praline::net
