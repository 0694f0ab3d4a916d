#pragma once

#include "tools/praline/command_line.hpp"
#include "tools/usage/command_table.hpp"

namespace praline {

/// Adds every command and every option of `praline` to the parser. @param app  fresh; `line` has to outlive it.
void add_everything(CLI::App& app, CommandLine& line);

/// What the parser knows, as a table. @param app  filled by `add_everything`.
[[nodiscard]] usage::Command command_table(CLI::App const& app);

}  // namespace praline
