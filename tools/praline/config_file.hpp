#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tools/praline/config.hpp"

/// The config file, TOML.
namespace praline {

struct ConfigProblem {
    std::string file;
    unsigned line = 0, column = 0;
    std::string sentence;
    [[nodiscard]] std::string text() const;  ///< "file:line:column: sentence"
};

struct ReadConfig {
    std::map<std::string, SettingValue> values;  ///< those that are allowed
    std::vector<ConfigProblem> problems;  ///< unknown keys, wrong types, values that are not allowed: all of them
};
[[nodiscard]] ReadConfig read_config_file(std::string const& file);
/// The same of a text; `file` is how problems name it.
[[nodiscard]] ReadConfig read_config(std::string_view text, std::string const& file);

/// A commented file with every key at its default.
[[nodiscard]] std::string config_template();

}  // namespace praline
