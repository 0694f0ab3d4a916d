#include "search/engine/neighbourhood.hpp"

#include <algorithm>
#include <utility>

#include "node/base/grow_tightly.hpp"
#include "node/base/prefetch.hpp"

namespace praline::search {
namespace {

template <class List>
auto place_of(List& all, PeerId peer) {
    return std::lower_bound(all.begin(), all.end(), peer,
                            [](Neighbour const& one, PeerId wanted) { return one.peer < wanted; });
}

}  // namespace

Neighbour neighbour_of(overlay::LinkInfo const& link) {
    Neighbour one;
    one.peer = link.peer;
    one.max_ttl = link.max_ttl;
    one.praline = link.praline;
    one.degree = link.degree;
    one.capacity_kbits = link.capacity_kbits;
    one.load = link.load;
    one.ext_probes = link.ext_probes;
    one.ultrapeer = link.kind == overlay::LinkKind::to_ultrapeer;
    one.query_routing = link.query_routing;
    one.hops_flow = link.hops_flow;
    return one;
}

bool Neighbourhood::set_ultrapeer(bool ultrapeer) { return std::exchange(ultrapeer_, ultrapeer) != ultrapeer; }

Neighbour* Neighbourhood::find(PeerId peer) {
    // Ids are given out in order, so that as a rule a link stands where its number says.
    if (all_.empty()) return nullptr;
    if (std::size_t const guess = peer.value() - all_.front().peer.value();
        guess < all_.size() && all_[guess].peer == peer)
        return &all_[guess];
    auto const at = place_of(all_, peer);
    return at != all_.end() && at->peer == peer ? &*at : nullptr;
}

Neighbour* Neighbourhood::add(Neighbour const& neighbour, std::size_t most) {
    if (all_.size() >= most) return nullptr;
    grow_tightly(all_);
    return &*all_.insert(place_of(all_, neighbour.peer), neighbour);
}

void Neighbourhood::remove(PeerId peer) {
    if (Neighbour const* const one = find(peer)) all_.erase(all_.begin() + (one - all_.data()));
}

std::vector<Neighbour> Neighbourhood::candidates(std::optional<PeerId> from, Hops hops) const {
    std::vector<Neighbour> some;
    some.reserve(all_.size());
    for (Neighbour const& one : all_)
        if (one.ultrapeer && one.peer != from && one.takes(hops)) some.push_back(one);
    return some;
}

std::optional<Neighbour> Neighbourhood::reverse_path(std::optional<PeerId> from, Hops hops) const {
    Neighbour const* const one = from ? find(*from) : nullptr;
    return one != nullptr && one->ultrapeer && one->takes(hops) ? std::optional{*one} : std::nullopt;
}

void Neighbourhood::fetch() const noexcept {
    constexpr std::size_t line = 64, lines_max = 8;
    auto const* const begin = reinterpret_cast<std::byte const*>(all_.data());
    for (std::size_t at = 0; at < std::min(all_.size() * sizeof(Neighbour), lines_max * line); at += line)
        prefetch_line(begin + at);
}

}  // namespace praline::search
