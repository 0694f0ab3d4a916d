#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tools/usage/command_table.hpp"

namespace praline::usage {

/// A script by which a shell completes commands, options and values. Where a file or a folder is wanted it offers those.
/// @param shell  "bash", "zsh" or "fish"; empty result: another.
/// Written after the Bash Reference Manual ("Programmable Completion"), the Zsh manual ("Completion System") and the
/// documentation of fish (`complete`).
[[nodiscard]] std::optional<std::string> completion_script(Command const& program, std::string_view shell);

}  // namespace praline::usage
