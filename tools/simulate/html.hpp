#pragma once

#include <span>
#include <string>

#include "tools/simulate/facts.hpp"
#include "tools/simulate/report.hpp"

namespace praline::simulate {

/// A page that needs nothing else: text, tables and plots of a comparison. The same results give the same octets.
/// @param command  that repeats it. @pre there is a report, and each has a query.
[[nodiscard]] std::string to_html(std::span<Report const> reports, GraphFacts const& facts, std::string const& command);

}  // namespace praline::simulate
