#include "node/overlay/host_sources.hpp"

#include <algorithm>

namespace praline::overlay {

bool HostSources::may_name_one(Limits const& limits, AddressPrefix source, Instant now) {
    std::erase_if(sources_, [&](HostSource const& one) { return one.full_at <= now; });
    auto known =
        std::find_if(sources_.begin(), sources_.end(), [&](HostSource const& one) { return one.address == source; });
    auto const most = source == host_caches ? limits.hosts_per_host_caches_max : limits.hosts_per_source_max;
    Duration const one{limits.host_credit_every};
    Instant const full = (known != sources_.end() ? known->full_at : now) + one;
    if (full - now > one * static_cast<std::int64_t>(most)) return false;
    if (known != sources_.end()) {
        known->full_at = full;
        return true;
    }
    if (sources_.size() >= limits.host_sources_max && !sources_.empty()) {
        sources_.erase(std::min_element(
            sources_.begin(), sources_.end(),
            [](HostSource const& left, HostSource const& right) { return left.full_at < right.full_at; }));
    }
    sources_.emplace_back(HostSource{source, full});
    return true;
}

void HostSources::was_right(Limits const& limits, AddressPrefix source) {
    for (HostSource& one : sources_)
        if (one.address == source) one.full_at -= limits.host_credit_every;
}

}  // namespace praline::overlay
