#include <algorithm>

#include "node/overlay/overlay_impl.hpp"

/// What one link may bring, and Hops Flow to those that bring too much. @source Vendor messages (BEAR/4); node/wire/protocol/routing.md
namespace praline::overlay {
namespace {

constexpr std::uint32_t worthless_hops = 8;  // a query that made so many gets half of a link's credit at most
constexpr std::uint8_t no_limit = 255;

}  // namespace

std::uint32_t Overlay::Impl::queries_per_second() const {
    if (limits.queries_per_second == 0 || limits.query_bits == 0 || config.capacity_kbits == 0)
        return limits.queries_per_second;
    std::uint64_t const carried =
        std::uint64_t{config.capacity_kbits} * 10 * limits.query_share_percent / limits.query_bits;
    return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(
        carried, std::min(limits.queries_per_second_min, limits.queries_per_second), limits.queries_per_second));
}

bool Overlay::Impl::query_allowed(Peer& peer, wire::Header const& header) {
    // The farther a query comes from, the more others have answered it.
    std::uint32_t const burst = limits.queries_burst;
    auto const reserve = burst / worthless_hops / 2 * std::min<std::uint32_t>(header.hops.value(), worthless_hops);
    bool const allowed = peer.queries.take(now, queries_per_second(), burst, reserve);
    check_flow(peer);
    return allowed;
}

void Overlay::Impl::on(QueryCost const& event) {
    Peer* const peer = find_up(event.peer);
    if (!peer) return;
    peer->queries.owe(now, queries_per_second(), limits.queries_burst, event.units, limits.query_debt_max);
    check_flow(*peer);
}

bool Overlay::Impl::ping_allowed(Peer& peer, bool alive) {
    std::uint32_t const burst = limits.queries_burst;
    return peer.queries.take(now, queries_per_second(), burst, alive ? 0 : burst / 4 * 3);
}

void Overlay::Impl::check_flow(Peer& peer) {
    if (limits.queries_per_second == 0 || !peer.takes_vendor || peer.stage != Stage::up) return;  // nothing is too much
    bool const slow = role == Role::leaf || (config.capacity_kbits != 0 && config.capacity_kbits < limits.slow_kbits);
    if (!slow) return;
    std::uint32_t const burst = limits.queries_burst;
    std::uint32_t const left = peer.queries.left(now, queries_per_second(), burst);
    std::uint8_t const told = peer.info.hops_flow_told;
    std::uint8_t tell = told;
    if (left <= burst / 4)
        tell = std::min(told, limits.hops_flow_swamped);
    else if (left <= burst / 2)
        tell = std::min(told, limits.hops_flow_busy);
    else if (left >= burst - burst / 4)
        tell = no_limit;
    if (tell == told) return;
    peer.info.hops_flow_told = tell;
    ++counters.hops_flow_told;
    deadline_stale = true;
    send(peer, Guid::random(rng), wire::Function::vendor, Ttl{1}, Hops{0}, wire::to_vendor(wire::HopsFlow{tell}));
}

std::optional<Instant> Overlay::Impl::flow_due(Peer const& peer) const {
    if (peer.stage != Stage::up || peer.info.hops_flow_told == no_limit) return std::nullopt;
    return peer.queries.regained_at(queries_per_second(), limits.queries_burst / 4);
}

}  // namespace praline::overlay
