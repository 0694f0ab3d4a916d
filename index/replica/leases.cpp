#include "index/replica/leases.hpp"

#include <algorithm>

namespace praline::index::replica {

void Leases::set_expiry(PublisherId const& id, Lease& lease, std::optional<Instant> time) {
    if (lease.expires) expiries_.erase({*lease.expires, id});
    lease.expires = time;
    if (time) expiries_.insert({*time, id});
}

void Leases::set_owner(PublisherId const& id, Lease& lease, Owner const& owner, Instant last_heard) {
    if (lease.owner == owner) return;
    clear_owner(id, lease);
    auto const [owned, fresh] = owners_.try_emplace(owner);
    if (fresh) owned->second.last_heard = last_heard;
    owned->second.publishers.insert(id);
    lease.owner = owner;
}

void Leases::clear_owner(PublisherId const& id, Lease& lease) {
    if (!lease.owner) return;
    auto const owned = owners_.find(*lease.owner);
    owned->second.publishers.erase(id);
    if (owned->second.publishers.empty()) owners_.erase(owned);
    lease.owner.reset();
}

void Leases::renew(Owner const& owner, Instant now) {
    auto const owned = owners_.find(owner);
    if (owned != owners_.end()) owned->second.last_heard = now;
}

void Leases::resumed(Duration time) {
    for (auto& [owner, owned] : owners_) owned.last_heard += time;
}

std::optional<Instant> Leases::next_expiry() const {
    if (expiries_.empty()) return std::nullopt;
    return expiries_.begin()->first;
}

std::optional<PublisherId> Leases::expired(Instant now) const {
    if (expiries_.empty() || expiries_.begin()->first > now) return std::nullopt;
    return expiries_.begin()->second;
}

std::vector<PublisherId> Leases::of_silent_owners(Instant now, Duration term, std::size_t count_max) const {
    std::vector<PublisherId> result;
    for (auto const& [owner, owned] : owners_) {
        if (now - owned.last_heard < term) continue;
        for (PublisherId const& id : owned.publishers) {
            if (result.size() >= count_max) return result;
            result.push_back(id);
        }
    }
    return result;
}

std::vector<PublisherId> Leases::owned_before(Owner const& owner) const {
    std::vector<PublisherId> result;
    for (auto owned = owners_.lower_bound({owner.first, 0}); owned != owners_.end() && owned->first < owner; ++owned)
        result.insert(result.end(), owned->second.publishers.begin(), owned->second.publishers.end());
    return result;
}

Duration Leases::left(Lease const& lease, Instant now, Duration term) const {
    if (lease.expires) return std::max(*lease.expires - now, Duration{});
    if (!lease.owner) return term;
    return std::max(owners_.at(*lease.owner).last_heard + term - now, Duration{});
}

}  // namespace praline::index::replica
