#include "node/overlay/link_credit.hpp"

#include <algorithm>

namespace praline::overlay {
namespace {

constexpr std::uint32_t worthless_hops = 8;  // a query that made so many gets half of a link's credit at most

}  // namespace

bool LinkCredit::take_query(Limits const& limits, Instant now, std::uint32_t per_second, Hops hops) {
    std::uint32_t const burst = limits.queries_burst;
    auto const reserve = burst / worthless_hops / 2 * std::min<std::uint32_t>(hops.value(), worthless_hops);
    return queries_.take(now, per_second, burst, reserve);
}

bool LinkCredit::take_ping(Limits const& limits, Instant now, std::uint32_t per_second, bool alive) {
    std::uint32_t const burst = limits.queries_burst;
    if (!alive) return queries_.take(now, per_second, burst, burst / 4 * 3);
    // A neighbour that owes for its queries must still see that we live.
    return queries_.take(now, per_second, burst) || take_request(limits, now);
}

std::uint8_t LinkCredit::hops_flow(Limits const& limits, Instant now, std::uint32_t per_second,
                                   std::uint8_t announced) const {
    std::uint32_t const burst = limits.queries_burst;
    std::uint32_t const left = queries_.left(now, per_second, burst);
    if (left <= burst / 4) return std::min(announced, limits.hops_flow_swamped);
    if (left <= burst / 2) return std::min(announced, limits.hops_flow_busy);
    return left >= burst - burst / 4 ? no_hops_flow : announced;
}

}  // namespace praline::overlay
