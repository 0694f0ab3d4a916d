#include "tools/simulate/full/full_settings.hpp"

#include <algorithm>
#include <limits>

#include "node/base/check.hpp"
#include "tools/simulate/world/chance.hpp"
#include "tools/simulate/world/limits.hpp"

namespace praline::simulate::full {
namespace {

constexpr std::uint32_t first_address = 0x0A000001;
constexpr std::uint16_t port = 6346;
constexpr std::chrono::hours never{24 * 365 * 100};

std::uint32_t links_to_ultrapeers(world::Graph const& graph, world::Node node) {
    auto const neighbours = graph.neighbours(node);
    return static_cast<std::uint32_t>(std::lower_bound(neighbours.begin(), neighbours.end(), graph.ultrapeers()) -
                                      neighbours.begin());
}

std::size_t largest_degree(world::Graph const& graph) {
    std::size_t largest = 0;
    for (world::Node node = 0; node < graph.nodes(); ++node)
        largest = std::max<std::size_t>(largest, graph.degree(node));
    return largest;
}

void keep_quiet(overlay::Limits& limits) {
    limits.alive_ping_ultrapeer = limits.alive_ping_leaf = limits.stuck_within = never;
    limits.discovery_ping_every = limits.need_hosts_every = never;
    limits.ultrapeer_links_wanted = 0;
    limits.degree_max =
        0;  // pongs tell of links there were while the network was being made; the handshake tells of all
    limits.hosts_max = limits.try_hosts_sent_max = 0;
    limits.queries_per_second = limits.steps_per_second = 0;
}

}  // namespace

FullSettings::FullSettings(world::Graph const& graph, FullOptions const& options) : graph_{graph}, options_{options} {
    check(options.query_routing || !options.two_tier);
    std::size_t const degree = largest_degree(graph) + 1;
    overlay_.mode = overlay::Mode::ultrapeer;
    overlay_.user_agent = "";
    overlay_.deflate = overlay_.pong_cache = false;
    overlay_.report_passing_hits = true;
    overlay_.query_routing = options.query_routing;
    overlay_.hand_over = !options.codec;
    overlay::Limits limits;
    keep_quiet(limits);
    limits.ultrapeer_links_max = limits.peers_max = limits.named_peers_max = limits.leaves_max =
        limits.leaf_ultrapeers = degree;
    limits.handshaking_max = limits.connecting_max = degree;
    limits.max_ttl = options.hops_and_ttl_max;
    limits.hard_ttl_max = std::max(limits.hard_ttl_max, options.hops_and_ttl_max);
    limits.send_queue_bytes_max = std::size_t{world::walkers_max} * world::full_query_bytes_max;
    limits.routes_max = world::full_routes_max;
    limits.servents_max = 1;
    limits.own_queries_max = world::full_routes_max;
    limits_ = std::make_shared<overlay::Limits const>(limits);

    search::EngineOptions engine;
    engine.hit_cache = false;
    engine.routing.neighbours_max = degree;
    engine.routing.hops_and_ttl_max = options.hops_and_ttl_max;
    engine.routing.default_ttl = std::min<std::uint8_t>(world::flood_ttl_default, options.hops_and_ttl_max);
    engine.routing.ring.ttl_max = engine.routing.dynamic.ttl_max = options.hops_and_ttl_max;
    engine.routing.key.htl_max = std::max(engine.routing.key.htl_max, options.hops_and_ttl_max);
    engine.routing.table_every = std::chrono::seconds{0};  // tables are up to date before a search begins
    if (options.wide_to_the_end) {
        engine.routing.dynamic.hosts_max = std::numeric_limits<std::uint64_t>::max();
        engine.routing.dynamic.hops_waited_max = std::numeric_limits<std::uint32_t>::max();
    }
    for (search::strategy::WalkLimits* const walk : {&engine.routing.walk, &engine.routing.biased_walk}) {
        walk->walkers_max = world::walkers_max;
        walk->steps_max = world::steps_max;
        walk->waiting_max = world::walkers_max;
    }
    engine.limits.names_max = std::numeric_limits<std::uint8_t>::max();
    engine.limits.checks_max = world::walkers_max;
    engine.limits.newcomers_for = std::chrono::seconds{0};  // nor does anybody at graph scale
    engine_ = std::make_shared<search::EngineOptions const>(engine);
}

overlay::Settings FullSettings::overlay(world::Node node) const {
    overlay::Settings settings = overlay_;
    settings.listen = endpoint(node);
    settings.servent = servent(node);
    std::uint32_t const links = options_.two_tier ? links_to_ultrapeers(graph_, node) : graph_.degree(node);
    settings.degree_advertised = static_cast<std::uint16_t>(std::min(links, world::full_degree_told_max));
    if (options_.two_tier && graph_.is_leaf(node)) settings.mode = overlay::Mode::leaf;
    return settings;
}

Guid FullSettings::servent(world::Node node) {
    Rng rng = world::stream_of(0, world::Purpose::servent, node);
    return Guid::random(rng);
}

Endpoint FullSettings::endpoint(world::Node node) {
    check(node < world::full_nodes_max);
    return {first_address + node, port};
}

world::Node FullSettings::node_at(Endpoint endpoint) { return endpoint.address.v4_number().value() - first_address; }

}  // namespace praline::simulate::full
