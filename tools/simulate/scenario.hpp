#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/simulate/world/request.hpp"

/// Scenario files: TOML, each key one of `keys()`.
namespace praline::simulate {

struct Scenario {
    std::vector<world::Setting> settings;
    std::vector<std::string> complaints;  ///< FILE:LINE:COLUMN: sentence; unknown keys and values of another type
};

/// @param name  what complaints call it.
[[nodiscard]] Scenario parse_scenario(std::string_view text, std::string const& name);
/// @throws BadInput: it cannot be read, or is larger than `scenario_bytes_max`.
[[nodiscard]] Scenario read_scenario(std::string const& path);

/// A commented file with every key at its default.
[[nodiscard]] std::string scenario_template();

}  // namespace praline::simulate
