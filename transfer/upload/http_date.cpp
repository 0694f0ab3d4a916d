#include "transfer/upload/http_date.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

#include <fmt/core.h>

#include "node/base/text.hpp"

namespace praline::upload {

namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::size_t date_bytes_max = 64;

/// Words between blanks, commas and dashes: what the three forms have in common.
std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        auto const end = std::min(text.find_first_of(" ,-"), text.size());
        if (end > 0) words.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

std::optional<year> year_of(std::string_view text) {
    auto const number = parse_number(text);
    if (!number || *number > 9999 || (text.size() != 2 && text.size() != 4)) return std::nullopt;
    auto const full = text.size() == 4 ? *number : *number + (*number < 70 ? 2000U : 1900U);
    return year{static_cast<int>(full)};
}

std::optional<month> month_of(std::string_view text) {
    auto const at = std::find(months.begin(), months.end(), text);
    if (at == months.end()) return std::nullopt;
    return month{static_cast<unsigned>(at - months.begin()) + 1};
}

std::optional<day> day_of(std::string_view text) {
    auto const number = parse_number(text);
    if (!number || *number < 1 || *number > 31) return std::nullopt;
    return day{static_cast<unsigned>(*number)};
}

std::optional<seconds> time_of(std::string_view text) {
    if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
    auto const hour = parse_number(text.substr(0, 2)), minute = parse_number(text.substr(3, 2)),
               second = parse_number(text.substr(6));
    if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    return seconds{static_cast<std::int64_t>(*hour * 3600 + *minute * 60 + *second)};
}

}  // namespace

std::string http_date(std::int64_t unix_seconds) {
    sys_seconds const at{seconds{unix_seconds}};
    auto const date = floor<std::chrono::days>(at);
    year_month_day const parts{date};
    hh_mm_ss const time{at - date};
    auto const year = static_cast<int>(parts.year());
    if (year < 1 || year > 9999) return {};
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days[weekday{date}.c_encoding()],
                       static_cast<unsigned>(parts.day()), months[static_cast<unsigned>(parts.month()) - 1], year,
                       time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::optional<std::int64_t> parse_http_date(std::string_view text) {
    if (text.size() > date_bytes_max) return std::nullopt;
    auto const words = words_of(trim(text));
    // asctime: "Sun Nov  6 08:49:37 1994"; the others: "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT".
    bool const is_asctime = words.size() == 5;
    if (!is_asctime && (words.size() != 6 || words[5] != "GMT")) return std::nullopt;
    auto const day = day_of(words[is_asctime ? 2 : 1]);
    auto const month = month_of(words[is_asctime ? 1 : 2]);
    auto const year = year_of(words[is_asctime ? 4 : 3]);
    auto const time = time_of(words[is_asctime ? 3 : 4]);
    if (!day || !month || !year || !time) return std::nullopt;
    year_month_day const date{*year, *month, *day};
    if (!date.ok()) return std::nullopt;
    return (sys_days{date} + *time).time_since_epoch().count();
}

}  // namespace praline::upload
