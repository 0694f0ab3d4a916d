#include "search/cache/attestation.hpp"

#include <algorithm>
#include <cstdint>
#include <map>

namespace praline::search {
namespace {

constexpr std::size_t prefixes_min = 3;
constexpr unsigned prefix_shift = 16;   // of an IPv4 address: what one party often holds as a whole

/// Records by address prefix.
using Tally = std::map<std::uint32_t, std::size_t>;

bool is_spread(Tally const& tally, std::size_t enough) {
    std::size_t const each_max = (enough + prefixes_min - 1) / prefixes_min;
    std::size_t counted = 0;
    for (auto const& [prefix, records] : tally) counted += std::min(records, each_max);
    return tally.size() >= prefixes_min && counted >= enough;
}

}  // namespace

bool is_widely_attested(std::vector<HitCache::Cached> const& found, std::size_t enough) {
    enough = std::max(enough, prefixes_min);
    Tally tellers, sources;
    for (auto const& one : found) {
        tellers[one.teller.address >> prefix_shift] += one.hit.records.size();
        sources[one.hit.endpoint.address >> prefix_shift] += one.hit.records.size();
    }
    return is_spread(tellers, enough) && is_spread(sources, enough);
}

}  // namespace praline::search
