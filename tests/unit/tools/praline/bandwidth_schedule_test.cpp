#include "tools/praline/bandwidth_schedule.hpp"

#include <ctime>

#include <cstdlib>

#include <catch2/catch.hpp>

#include "node/base/rng.hpp"
#include "tools/praline/local_time.hpp"

namespace bandwidth_schedule_test {
using namespace praline;

namespace {

constexpr std::uint64_t kib = 1024;
enum Day : unsigned { mon, tue, wed, thu, fri, sat, sun };

BandwidthRule rule(std::string const& text) {
    auto const read = BandwidthRule::read(text);
    INFO(text << ": " << read.problem);
    REQUIRE(read.rule);
    return *read.rule;
}

WeekMinute at(Day day, unsigned hour, unsigned minute) { return {day, hour * 60 + minute}; }

/// The time zone of the process for one test. Named by its rules, so that no tables of time zones are needed.
class TimeZone {
public:
    explicit TimeZone(char const* rules) {
        if (char const* const before = std::getenv("TZ"); before != nullptr) before_ = before;
        set(rules);
    }
    ~TimeZone() { set(before_.empty() ? nullptr : before_.c_str()); }
    TimeZone(TimeZone const&) = delete;
    TimeZone& operator=(TimeZone const&) = delete;

private:
    static void set(char const* rules) {
        rules == nullptr ? ::unsetenv("TZ") : ::setenv("TZ", rules, 1);
        ::tzset();
    }
    std::string before_;
};

/// Minutes of the 24 hours from `begin` in which the rule applies, as a node asks: by its clock, minute by minute.
unsigned minutes_applied(BandwidthRule const& one, UnixSeconds begin) {
    unsigned minutes = 0;
    for (UnixSeconds time = begin; time < begin + 24 * 3600; time += 60)
        minutes += one.applies(local_week_minute(time)) ? 1 : 0;
    return minutes;
}

}  // namespace

TEST_CASE("a rule names days, a time and rates") {
    auto const one = rule("mon-fri 08:00-18:00 upload=200 KiB/s download=1 MiB/s");
    CHECK(one.text() == "mon-fri 08:00-18:00 upload=200 KiB/s download=1 MiB/s");
    CHECK(one.over({1, 2, 3}) == Rates{200 * kib, 1024 * kib, 3});
    CHECK_FALSE(one.applies(at(mon, 7, 59)));
    CHECK(one.applies(at(mon, 8, 0)));
    CHECK(one.applies(at(fri, 17, 59)));
    CHECK_FALSE(one.applies(at(fri, 18, 0)));
    CHECK_FALSE(one.applies(at(sat, 12, 0)));
}

TEST_CASE("days and time may be left out, and days may wrap round the week") {
    CHECK(rule("upload=0").applies(at(wed, 3, 0)));
    CHECK(rule("daily 08:00-24:00 overlay=16KiB/s").applies(at(sun, 23, 59)));
    auto const two = rule("SAT-mon thu upload=2kB/s");
    for (auto const day : {mon, thu, sat, sun}) CHECK(two.applies(at(day, 0, 0)));
    for (auto const day : {tue, wed, fri}) CHECK_FALSE(two.applies(at(day, 23, 59)));
}

TEST_CASE("a time across midnight belongs to the day on which it begins") {
    auto const night = rule("fri 22:00-06:00 upload=unlimited");
    CHECK_FALSE(night.applies(at(fri, 3, 0)));
    CHECK_FALSE(night.applies(at(fri, 21, 59)));
    CHECK(night.applies(at(fri, 22, 0)));
    CHECK(night.applies(at(sat, 0, 0)));
    CHECK(night.applies(at(sat, 5, 59)));
    CHECK_FALSE(night.applies(at(sat, 6, 0)));
    CHECK_FALSE(night.applies(at(sat, 22, 0)));
    CHECK(rule("sun 22:00-06:00 upload=0").applies(at(mon, 1, 0)));
}

TEST_CASE("the first rule that applies holds, and leaves what it does not name") {
    std::vector<BandwidthRule> const rules{rule("sat sun upload=1 MiB/s"), rule("22:00-06:00 download=unlimited"),
                                           rule("upload=2 MiB/s download=3 MiB/s")};
    Rates const plain{10, 20, 30};
    CHECK(rates_at(at(sat, 23, 0), plain, rules) == Rates{1024 * kib, 20, 30});
    CHECK(rates_at(at(mon, 23, 0), plain, rules) == Rates{10, 0, 30});
    CHECK(rates_at(at(mon, 12, 0), plain, rules) == Rates{2048 * kib, 3072 * kib, 30});
    CHECK(rates_at(at(mon, 12, 0), plain, {}) == plain);
}

TEST_CASE("what is wrong with a rule is told with its column") {
    struct Wrong {
        char const* text;
        std::size_t column;
        char const* says;
    };
    for (auto const& [text, column, says] : {Wrong{"", 1, "names no rate"},
                                             {"mon-fri 08:00-18:00", 20, "names no rate"},
                                             {"mon,tue upload=0", 1, "\"mon,tue\" is no day"},
                                             {"mon-fre upload=0", 1, "\"mon-fre\" is no day"},
                                             {"mon 25:00-26:00 upload=0", 5, "is no time"},
                                             {"mon 08:00-18:60 upload=0", 11, "is no time"},
                                             {"mon 24:00-06:00 upload=0", 5, "is no time"},
                                             {"mon 08:00 upload=0", 5, "is no time"},
                                             {"08:00-08:00 upload=0", 1, "is empty"},
                                             {"08:00-09:00 10:00-11:00 upload=0", 13, "second time"},
                                             {"08:00-09:00 mon upload=0", 13, "before the time"},
                                             {"mon upload=fast", 12, "upload: \"fast\" is no rate"},
                                             {"mon upload=200 download=1 MiB/s", 12, "upload: \"200\" is no rate"},
                                             {"mon upload=", 12, "is no rate"},
                                             {"mon uplaod=1 MiB/s", 5, "write upload, download or overlay"},
                                             {"mon upload=1 MiB/s upload=2 MiB/s", 20, "named twice"},
                                             {"mon upload=1 MiB/s sun tue", 20, "before the rates"},
                                             {"overlay=1 KiB/s", 9, "16 KiB/s"}}) {
        INFO(text);
        auto const read = BandwidthRule::read(text);
        REQUIRE_FALSE(read.rule);
        CHECK(read.column == column);
        CHECK(read.problem.find(says) != std::string::npos);
        CHECK(read.problem.ends_with('.'));
    }
}

TEST_CASE("any text is a rule or has a problem at a column of it") {
    Rng rng{1};
    std::string const letters = "mon-fri 08:24=uploadKiB/s.\t,";
    for (unsigned run = 0; run < 20'000; ++run) {
        std::string text;
        for (auto left = rng.below(30); left > 0; --left) text += letters[rng.below(letters.size())];
        auto const read = BandwidthRule::read(text);
        INFO(text);
        REQUIRE(read.rule.has_value() == read.problem.empty());
        if (!read.rule) REQUIRE((read.column >= 1 && read.column <= text.size() + 1));
    }
}

TEST_CASE("on the days on which summer time begins and ends the clock on the wall decides") {
    TimeZone const zone{"CET-1CEST,M3.5.0,M10.5.0/3"};
    UnixSeconds const spring = 1774738800;  // 2026-03-29 00:00 CET: 02:00 becomes 03:00
    UnixSeconds const autumn = 1792879200;  // 2026-10-25 00:00 CEST: 03:00 becomes 02:00
    UnixSeconds const plain = 1780178400;   // 2026-05-31 00:00 CEST
    for (auto const begin : {spring, autumn, plain}) {
        CHECK(local_week_minute(begin).day == sun);
        CHECK(local_week_minute(begin).minute == 0);
    }
    auto const skipped = rule("sun 02:00-03:00 upload=0"), across = rule("sun 01:30-03:30 upload=0");
    CHECK(minutes_applied(skipped, plain) == 60);
    CHECK(minutes_applied(skipped, spring) == 0);
    CHECK(minutes_applied(skipped, autumn) == 120);
    CHECK(minutes_applied(across, plain) == 120);
    CHECK(minutes_applied(across, spring) == 60);
    CHECK(minutes_applied(across, autumn) == 180);
    auto const night = rule("sat 22:00-06:00 upload=0");
    CHECK(minutes_applied(night, spring - 12 * 3600) == 7 * 60);
    CHECK(minutes_applied(night, autumn - 12 * 3600) == 9 * 60);
    CHECK(minutes_applied(night, plain - 12 * 3600) == 8 * 60);
}

}  // namespace bandwidth_schedule_test
