#include "node/base/fair_places.hpp"

#include <algorithm>

#include "node/base/check.hpp"
#include "node/base/grow_tightly.hpp"

namespace praline {

std::optional<FairPlaces::Id> FairPlaces::admit(Id id, AddressPrefix address) {
    if (limits_.places_max == 0 || limits_.per_address_max == 0) return id;
    grow_tightly(places_);
    places_.emplace_back(Place{id, address});
    if (held_by(address) > limits_.per_address_max) return take_oldest_of(address);
    // The newcomer counts: an address that comes up to the greediest pays for its own newcomer.
    if (places_.size() > limits_.places_max) return take_oldest_of(greediest(address));
    return std::nullopt;
}

bool FairPlaces::leave(Id id) {
    auto const at = std::find_if(places_.begin(), places_.end(), [&](Place const& place) { return place.id == id; });
    if (at == places_.end()) return false;
    places_.erase(at);
    return true;
}

bool FairPlaces::holds(Id id) const {
    return std::any_of(places_.begin(), places_.end(), [&](Place const& place) { return place.id == id; });
}

std::size_t FairPlaces::held_by(AddressPrefix address) const {
    return static_cast<std::size_t>(
        std::count_if(places_.begin(), places_.end(), [&](Place const& place) { return place.address == address; }));
}

AddressPrefix FairPlaces::greediest(AddressPrefix preferred) const {
    std::vector<AddressPrefix> sorted;
    sorted.reserve(places_.size());
    for (Place const& place : places_) sorted.emplace_back(place.address);
    std::sort(sorted.begin(), sorted.end());
    auto const count = [&](AddressPrefix address) {
        auto const [first, last] = std::equal_range(sorted.begin(), sorted.end(), address);
        return last - first;
    };
    AddressPrefix most = places_.front().address;
    auto most_held = count(most);
    for (Place const& place : places_)
        if (auto const held = count(place.address); held > most_held) {
            most = place.address;
            most_held = held;
        }
    auto const own = count(preferred);
    return own >= most_held && own > 1 ? preferred : most;
}

FairPlaces::Id FairPlaces::take_oldest_of(AddressPrefix address) {
    auto const at =
        std::find_if(places_.begin(), places_.end(), [&](Place const& place) { return place.address == address; });
    check(at != places_.end());
    Id const id = at->id;
    places_.erase(at);
    return id;
}

}  // namespace praline
