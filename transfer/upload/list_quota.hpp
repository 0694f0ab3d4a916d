#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>

#include "node/base/address.hpp"
#include "node/base/time.hpp"

namespace praline::upload {

/// How many lists of what is shared are given within one `window`: a list costs as much as a file, and nobody needs it
/// again and again.
struct ListLimits {
    std::size_t per_address_max = 10;
    std::size_t total_max = 256;
    std::chrono::minutes window{60};
};

/// Who was given a list lately.   @threads one at a time: pure.
class ListQuota {
public:
    explicit ListQuota(ListLimits const& limits = {}) : limits_{limits} {}

    /// How long the address has to wait for another list; empty: it may have one now. @pre `now` never goes backwards.
    [[nodiscard]] std::optional<std::chrono::seconds> wait_for(AddressPrefix address, Instant now);
    /// It is given one.
    void given(AddressPrefix address, Instant now) { given_.push_back({address, now}); }

private:
    struct Given {
        AddressPrefix address;
        Instant at{};
    };

    ListLimits limits_;
    std::deque<Given> given_;  // oldest first
};

}  // namespace praline::upload
