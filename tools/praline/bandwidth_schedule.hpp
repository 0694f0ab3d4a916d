#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Limits of bandwidth, and rules that change them by the day of the week and the time of day.
namespace praline {

/// Bytes a second; 0: no limit.
struct Rates {
    std::uint64_t upload = 0;    ///< of files to all peers together
    std::uint64_t download = 0;  ///< of files from all peers together
    std::uint64_t overlay = 0;   ///< sent on links and in datagrams
    friend bool operator==(Rates const&, Rates const&) = default;
};

constexpr std::uint64_t upload_rate_min = 1024;
/// Shared by the 16 sources of a download, that leaves each at the floor under its speed (transfer/download/limits.hpp).
constexpr std::uint64_t download_rate_min = 16 * 1024;
/// 100 links with 16 KiB each on their way are served within 100 s: a link on which nothing goes for longer than three
/// minutes is given up (node/overlay/limits.hpp).
constexpr std::uint64_t overlay_rate_min = 16 * 1024;

/// A moment of the week by the clock on the wall.
struct WeekMinute {
    unsigned day = 0;     ///< 0: Monday
    unsigned minute = 0;  ///< since midnight
};

/// One rule of a schedule, such as "mon-fri 08:00-18:00 upload=200 KiB/s download=1 MiB/s".
/// Days: one or more of mon, tue … sun, ranges of them such as sat-mon, or daily; none: daily. Time: HH:MM-HH:MM, its end
/// not included; an end before its begin is on the next morning; none: the whole day. Then one rate or more: upload=,
/// download=, overlay=.   @threads any: a value, pure.
class BandwidthRule {
public:
    struct Read;
    [[nodiscard]] static Read read(std::string_view text);

    [[nodiscard]] bool applies(WeekMinute at) const;
    /// With the rates that it names.
    [[nodiscard]] Rates over(Rates rates) const;
    /// As it was written.
    [[nodiscard]] std::string const& text() const { return text_; }

private:
    friend class RuleReader;
    std::string text_;
    unsigned days_ = 0;             ///< a bit each, Monday first
    unsigned begin_ = 0, end_ = 0;  ///< minutes since midnight
    std::optional<std::uint64_t> upload_, download_, overlay_;
};

struct BandwidthRule::Read {
    std::optional<BandwidthRule> rule;  ///< empty: see `problem`
    std::size_t column = 0;             ///< of what is wrong, from 1
    std::string problem;                ///< a sentence
};

/// The rates of the first rule that applies; what it does not name, and all if none does, is as in `plain`.
[[nodiscard]] Rates rates_at(WeekMinute at, Rates const& plain, std::vector<BandwidthRule> const& rules);

}  // namespace praline
