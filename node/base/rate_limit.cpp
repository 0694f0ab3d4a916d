#include "node/base/rate_limit.hpp"

#include <algorithm>
#include <chrono>

#include "node/base/check.hpp"

namespace praline {
namespace {

constexpr std::int64_t per_byte = 1'000'000;  ///< credit for one byte: a rate times microseconds
/// Longer than it takes to pay the largest debt and to fill the burst; a rate times this does not overflow.
constexpr Duration settled_at_once_max = std::chrono::seconds{2};

std::int64_t price(std::size_t bytes) { return static_cast<std::int64_t>(bytes) * per_byte; }

}  // namespace

void RateLimit::set_rate(std::uint64_t bytes_per_second, Instant now) {
    settle(now);
    bool const was_limited = is_limited();
    rate_ = std::min(bytes_per_second, rate_max);
    credit_ = was_limited ? std::clamp(credit_, -price(static_cast<std::size_t>(rate_)), burst()) : 0;
}

std::size_t RateLimit::grant_bytes() const {
    return static_cast<std::size_t>(std::clamp<std::uint64_t>(rate_ / grant_part, grant_bytes_min, grant_bytes_max));
}

std::int64_t RateLimit::burst() const {
    return price(std::max(static_cast<std::size_t>(rate_ / burst_part), grant_bytes()));
}

std::size_t RateLimit::share_of(std::size_t bytes) const {
    return is_limited() ? std::min(bytes, grant_bytes()) : bytes;
}

void RateLimit::settle(Instant now) {
    auto const passed = std::clamp<Duration>(now - settled_at_, Duration{0}, settled_at_once_max);
    settled_at_ = now;
    if (is_limited()) credit_ = std::min(credit_ + passed.count() * static_cast<std::int64_t>(rate_), burst());
}

bool RateLimit::spend(std::size_t bytes) {
    if (!is_limited()) return true;
    if (credit_ < price(bytes)) return false;
    credit_ -= price(bytes);
    return true;
}

std::size_t RateLimit::take(Taker taker, std::size_t bytes, Instant now) {
    check(bytes > 0);
    settle(now);
    auto const share = share_of(bytes);
    if (line_.empty() && spend(share)) return share;
    line_.push_back({taker, bytes});
    return 0;
}

std::optional<RateLimit::Grant> RateLimit::next(Instant now) {
    settle(now);
    if (line_.empty()) return std::nullopt;
    auto const first = line_.front();
    auto const share = share_of(first.bytes);
    if (!spend(share)) return std::nullopt;
    line_.pop_front();
    return Grant{first.taker, share};
}

void RateLimit::leave(Taker taker) {
    auto const at = std::find_if(line_.begin(), line_.end(), [&](Wish const& wish) { return wish.taker == taker; });
    if (at != line_.end()) line_.erase(at);
}

void RateLimit::charge(std::size_t bytes, Instant now) {
    if (!is_limited()) return;
    settle(now);
    auto const debt_max = price(static_cast<std::size_t>(rate_));
    credit_ =
        std::max(credit_ - std::min(price(std::min(bytes, static_cast<std::size_t>(rate_max))), debt_max), -debt_max);
}

bool RateLimit::may_charge(std::size_t bytes, Instant now) {
    if (!is_limited()) return true;
    settle(now);
    return bytes <= rate_ && credit_ - price(bytes) >= -price(static_cast<std::size_t>(rate_));
}

void RateLimit::give_back(std::size_t bytes, Instant now) {
    if (!is_limited()) return;
    settle(now);
    credit_ = std::min(credit_ + price(std::min(bytes, static_cast<std::size_t>(rate_))), burst());
}

std::optional<Instant> RateLimit::next_deadline() const {
    if (line_.empty()) return std::nullopt;
    auto const missing = price(share_of(line_.front().bytes)) - credit_;
    if (!is_limited() || missing <= 0) return settled_at_;
    auto const rate = static_cast<std::int64_t>(rate_);
    return settled_at_ + Duration{missing / rate + (missing % rate != 0)};
}

}  // namespace praline
