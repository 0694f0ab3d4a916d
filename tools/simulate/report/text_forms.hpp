#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
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

/// 1234567.5 as 1,234,567.5.
[[nodiscard]] inline std::string grouped(double value, int decimals) {
    std::string text = rounded(std::abs(value), decimals);
    auto const point = text.find('.');
    for (std::size_t at = point == std::string::npos ? text.size() : point; at > 3; at -= 3) text.insert(at - 3, ",");
    return (value < 0 ? "-" : "") + text;
}

/// As many decimals as its interval tells anything about: two digits of that. Without an interval as many as are given, less
/// the zeros at the end.
[[nodiscard]] inline int decimals_of(Estimate const& estimate, int decimals) {
    constexpr int most = 6;
    if (estimate.half_width > 0)
        return std::clamp(1 - static_cast<int>(std::floor(std::log10(estimate.half_width))), 0, most);
    while (decimals > 0 && rounded(estimate.mean, decimals).back() == '0') --decimals;
    return decimals;
}

}  // namespace praline::simulate::report
