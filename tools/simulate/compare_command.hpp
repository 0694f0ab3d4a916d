#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "tools/simulate/world/request.hpp"
#include "tools/simulate/world/topology.hpp"

/// `simulate run`, `compare` and `sweep`, and `merge` of what several processes made of one of them.
namespace praline::simulate {

/// A command line of `run`, `compare` or `sweep`.
struct CompareOrder {
    std::string command;
    std::map<std::string, std::string> flags;  // by key
    std::vector<std::pair<world::Key const*, CLI::Option*>> options;
    std::vector<std::string> varied;
    std::string scenario, html, shard, save;
    bool json = false, csv = false, progress = false;
};

struct MergeOrder {
    std::vector<std::string> files;
    bool json = false, csv = false;
};

struct CompareOrders {
    CompareOrder run, compare, sweep;
    MergeOrder merge;
};

/// Adds the subcommands; when one is given, `action` carries it out.   @pre `orders` outlives both
void add_comparisons(CLI::App& app, CompareOrders& orders, std::function<int()>& action);

/// As `make_whole_topology`, and tells on stderr what was left out.
[[nodiscard]] world::Topology read_topology(std::string const& specification, std::uint64_t seed);

}  // namespace praline::simulate
