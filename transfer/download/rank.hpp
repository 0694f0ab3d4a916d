#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace praline::download {

enum class Priority : std::uint8_t { high, normal, low };
[[nodiscard]] char const* to_string(Priority priority) noexcept;
/// "high", "normal" or "low".
[[nodiscard]] std::optional<Priority> parse_priority(std::string_view word) noexcept;

/// Which of two downloads comes first: the one of higher priority, among equals the one of lower order. No two downloads
/// have the same order.
struct Rank {
    Priority priority = Priority::normal;
    std::int64_t order = 0;
    auto operator<=>(Rank const&) const = default;
};

/// Where a download is put among those of its priority.
enum class Move : std::uint8_t { first, earlier, later, last };
/// "first", "earlier", "later" or "last".
[[nodiscard]] std::optional<Move> parse_move(std::string_view word) noexcept;

}  // namespace praline::download
