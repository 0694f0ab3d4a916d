#include "node/overlay/counters.hpp"

/// What was dropped and why, and all counters by name.
namespace praline::overlay {

char const* to_string(Kind kind) noexcept {
    switch (kind) {
        case Kind::ping: return "ping";
        case Kind::query: return "query";
        case Kind::pong: return "pong";
        case Kind::hit: return "hit";
        case Kind::push: return "push";
        case Kind::note: return "note";
    }
    return "unknown";
}

char const* to_string(DropReason reason) noexcept {
    switch (reason) {
        case DropReason::queue_full: return "queue_full";
        case DropReason::over_rate: return "over_rate";
        case DropReason::ttl: return "ttl";
        case DropReason::malformed: return "malformed";
        case DropReason::too_large: return "too_large";
        case DropReason::hops_flow: return "hops_flow";
    }
    return "unknown";
}

std::vector<std::pair<std::string, std::uint64_t>> named(Counters const& c) {
    std::vector<std::pair<std::string, std::uint64_t>> list{{"queries_in", c.queries_in},
                                                            {"query_steps_in", c.query_steps_in},
                                                            {"queries_forwarded", c.queries_forwarded},
                                                            {"query_duplicates", c.query_duplicates},
                                                            {"hits_in", c.hits_in},
                                                            {"hits_forwarded", c.hits_forwarded},
                                                            {"hits_no_route", c.hits_no_route},
                                                            {"pings_in", c.pings_in},
                                                            {"pings_throttled", c.pings_throttled},
                                                            {"pings_from_cache", c.pings_from_cache},
                                                            {"pongs_in", c.pongs_in},
                                                            {"pongs_from_cache", c.pongs_from_cache},
                                                            {"hops_flow_told", c.hops_flow_announced},
                                                            {"pushes_forwarded", c.pushes_forwarded},
                                                            {"call_backs_refused", c.call_backs_refused},
                                                            {"push_proxies_refused", c.push_proxies_refused},
                                                            {"hosts_refused", c.hosts_refused},
                                                            {"dropped_ttl", c.dropped_ttl},
                                                            {"dropped_malformed", c.dropped_malformed},
                                                            {"dropped_unknown", c.dropped_unknown},
                                                            {"dropped_too_large", c.dropped_too_large},
                                                            {"dropped_queue_full", c.dropped_queue_full},
                                                            {"dropped_over_rate", c.dropped_over_rate},
                                                            {"dropped_hops_flow", c.dropped_hops_flow},
                                                            {"handshakes_refused", c.handshakes_refused},
                                                            {"datagrams_in", c.datagrams_in},
                                                            {"datagrams_dropped", c.datagrams_dropped}};
    for (std::size_t i = 0; i < kinds * drop_reasons; ++i) {
        auto const kind = static_cast<Kind>(i / drop_reasons);
        auto const reason = static_cast<DropReason>(i % drop_reasons);
        list.emplace_back(std::string{"dropped_"} + to_string(kind) + '_' + to_string(reason), c.of(kind, reason));
    }
    return list;
}

void count_dropped(Counters& counters, DropReason reason, std::optional<Kind> kind, std::uint64_t count) {
    if (kind) {
        counters.drops.resize(kinds * drop_reasons);
        counters.drops[static_cast<std::size_t>(*kind) * drop_reasons + static_cast<std::size_t>(reason)] += count;
    }
    switch (reason) {
        case DropReason::queue_full: counters.dropped_queue_full += count; break;
        case DropReason::over_rate: counters.dropped_over_rate += count; break;
        case DropReason::ttl: counters.dropped_ttl += count; break;
        case DropReason::malformed: counters.dropped_malformed += count; break;
        case DropReason::too_large: counters.dropped_too_large += count; break;
        case DropReason::hops_flow: counters.dropped_hops_flow += count; break;
    }
}

std::optional<Kind> kind_of(std::uint8_t function) noexcept {
    using enum wire::Function;
    switch (static_cast<wire::Function>(function)) {
        case ping: return Kind::ping;
        case query: return Kind::query;
        case pong: return Kind::pong;
        case query_hit: return Kind::hit;
        case push: return Kind::push;
        case vendor:
        case standard_vendor: return Kind::note;
        case qrp:
        case bye: return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace praline::overlay
