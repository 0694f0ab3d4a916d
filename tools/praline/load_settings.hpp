#pragma once

#include <map>
#include <optional>
#include <string>

#include "tools/praline/setting_trial.hpp"
#include "tools/praline/settings.hpp"

namespace praline {

/// What the command line says, by key.
using Flags = std::map<std::string, SettingValue>;

/// Config file (praline.toml in the data directory unless one is named) and flags. What is wrong is printed on standard error.
/// Empty: something is.
[[nodiscard]] std::optional<Settings> load_settings(std::string const& data_directory, std::string const& config_file,
                                                    Flags const& flags);

/// Tries what a node cannot start without: the addresses and the folder for downloads. A value stored by the page that does
/// not work is left out. Returns a sentence when a value from elsewhere does not work either: the node cannot start.
/// @param config  what the node is to start with; an address may get another port when one from the page was left out and the
///                next in line does not work.
[[nodiscard]] std::string try_at_start(Settings& settings, Config& config);

}  // namespace praline
