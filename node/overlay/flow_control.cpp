#include "node/overlay/flow_control.hpp"

#include <algorithm>

#include "node/wire/vendor.hpp"

namespace praline::overlay {

std::uint32_t FlowControl::queries_per_second() const {
    Limits const& limits = ctx().limits();
    std::uint32_t const capacity_kbits = ctx().settings().capacity_kbits;
    if (limits.queries_per_second == 0 || limits.query_bits == 0 || capacity_kbits == 0)
        return limits.queries_per_second;
    std::uint64_t const carried = std::uint64_t{capacity_kbits} * 10 * limits.query_share_percent / limits.query_bits;
    return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(
        carried, std::min(limits.queries_per_second_min, limits.queries_per_second), limits.queries_per_second));
}

bool FlowControl::allow_query(Peer& peer, Hops hops) {
    bool const allowed = peer.credit.take_query(ctx().limits(), ctx().now(), queries_per_second(), hops);
    update(peer);
    return allowed;
}

bool FlowControl::allow_ping(Peer& peer, bool alive) {
    return peer.credit.take_ping(ctx().limits(), ctx().now(), queries_per_second(), alive);
}

void FlowControl::on(Peer& peer, QueryCost const& cost) {
    peer.credit.owe(ctx().limits(), ctx().now(), queries_per_second(), cost.units);
    update(peer);
}

void FlowControl::update(Peer& peer) {
    Limits const& limits = ctx().limits();
    if (limits.queries_per_second == 0 || !peer.takes_vendor || !peer.is_up()) return;  // nothing is too much
    std::uint32_t const capacity_kbits = ctx().settings().capacity_kbits;
    bool const slow = ctx().role() == Role::leaf || (capacity_kbits != 0 && capacity_kbits < limits.slow_kbits);
    if (!slow) return;
    std::uint8_t const announced = peer.hops_flow_announced;
    std::uint8_t const wanted = peer.credit.hops_flow(limits, ctx().now(), queries_per_second(), announced);
    if (wanted == announced) return;
    peer.hops_flow_announced = wanted;
    ++ctx().counters().hops_flow_announced;
    ctx().deadline_changed();
    outbox().send(peer, Guid::random(ctx().rng()), wire::Function::vendor, Ttl{1}, Hops{0},
                  wire::to_vendor(wire::HopsFlow{wanted}));
}

std::optional<Instant> FlowControl::due(Peer const& peer) const {
    if (!peer.is_up() || peer.hops_flow_announced == LinkCredit::no_hops_flow) return std::nullopt;
    return peer.credit.lifted_at(ctx().limits(), queries_per_second());
}

}  // namespace praline::overlay
