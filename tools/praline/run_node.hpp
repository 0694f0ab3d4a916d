#pragma once

#include <map>
#include <optional>
#include <string>

#include "tools/praline/config.hpp"

namespace praline {

/// What the command line says: text by key, lists joined by commas.
using Flags = std::map<std::string, std::string>;

/// Defaults, then `config_file` (or praline.toml in the data directory when there is one), then flags. Problems are printed.
/// Empty: the config is wrong.
struct LoadedConfig { Config config; std::map<std::string, std::string> sources; };
[[nodiscard]] std::optional<LoadedConfig> load_config(std::string const& data_directory, std::string const& config_file, Flags const& flags,
                                                      bool with_page_settings);

/// Runs a node until it is told to stop. Returns the exit code.
int run_node(std::string const& data_directory, std::string const& config_file, Flags const& flags);

}  // namespace praline
