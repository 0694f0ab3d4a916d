#include "transfer/upload/list_quota.hpp"

#include <algorithm>

namespace praline::upload {

std::optional<std::chrono::seconds> ListQuota::wait_for(AddressPrefix address, Instant now) {
    while (!given_.empty() && now - given_.front().at >= limits_.window) given_.pop_front();
    auto const is_its = [&](Given const& one) { return one.address == address; };
    auto const own = std::count_if(given_.begin(), given_.end(), is_its);
    auto const left_at = [&](Instant at) { return std::chrono::ceil<std::chrono::seconds>(at + limits_.window - now); };
    if (static_cast<std::size_t>(own) >= limits_.per_address_max)
        return left_at(std::find_if(given_.begin(), given_.end(), is_its)->at);
    if (given_.size() >= limits_.total_max) return left_at(given_.front().at);
    return std::nullopt;
}

}  // namespace praline::upload
