#include "tools/praline/search_places.hpp"

#include <tuple>

namespace praline {

void SearchPlaces::read(std::uint32_t id, Instant now) { places_[id].read = now; }

void SearchPlaces::keep(std::uint32_t id, Instant now) { places_[id].kept_until = now + kept_for; }

std::optional<std::uint32_t> SearchPlaces::victim(std::span<Candidate const> candidates, Instant now) const {
    using Rank = std::tuple<bool, bool, Instant, std::uint32_t>;
    std::optional<Rank> first;
    for (Candidate const& one : candidates) {
        auto const known = places_.find(one.id);
        Place const place = known == places_.end() ? Place{} : known->second;
        if (place.kept_until && now < *place.kept_until) continue;
        if (one.asks && now < place.read + asking_for) continue;
        Rank const rank{one.asks, one.saved, place.read, one.id};
        if (!first || rank < *first) first = rank;
    }
    return first ? std::optional{std::get<std::uint32_t>(*first)} : std::nullopt;
}

}  // namespace praline
