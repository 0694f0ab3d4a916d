#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

#include "tools/simulate/report/tally.hpp"

/// Numbers as text, the same on every machine.
namespace praline::simulate::report {

/// The fewest digits that are this number and no other.
[[nodiscard]] inline std::string shortest(double value) {
    std::array<char, 32> buffer{};
    return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr};
}

[[nodiscard]] inline std::string rounded(double value, int decimals) {
    std::array<char, 400> buffer{};
    return {buffer.data(),
            std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, decimals).ptr};
}

[[nodiscard]] inline std::string with_error(std::optional<Estimate> const& estimate, int decimals) {
    if (!estimate) return "-";
    return rounded(estimate->mean, decimals) + " ±" + rounded(estimate->half_width, decimals);
}

/// 1234567 as 1,234,567.
[[nodiscard]] inline std::string grouped(std::uint64_t value) {
    std::string text = std::to_string(value);
    for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
    return text;
}

}  // namespace praline::simulate::report
