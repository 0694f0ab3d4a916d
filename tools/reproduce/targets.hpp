#pragma once

#include <span>

#include "tools/reproduce/target.hpp"

/// One function for each target, named after what it reproduces. Each gives the same for the same options, on any
/// number of threads.
namespace praline::reproduce {

[[nodiscard]] Target crawl_floods(Options const& options);
[[nodiscard]] Target walks_and_rings(Options const& options);
[[nodiscard]] Target walks_against_floods(Options const& options);
[[nodiscard]] Target freenet_convergence(Options const& options);
[[nodiscard]] Target freenet_growth(Options const& options);
[[nodiscard]] Target freenet_failures(Options const& options);
[[nodiscard]] Target replication_costs(Options const& options);
[[nodiscard]] Target path_replication(Options const& options);
[[nodiscard]] Target horizons(Options const& options);
[[nodiscard]] Target last_hop_filter(Options const& options);
[[nodiscard]] Target pong_caching(Options const& options);
[[nodiscard]] Target hit_caching(Options const& options);
[[nodiscard]] Target pastry_routes(Options const& options);
[[nodiscard]] Target pastry_failures(Options const& options);
[[nodiscard]] Target kademlia_lookups(Options const& options);
[[nodiscard]] Target volunteers(Options const& options);
[[nodiscard]] Target leaf_sets(Options const& options);
[[nodiscard]] Target chord_paths(Options const& options);
[[nodiscard]] Target chord_failures(Options const& options);
[[nodiscard]] Target can_paths(Options const& options);
[[nodiscard]] Target nearest_of_five(Options const& options);
[[nodiscard]] Target chord_lost_keys(Options const& options);
[[nodiscard]] Target object_location(Options const& options);
[[nodiscard]] Target storage(Options const& options);
[[nodiscard]] Target web_cache(Options const& options);
[[nodiscard]] Target work_units(Options const& options);

struct Entry {
    char const* id;
    Target (*make)(Options const&);
};
/// In the order in which they are run.
[[nodiscard]] std::span<Entry const> all_targets();

}  // namespace praline::reproduce
