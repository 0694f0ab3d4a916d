#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/usage/command_table.hpp"

namespace praline::usage {

struct ManualPage {
    std::string file_name;  ///< "praline-search.1"
    std::string text;
};

/// A page of the program, and one of each of its commands with all that is below it.
/// @param version  of the program, such as "0.1.0".
/// Written after man(7) of the Linux man-pages project.
[[nodiscard]] std::vector<ManualPage> manual_pages(Command const& program, std::string_view version);

}  // namespace praline::usage
