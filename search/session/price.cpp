#include "search/session/price.hpp"

#include <algorithm>

#include "search/session/limits.hpp"

namespace praline::search {

void PriceLedger::spent(std::uint64_t messages, std::uint64_t bytes, std::uint64_t reach) {
    price_.messages += messages;
    price_.bytes += bytes;
    price_.reach_about += reach;
}

void PriceLedger::found(std::uint8_t hops, bool cached, std::size_t rows, Duration since) {
    constexpr std::size_t tenth = 10;
    ++price_.hits_by_hops[hops];
    if (cached) ++price_.cached_hits;
    if (rows >= 1 && !price_.first_result) price_.first_result = since;
    if (rows >= tenth && !price_.tenth_result) price_.tenth_result = since;
}

bool PriceLedger::is_new_left_out(std::uint64_t hit) {
    return left_out_.size() < left_out_max && left_out_.insert(hit).second;
}

void PriceLedger::moved(Place from, Place to) {
    if (price_.hits_by_hops[from.hops] > 0) --price_.hits_by_hops[from.hops];
    ++price_.hits_by_hops[to.hops];
    if (from.cached && price_.cached_hits > 0) --price_.cached_hits;
    if (to.cached) ++price_.cached_hits;
}

void PriceLedger::answered(Guid const& servent, Endpoint endpoint) {
    std::pair const origin{servent, endpoint};
    if (origins_.contains(origin)) return;
    if (origins_.size() >= origins_max) {
        price_.origins_at_least = true;
        return;
    }
    origins_.insert(origin);
    price_.origins = origins_.size();
    // Whoever answered has got it: no estimate may say less.
    price_.reach_about = std::max(price_.reach_about, price_.origins);
}

}  // namespace praline::search
