#pragma once

#include <string>
#include <vector>

#include "tools/usage/command_table.hpp"

namespace praline::usage {

/// The first word of a command line that names no command, no option, or no allowed value of an option: a sentence that names
/// it, and what was probably meant. Else what is missing at its end. Empty: nothing; the parser still may find fault.
/// @param words  without the program's name.
[[nodiscard]] std::string mistake_in(Command const& program, std::vector<std::string> const& words);

}  // namespace praline::usage
