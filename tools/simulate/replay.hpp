#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/ids.hpp"
#include "search/strategy/strategy.hpp"
#include "tools/simulate/world/graph.hpp"

/// Given queries on a given overlay at full scale, for whoever has the same of real nodes to compare with.
namespace praline::simulate {

inline constexpr std::uint32_t replay_items_max = 1'000'000;  ///< their numbers are below

struct ReplayQuery {
    world::Node source = 0;
    std::uint32_t item = 0;
    Guid name;  ///< walkers' choices follow from it; if none is given, from the query's number
    search::strategy::Parameters parameters;
};

struct ReplayResult {
    ReplayQuery query;
    std::uint64_t messages = 0, duplicates = 0, checks = 0, results = 0;
    std::vector<world::Node> reached;  ///< rising; of expanding rings, by the last
    bool found = false;
};

/// Lines of `NODE ITEM…`, `#` starts a comment. @return for each item, rising, its holders.
/// @throws BadInput naming the line.
[[nodiscard]] std::vector<std::vector<world::Node>> read_placement(std::string_view text, world::Node nodes);
/// A query a line, in words of the form KEY=VALUE: source and item are needed; strategy (flood if not said), guid, ttl,
/// walkers, check_every, max_steps, state (yes or no), results. @throws BadInput naming the line.
[[nodiscard]] std::vector<ReplayQuery> read_queries(std::string_view text, world::Node nodes, std::uint32_t items);

/// Asks them one after the other of nodes that trim hops and TTL at `hops_and_ttl_max`, as real ones do at 4.
[[nodiscard]] std::vector<ReplayResult> replay(world::Graph const& graph,
                                               std::vector<std::vector<world::Node>> const& placement,
                                               std::vector<ReplayQuery> const& queries, std::uint8_t hops_and_ttl_max);
/// One JSON object a line.
[[nodiscard]] std::string to_json_lines(std::vector<ReplayResult> const& results);
/// For people: a line each.
[[nodiscard]] std::string to_lines(std::vector<ReplayResult> const& results);

struct ReplayOptions {
    std::string topology, placement, queries;  ///< files
    unsigned hops_and_ttl_max = 4;
    bool json = false;
};
/// Reads the files and prints. @throws BadInput.
int replay_command(ReplayOptions const& options);

}  // namespace praline::simulate
