#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "node/base/address.hpp"
#include "node/base/time.hpp"

namespace praline::overlay {

/// Addresses that were served not long ago. Bounded by age and by number.
/// @threads any, one at a time: a value.
class RecentAddresses {
public:
    /// What becomes of a new address when there are too many.
    enum class WhenFull : unsigned char { evict_oldest, refuse };

    /// Notes an address as served now. False: it was served within `again_after`, or there is no room for it.
    [[nodiscard]] bool admit(AddressPrefix address, Instant now, Duration again_after, std::size_t addresses_max,
                             WhenFull when_full) {
        std::erase_if(served_, [&](auto const& one) { return now - one.second >= again_after; });
        if (std::any_of(served_.begin(), served_.end(), [&](auto const& one) { return one.first == address; }))
            return false;
        if (served_.size() >= addresses_max) {
            if (when_full == WhenFull::refuse || served_.empty()) return false;
            served_.erase(served_.begin());
        }
        served_.emplace_back(address, now);
        return true;
    }
    [[nodiscard]] std::size_t size() const { return served_.size(); }

private:
    std::vector<std::pair<AddressPrefix, Instant>> served_;  // oldest first
};

}  // namespace praline::overlay
