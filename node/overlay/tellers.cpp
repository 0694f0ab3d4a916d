#include "node/overlay/tellers.hpp"

#include <algorithm>

namespace praline::overlay {

bool Tellers::may_name_one(AddressPrefix teller, Instant now) {
    std::erase_if(tellers_, [&](Teller const& one) { return one.full_at <= now; });
    auto known =
        std::find_if(tellers_.begin(), tellers_.end(), [&](Teller const& one) { return one.address == teller; });
    auto const most = teller == host_caches ? limits_->hosts_per_host_caches_max : limits_->hosts_per_teller_max;
    Duration const one{limits_->host_credit_every};
    Instant const full = (known != tellers_.end() ? known->full_at : now) + one;
    if (full - now > one * static_cast<std::int64_t>(most)) return false;
    if (known != tellers_.end()) {
        known->full_at = full;
        return true;
    }
    if (tellers_.size() >= limits_->tellers_max && !tellers_.empty()) {
        tellers_.erase(std::min_element(tellers_.begin(), tellers_.end(), [](Teller const& left, Teller const& right) {
            return left.full_at < right.full_at;
        }));
    }
    tellers_.emplace_back(Teller{teller, full});
    return true;
}

void Tellers::was_right(AddressPrefix teller) {
    for (Teller& one : tellers_)
        if (one.address == teller) one.full_at -= limits_->host_credit_every;
}

}  // namespace praline::overlay
