#pragma once

#include <string>

#include "tools/praline/load_settings.hpp"

namespace praline {

/// Runs a node until it is told to stop. Returns the exit code.
int run_node(std::string const& data_directory, std::string const& config_file, Flags const& flags);

}  // namespace praline
