#include "tools/praline/bandwidth_schedule.hpp"

#include <algorithm>
#include <array>

#include "node/base/text.hpp"
#include "tools/praline/rate_text.hpp"

namespace praline {
namespace {

constexpr unsigned days_of_week = 7, minutes_of_hour = 60, minutes_of_day = 24 * minutes_of_hour;
constexpr unsigned every_day = (1U << days_of_week) - 1;
constexpr std::array<std::string_view, days_of_week> day_names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

struct Word {
    std::string_view text;
    std::size_t column = 0;  ///< from 1
};

std::vector<Word> words_of(std::string_view text) {
    std::vector<Word> words;
    for (std::size_t at = 0; at < text.size();) {
        auto const begin = text.find_first_not_of(" \t", at);
        if (begin == std::string_view::npos) break;
        auto const end = std::min(text.find_first_of(" \t", begin), text.size());
        words.push_back({text.substr(begin, end - begin), begin + 1});
        at = end;
    }
    return words;
}

std::string quoted(std::string_view text) { return '"' + std::string{text} + '"'; }

std::optional<unsigned> day_of(std::string_view name) {
    auto const found = std::find(day_names.begin(), day_names.end(), to_lower_ascii(name));
    if (found == day_names.end()) return std::nullopt;
    return static_cast<unsigned>(found - day_names.begin());
}

/// "08:30" as minutes, up to "24:00".
std::optional<unsigned> minute_of(std::string_view text) {
    auto const colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon > 2 || text.size() - colon != 3) return std::nullopt;
    auto const hours = parse_number(text.substr(0, colon)), minutes = parse_number(text.substr(colon + 1));
    if (!hours || !minutes || *minutes >= minutes_of_hour) return std::nullopt;
    auto const all = *hours * minutes_of_hour + *minutes;
    return all > minutes_of_day ? std::nullopt : std::optional{static_cast<unsigned>(all)};
}

}  // namespace

/// Reads one rule, word by word. The first fault ends it.
class RuleReader {
public:
    explicit RuleReader(std::string_view text) : text_{text}, words_{words_of(text)} {}

    BandwidthRule::Read read() {
        rule_.text_ = std::string{trim(text_)};
        rule_.end_ = minutes_of_day;
        while (more() && word().text.find('=') == std::string_view::npos && !failed()) {
            auto const first = word().text.front();
            first >= '0' && first <= '9' ? read_time() : read_days();
        }
        if (rule_.days_ == 0) rule_.days_ = every_day;
        if (!failed() && !more())
            fail(text_.size() + 1,
                 "it names no rate: write upload=, download= or overlay= and a rate, such as "
                 "upload=200 KiB/s.");
        while (more() && !failed()) read_rate();
        if (failed()) return {std::nullopt, column_, problem_};
        return {rule_, 0, {}};
    }

private:
    [[nodiscard]] bool more() const { return at_ < words_.size(); }
    [[nodiscard]] Word const& word() const { return words_[at_]; }
    [[nodiscard]] bool failed() const { return !problem_.empty(); }
    void fail(std::size_t column, std::string problem) {
        column_ = column;
        problem_ = std::move(problem);
    }

    void read_days() {
        auto const [text, column] = word();
        if (timed_) return fail(column, quoted(text) + " must stand before the time.");
        ++at_;
        if (to_lower_ascii(text) == "daily") {
            rule_.days_ |= every_day;
            return;
        }
        auto const dash = std::min(text.find('-'), text.size());
        auto const first = day_of(text.substr(0, dash));
        auto const last = dash == text.size() ? first : day_of(text.substr(dash + 1));
        if (!first || !last)
            return fail(column, quoted(text) +
                                    " is no day: write mon, tue, wed, thu, fri, sat, sun, a range such as mon-fri, or "
                                    "daily, with blanks between them.");
        for (unsigned day = *first;; day = (day + 1) % days_of_week) {
            rule_.days_ |= 1U << day;
            if (day == *last) return;
        }
    }

    void read_time() {
        auto const [text, column] = word();
        if (timed_) return fail(column, quoted(text) + " is a second time: write a rule for each.");
        timed_ = true;
        ++at_;
        auto const dash = std::min(text.find('-'), text.size());
        auto const begin = minute_of(text.substr(0, dash));
        auto const end = dash == text.size() ? std::nullopt : minute_of(text.substr(dash + 1));
        if (!begin || !end || *begin == minutes_of_day)
            return fail(begin && *begin < minutes_of_day && dash != text.size() ? column + dash + 1 : column,
                        quoted(text) + " is no time: write HH:MM-HH:MM, such as 08:00-18:00 or 22:00-06:00.");
        if (*begin == *end)
            return fail(column, quoted(text) + " is empty: leave the time out if the rule is for the whole day.");
        rule_.begin_ = *begin;
        rule_.end_ = *end;
    }

    void read_rate() {
        auto const [text, column] = word();
        ++at_;
        auto const equals = text.find('=');
        if (equals == std::string_view::npos)
            return fail(column, quoted(text) + " must stand before the rates, or belongs to none of them.");
        auto const name = text.substr(0, equals);
        auto* const rate = name == "upload"     ? &rule_.upload_
                           : name == "download" ? &rule_.download_
                           : name == "overlay"  ? &rule_.overlay_
                                                : nullptr;
        if (rate == nullptr)
            return fail(column, quoted(name) + " is no rate that can be set: write upload, download or overlay.");
        if (*rate) return fail(column, std::string{name} + " is named twice.");
        // "200 KiB/s" is two words.
        auto end = column + text.size() - 1;
        if (more() && word().text.find('=') == std::string_view::npos) {
            end = word().column + word().text.size() - 1;
            ++at_;
        }
        auto const begin = column + equals;
        auto const least = name == "upload"     ? upload_rate_min
                           : name == "download" ? download_rate_min
                                                : overlay_rate_min;
        auto const read = parse_rate(text_.substr(begin, end - begin), least);
        if (!read.bytes_per_second) return fail(begin + 1, std::string{name} + ": " + read.problem);
        *rate = read.bytes_per_second;
    }

    std::string_view text_;
    std::vector<Word> words_;
    std::size_t at_ = 0;
    bool timed_ = false;
    BandwidthRule rule_;
    std::size_t column_ = 0;
    std::string problem_;
};

BandwidthRule::Read BandwidthRule::read(std::string_view text) { return RuleReader{text}.read(); }

bool BandwidthRule::applies(WeekMinute at) const {
    auto const on = [this](unsigned day) { return (days_ >> day & 1U) != 0; };
    if (begin_ < end_) return on(at.day) && at.minute >= begin_ && at.minute < end_;
    auto const yesterday = (at.day + days_of_week - 1) % days_of_week;
    return (on(at.day) && at.minute >= begin_) || (on(yesterday) && at.minute < end_);
}

Rates BandwidthRule::over(Rates rates) const {
    return {upload_.value_or(rates.upload), download_.value_or(rates.download), overlay_.value_or(rates.overlay)};
}

Rates rates_at(WeekMinute at, Rates const& plain, std::vector<BandwidthRule> const& rules) {
    auto const rule = std::find_if(rules.begin(), rules.end(), [&](auto const& one) { return one.applies(at); });
    return rule == rules.end() ? plain : rule->over(plain);
}

}  // namespace praline
