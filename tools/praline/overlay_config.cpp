#include "tools/praline/overlay_config.hpp"

#include "tools/praline/node_limits.hpp"

namespace praline {

overlay::Config overlay_config(Config const& config, NodeIdentity const& identity) {
    overlay::Config out;
    out.mode = config.mode;
    out.user_agent = user_agent;
    out.servent = identity.servent;
    out.listen = identity.advertised;
    for (auto const& peer : config.peers)
        if (auto const endpoint = Endpoint::parse(peer)) out.peers.push_back(*endpoint);  // names are looked up later
    out.accept_private = config.network != Network::gnutella;
    out.pong_cache = config.pong_cache;
    out.query_routing = config.query_routing;
    out.report_passing_hits = true;
    out.capacity_kbits = static_cast<std::uint32_t>(config.bandwidth.capacity);
    // A fifth of the slots stays open for newcomers: if links that this node made took all of them, no node could join.
    out.limits.ultrapeer_links_max = static_cast<std::size_t>(config.max_ultrapeers);
    out.limits.ultrapeer_links_wanted =
        config.seek ? out.limits.ultrapeer_links_max - out.limits.ultrapeer_links_max / 5 : 0;
    out.limits.leaves_max = static_cast<std::size_t>(config.max_leaves);
    out.limits.queries_per_second = static_cast<std::uint32_t>(config.queries_per_link);
    out.limits.queries_burst = static_cast<std::uint32_t>(config.queries_per_link * NodeLimits::query_burst_seconds);
    out.limits.peers_max = out.limits.ultrapeer_links_max + out.limits.leaves_max + NodeLimits::spare_connections;
    return out;
}

}  // namespace praline
