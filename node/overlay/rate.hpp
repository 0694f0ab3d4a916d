#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "node/base/time.hpp"

namespace praline::overlay {

/// Credit that grows with time: so many a second, so many at once. Eight octets: what is kept is the instant at which
/// the credit would be full again.
/// @threads any, one at a time: a value.
class Rate {
public:
    /// Takes one if more than `reserve` would be left for what is worth more. @param per_second 0: no limit; above
    /// 1,000,000 counts as that, and between whole microseconds the next higher rate holds.
    [[nodiscard]] bool take(Instant now, std::uint32_t per_second, std::uint32_t burst, std::uint32_t reserve = 0) {
        if (per_second == 0) return true;
        constexpr std::int64_t second = 1'000'000;
        std::int64_t const each = std::max<std::int64_t>(second / per_second, 1);
        Instant const full = std::max(full_at_, now) + Duration{each};
        if (full - now > Duration{each} * (std::int64_t{burst} - std::min(reserve, burst))) return false;
        full_at_ = full;
        return true;
    }

private:
    Instant full_at_{};
};

}  // namespace praline::overlay
