#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/usage/command_table.hpp"

namespace praline::usage {

inline constexpr std::size_t help_columns = 80;  ///< no line is wider, unless one word is

/// The help page of the last command of `path`. Options of the program itself, which every command takes, stand at the end.
/// @pre `path` is not empty; the program is its first.
[[nodiscard]] std::string help_text(std::vector<Command const*> const& path);

/// "praline share add [OPTIONS] DIR…"
[[nodiscard]] std::string synopsis(std::vector<Command const*> const& path);

/// "-o, --output PATH"; of an operand its value.
[[nodiscard]] std::string label_of(Parameter const& parameter);

/// The words of `text` in lines of at most `help_columns`, each after `indent` blanks, the last without line end. Lines that
/// begin with two blanks stay as they are, empty ones stay empty.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t indent);

}  // namespace praline::usage
