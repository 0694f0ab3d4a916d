#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tools/simulate/world/request.hpp"

/// Comparisons at many points, divided among processes whose records make the same result together.
namespace praline::simulate::sweep {

/// A key and the values that it has in turn.
struct Varied {
    std::string key;
    std::vector<std::string> values;
};
/// KEY=VALUE,VALUE…, with the key as in a file or as in a flag. @throws BadInput: a sentence
[[nodiscard]] Varied parse_varied(std::string const& text);

/// What is to be run: all that the records of one run have in common.
struct Job {
    std::string command;  ///< run, compare or sweep
    std::string form;     ///< table, json or csv
    std::vector<world::Setting> settings;
    std::vector<Varied> varied;
};

/// One strategy at one point.
struct Cell {
    world::Request request;
    world::RunOptions options;
    std::vector<std::pair<std::string, std::string>> varied;  ///< keys and the values they have here
};

/// In the order of the result: the key that was named first changes slowest, strategies change quickest.
/// @throws BadInput: a sentence for each complaint, divided by line ends; too many points; no topology or strategy
[[nodiscard]] std::vector<Cell> cells_of(Job const& job);

/// The request before any setting: `compare` and `sweep` keep books.
[[nodiscard]] world::Request defaults_of(std::string const& command);

}  // namespace praline::simulate::sweep
