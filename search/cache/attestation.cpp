#include "search/cache/attestation.hpp"

#include <algorithm>
#include <map>

namespace praline::search {
namespace {

constexpr std::size_t prefixes_min = 3;
// What one party often holds as a whole.
constexpr unsigned party_v4_bits = 16, party_v6_bits = 32;

/// Records by address prefix.
using Tally = std::map<AddressPrefix, std::size_t>;

AddressPrefix party_of(Address const& address) {
    return AddressPrefix::of_network(address, party_v4_bits, party_v6_bits);
}

bool is_spread(Tally const& tally, std::size_t enough) {
    std::size_t const each_max = (enough + prefixes_min - 1) / prefixes_min;
    std::size_t counted = 0;
    for (auto const& [prefix, records] : tally) counted += std::min(records, each_max);
    return tally.size() >= prefixes_min && counted >= enough;
}

}  // namespace

bool is_widely_attested(std::vector<HitCache::Cached> const& found, std::size_t enough) {
    enough = std::max(enough, prefixes_min);
    Tally forwarders, sources;
    for (auto const& one : found) {
        forwarders[party_of(one.forwarder.address)] += one.hit.records.size();
        sources[party_of(one.hit.endpoint.address)] += one.hit.records.size();
    }
    return is_spread(forwarders, enough) && is_spread(sources, enough);
}

}  // namespace praline::search
