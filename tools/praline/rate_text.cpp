#include "tools/praline/rate_text.hpp"

#include <algorithm>
#include <array>

#include "node/base/rate_limit.hpp"
#include "node/base/text.hpp"

namespace praline {
namespace {

struct Unit {
    std::string_view name;
    std::uint64_t bytes;
};
/// The first ones are those that rates are shown in, the largest of a kind first.
constexpr std::array units{
    Unit{"GiB/s", 1 << 30},      Unit{"MiB/s", 1 << 20},  Unit{"KiB/s", 1 << 10}, Unit{"GB/s", 1'000'000'000},
    Unit{"MB/s", 1'000'000},     Unit{"kB/s", 1000},      Unit{"B/s", 1},         Unit{"KB/s", 1000},
    Unit{"Gbit/s", 125'000'000}, Unit{"Mbit/s", 125'000}, Unit{"kbit/s", 125}};

constexpr std::size_t decimals_max = 3;
constexpr std::uint64_t thousand = 1000;  ///< 10 to the power of `decimals_max`
constexpr std::size_t digits_max = 13;    ///< as many as the largest rate has in bytes

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// "1.5" as 1500.
std::optional<std::uint64_t> thousandths(std::string_view number) {
    auto const point = std::min(number.find('.'), number.size());
    auto const whole = number.substr(0, point);
    auto decimals = std::string{number.substr(std::min(point + 1, number.size()))};
    if (point != number.size() && decimals.empty()) return std::nullopt;
    if (whole.size() > digits_max || decimals.size() > decimals_max) return std::nullopt;
    decimals.resize(decimals_max, '0');
    auto const left = parse_number(whole), right = parse_number(decimals);
    if (!left || !right) return std::nullopt;
    return *left * thousand + *right;
}

ReadRate problem(std::string sentence) { return {std::nullopt, std::move(sentence)}; }

}  // namespace

ReadRate parse_rate(std::string_view text, std::uint64_t least) {
    auto const trimmed = trim(text);
    if (trimmed == "unlimited" || trimmed == "0") return {0, {}};
    auto const digits =
        std::find_if_not(trimmed.begin(), trimmed.end(), [](char c) { return is_digit(c) || c == '.'; });
    auto const length = static_cast<std::size_t>(digits - trimmed.begin());
    auto const number = thousandths(trimmed.substr(0, length));
    auto const name = trim(trimmed.substr(length));
    auto const unit = std::find_if(units.begin(), units.end(), [&](Unit const& one) { return one.name == name; });
    if (!number || unit == units.end())
        return problem("\"" + std::string{trimmed} +
                       "\" is no rate: write a number and a unit, such as 200 KiB/s, 1.5 MiB/s or 10 Mbit/s; or "
                       "unlimited.");
    if (*number / thousand > RateLimit::rate_max / unit->bytes)
        return problem("the most that can be set is " + rate_text(RateLimit::rate_max) + ".");
    auto const rate = *number * unit->bytes / thousand;
    if (rate < least)
        return problem("the least that can be set is " + rate_text(least) + "; 0 and unlimited are no limit.");
    return {rate, {}};
}

std::string rate_text(std::uint64_t bytes_per_second) {
    if (bytes_per_second == 0) return "unlimited";
    auto const unit =
        std::find_if(units.begin(), units.end(), [&](Unit const& one) { return bytes_per_second % one.bytes == 0; });
    return std::to_string(bytes_per_second / unit->bytes) + ' ' + std::string{unit->name};
}

}  // namespace praline
