#pragma once

#include <cstdint>
#include <optional>

#include "node/overlay/overlay.hpp"

namespace praline::overlay {

/// The kind of a message by its function. Empty: of no kind that is counted apart.
[[nodiscard]] std::optional<Kind> kind_of(std::uint8_t function) noexcept;

/// Counts messages that were not sent or not taken, in all and, if they are of a kind, by kind.
void count_dropped(Counters& counters, DropReason reason, std::optional<Kind> kind, std::uint64_t count = 1);

}  // namespace praline::overlay
