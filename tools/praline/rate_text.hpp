#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Bytes a second as people write them: "200 KiB/s", "1.5 MiB/s", "10 Mbit/s", "unlimited".
namespace praline {

struct ReadRate {
    std::optional<std::uint64_t> bytes_per_second;  ///< 0: no limit; empty: see `problem`
    std::string problem;                            ///< a sentence
};
/// A number, with at most three digits behind a point, and its unit; a blank may stand between them. "0" and "unlimited"
/// are no limit.
/// @param least  bytes a second; less is refused.   @threads any: pure.
[[nodiscard]] ReadRate parse_rate(std::string_view text, std::uint64_t least);
/// The same in the largest unit that leaves no remainder; `parse_rate` reads it back as it was.
[[nodiscard]] std::string rate_text(std::uint64_t bytes_per_second);

}  // namespace praline
