#include "transfer/content/alt_locations.hpp"

#include <algorithm>
#include <utility>

namespace praline::content {

namespace {

/// What one user may have: hosting sells whole networks of that size.
constexpr unsigned party_v4_bits = 24;
constexpr unsigned party_v6_bits = 48;

AddressPrefix party_of(Address const& address) {
    return AddressPrefix::of_network(address, party_v4_bits, party_v6_bits);
}

/// This node, as the one that named what it found by itself.
constexpr AddressPrefix ourselves{};

}  // namespace

bool may_name(Address const& peer, Address const& address) {
    auto const reach = address.scope();
    auto const from = peer.scope();
    switch (reach) {
        case AddressScope::none: return false;
        case AddressScope::internet: return true;
        case AddressScope::loopback: return from == AddressScope::loopback;
        case AddressScope::link_local:
        case AddressScope::site: return peer.is_private();
    }
    return false;
}

Instant AltLocations::Known::last_at() const {
    auto last = std::max(by_itself_at.value_or(Instant{}), served_at.value_or(Instant{}));
    last = std::max(last, refused_at.value_or(Instant{}));
    for (auto const& claim : claims) last = std::max(last, claim.at);
    return last;
}

AltLocations::AltLocations(AltLocationLimits const& limits)
    : limits_{limits}, places_{{limits.locations_max, limits.per_namer_max}} {}

bool AltLocations::named(Sha1 const& file, Endpoint const& location, Address const& namer, Instant now) {
    if (location.is_unusable() || location == own_ || !may_name(namer, location.address)) return false;
    bool const by_itself = location.address == namer;
    auto const party = party_of(namer);
    auto* const known = find_or_add(file, location, party, !by_itself, now);
    if (known == nullptr) return false;
    if (by_itself) {
        vouch_for(*known);
        known->by_itself_at = now;
    }
    add_claim(*known, party, true, now);
    return !is_refusing(*known, now);
}

bool AltLocations::may_be_tried(Sha1 const& file, Endpoint const& location, Address const& teller, Instant now) const {
    if (location.is_unusable() || location == own_ || !may_name(teller, location.address)) return false;
    auto const found = files_.find(file);
    if (found == files_.end()) return true;
    auto const& known = found->second.locations;
    return std::none_of(known.begin(), known.end(),
                        [&](Known const& one) { return one.endpoint == location && is_refusing(one, now); });
}

void AltLocations::denied(Sha1 const& file, Endpoint const& location, Address const& namer, Instant now) {
    if (auto* const known = find(file, location)) add_claim(*known, party_of(namer), false, now);
}

void AltLocations::served(Sha1 const& file, Endpoint const& location, Instant now) {
    if (location.is_unusable() || location == own_) return;
    auto* const known = find_or_add(file, location, ourselves, false, now);
    if (known == nullptr) return;
    vouch_for(*known);
    known->served_at = now;
    known->refused_at.reset();
}

void AltLocations::refused(Sha1 const& file, Endpoint const& location, Instant now) {
    if (auto* const known = find(file, location)) known->refused_at = now;
}

std::vector<Endpoint> AltLocations::confirmed(Sha1 const& file, Asker const& asker, std::size_t most,
                                              Instant now) const {
    return select(file, asker, most, [&](Known const& known) { return is_confirmed(known, now); });
}

std::vector<Endpoint> AltLocations::refusing(Sha1 const& file, Asker const& asker, std::size_t most,
                                             Instant now) const {
    return select(file, asker, most, [&](Known const& known) { return is_refusing(known, now); });
}

std::size_t AltLocations::size(Sha1 const& file) const {
    auto const found = files_.find(file);
    return found == files_.end() ? 0 : found->second.locations.size();
}

AltLocations::Known* AltLocations::find(Sha1 const& file, Endpoint const& location) {
    auto const found = files_.find(file);
    if (found == files_.end()) return nullptr;
    for (auto& known : found->second.locations)
        if (known.endpoint == location) return &known;
    return nullptr;
}

/// Null: there is no room for it.
AltLocations::Known* AltLocations::find_or_add(Sha1 const& file, Endpoint const& location, AddressPrefix party,
                                               bool hearsay, Instant now) {
    if (auto* const known = find(file, location)) return known;
    drop_old(file, now);
    if (hearsay) {
        auto const told = hearsay_.find(location.address);
        if (told != hearsay_.end() && told->second >= limits_.hearsay_per_target_max) return nullptr;
    }
    auto const place = files_.try_emplace(file, File{FairPlaces{{limits_.per_file_max, limits_.per_file_max}}, {}});
    auto const& there = place.first->second.locations;
    auto const at_address = std::count_if(there.begin(), there.end(), [&](Known const& known) {
        return AddressPrefix{known.endpoint.address} == AddressPrefix{location.address};
    });
    if (static_cast<std::size_t>(at_address) >= limits_.per_address_max) return nullptr;
    auto const id = next_id_++;
    place.first->second.locations.push_back({id, location, hearsay, {}});
    file_of_.emplace(id, file);
    if (hearsay) ++hearsay_[location.address];
    // What has room among those of its file may still be too much for its party, or for the table.
    if (auto const evicted = place.first->second.places.admit(id, party)) remove(*evicted);
    if (!file_of_.contains(id)) return nullptr;
    if (auto const evicted = places_.admit(id, party)) remove(*evicted);
    return find(file, location);
}

/// The last word of a party counts.
void AltLocations::add_claim(Known& known, AddressPrefix party, bool works, Instant now) const {
    std::erase_if(known.claims, [&](Claim const& claim) { return claim.party == party; });
    auto const alike = [works](Claim const& claim) { return claim.works == works; };
    auto const count = std::count_if(known.claims.begin(), known.claims.end(), alike);
    if (static_cast<std::size_t>(count) >= limits_.claims_max)
        known.claims.erase(std::find_if(known.claims.begin(), known.claims.end(), alike));
    known.claims.push_back({party, now, works});
}

void AltLocations::drop_old(Sha1 const& file, Instant now) {
    auto const found = files_.find(file);
    if (found == files_.end()) return;
    std::vector<Id> old;
    for (auto const& known : found->second.locations)
        if (now - known.last_at() > limits_.age_max) old.push_back(known.id);
    for (auto const id : old) remove(id);
}

void AltLocations::remove(Id id) {
    auto const owner = file_of_.find(id);
    if (owner == file_of_.end()) return;
    auto const file = files_.find(owner->second);
    file_of_.erase(owner);
    places_.leave(id);
    auto& there = file->second;
    there.places.leave(id);
    auto const at = std::find_if(there.locations.begin(), there.locations.end(),
                                 [&](Known const& known) { return known.id == id; });
    if (at->hearsay) forget_hearsay(at->endpoint.address);
    there.locations.erase(at);
    if (there.locations.empty()) files_.erase(file);
}

/// More than others say of it is known now: it counts no longer among what its address has to bear.
void AltLocations::vouch_for(Known& known) {
    if (std::exchange(known.hearsay, false)) forget_hearsay(known.endpoint.address);
}

void AltLocations::forget_hearsay(Address const& target) {
    auto const at = hearsay_.find(target);
    if (at != hearsay_.end() && --at->second == 0) hearsay_.erase(at);
}

bool AltLocations::is_refusing(Known const& known, Instant now) const {
    return known.refused_at && now - *known.refused_at <= limits_.refusal_age_max;
}

bool AltLocations::is_confirmed(Known const& known, Instant now) const {
    auto const fresh = [&](std::optional<Instant> at) { return at && now - *at <= limits_.age_max; };
    if (is_refusing(known, now)) return false;
    // What this node has seen weighs more than what it is told.
    if (fresh(known.served_at)) return true;
    auto const doubting = parties_saying(known, false, now);
    if (fresh(known.by_itself_at)) return doubting < limits_.parties_to_believe;
    return parties_saying(known, true, now) >= limits_.parties_to_believe + doubting;
}

std::size_t AltLocations::parties_saying(Known const& known, bool works, Instant now) const {
    return static_cast<std::size_t>(std::count_if(known.claims.begin(), known.claims.end(), [&](Claim const& claim) {
        return claim.works == works && now - claim.at <= limits_.age_max;
    }));
}

std::vector<Endpoint> AltLocations::select(Sha1 const& file, Asker const& asker, std::size_t most,
                                           std::function<bool(Known const&)> const& so) const {
    auto const found = files_.find(file);
    if (found == files_.end()) return {};
    std::vector<Known const*> chosen;
    for (auto const& known : found->second.locations) {
        auto const& address = known.endpoint.address;
        bool const is_asker =
            std::find(asker.endpoints.begin(), asker.endpoints.end(), known.endpoint) != asker.endpoints.end() ||
            (address == asker.address && !address.is_private());
        if (!is_asker && may_name(asker.address, address) && (address.is_v4() || asker.takes_v6) && so(known))
            chosen.push_back(&known);
    }
    std::stable_sort(chosen.begin(), chosen.end(),
                     [](Known const* a, Known const* b) { return a->last_at() > b->last_at(); });
    std::vector<Endpoint> told;
    for (auto const* const known : chosen) {
        if (told.size() >= most) break;
        auto const same = std::count_if(told.begin(), told.end(), [&](Endpoint const& one) {
            return AddressPrefix{one.address} == AddressPrefix{known->endpoint.address};
        });
        if (static_cast<std::size_t>(same) < limits_.told_per_address_max) told.push_back(known->endpoint);
    }
    return told;
}

}  // namespace praline::content
