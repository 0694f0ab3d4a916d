#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "node/base/time.hpp"

namespace praline {

/// Credit that grows with time: so many a second, so many at once. Eight bytes: what is kept is the instant at which
/// the credit would be full again.
/// @threads any, one at a time: a value.
class Rate {
public:
    /// Takes one if more than `reserve` would be left for what is worth more. @param per_second 0: no limit; above
    /// 1,000,000 counts as that, and between whole microseconds the next higher rate holds.
    [[nodiscard]] bool take(Instant now, std::uint32_t per_second, std::uint32_t burst, std::uint32_t reserve = 0) {
        if (per_second == 0) return true;
        Duration const one{each(per_second)};
        Instant const full = std::max(full_at_, now) + one;
        if (full - now > one * (std::int64_t{burst} - std::min(reserve, burst))) return false;
        full_at_ = full;
        return true;
    }

    /// Takes `units` whether they are there or not: what was let in has turned out to cost more. Nothing is left then
    /// until the debt is paid, which never grows beyond `debt_max` units.
    void owe(Instant now, std::uint32_t per_second, std::uint32_t burst, std::uint32_t units, std::uint32_t debt_max) {
        if (per_second == 0) return;
        Duration const one{each(per_second)};
        full_at_ = std::min(std::max(full_at_, now) + one * std::int64_t{units},
                            std::max(full_at_, now + one * (std::int64_t{burst} + debt_max)));
    }

    /// What is left of `burst`.
    [[nodiscard]] std::uint32_t left(Instant now, std::uint32_t per_second, std::uint32_t burst) const {
        if (per_second == 0 || full_at_ <= now) return burst;
        std::int64_t const used = (full_at_ - now).count() / each(per_second);
        return used >= burst ? 0 : burst - static_cast<std::uint32_t>(used);
    }
    /// When no more than `missing` will be missing, if nothing is taken until then.
    [[nodiscard]] Instant regained_at(std::uint32_t per_second, std::uint32_t missing) const {
        return full_at_ - Duration{each(per_second)} * std::int64_t{missing};
    }

private:
    static std::int64_t each(std::uint32_t per_second) {
        constexpr std::int64_t second = 1'000'000;
        return per_second == 0 ? 1 : std::max<std::int64_t>(second / per_second, 1);
    }
    Instant full_at_{};
};

}  // namespace praline
