#include "search/session/search_cost.hpp"

#include <algorithm>

#include "search/session/limits.hpp"

namespace praline::search {

void CostLedger::spent(std::uint64_t messages, std::uint64_t bytes, std::uint64_t reach) {
    cost_.messages += messages;
    cost_.bytes += bytes;
    cost_.reach_about += reach;
}

void CostLedger::found(std::uint8_t hops, bool cached, std::size_t rows, Duration since) {
    constexpr std::size_t tenth = 10;
    ++cost_.hits_by_hops[hops];
    if (cached) ++cost_.cached_hits;
    if (rows >= 1 && !cost_.first_result) cost_.first_result = since;
    if (rows >= tenth && !cost_.tenth_result) cost_.tenth_result = since;
}

bool CostLedger::is_new_left_out(std::uint64_t hit) {
    return left_out_.size() < left_out_max && left_out_.insert(hit).second;
}

void CostLedger::moved(Place from, Place to) {
    if (cost_.hits_by_hops[from.hops] > 0) --cost_.hits_by_hops[from.hops];
    ++cost_.hits_by_hops[to.hops];
    if (from.cached && cost_.cached_hits > 0) --cost_.cached_hits;
    if (to.cached) ++cost_.cached_hits;
}

void CostLedger::answered(Guid const& servent, Endpoint endpoint) {
    std::pair const origin{servent, endpoint};
    if (origins_.contains(origin)) return;
    if (origins_.size() >= origins_max) {
        cost_.origins_at_least = true;
        return;
    }
    origins_.insert(origin);
    cost_.origins = origins_.size();
    // Nodes that answered got the query: no estimate may be lower.
    cost_.reach_about = std::max(cost_.reach_about, cost_.origins);
}

}  // namespace praline::search
