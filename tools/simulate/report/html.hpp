#pragma once

#include <span>
#include <string>

#include "tools/simulate/report/report.hpp"
#include "tools/simulate/world/facts.hpp"

namespace praline::simulate::report {

/// A page that needs nothing else: text, tables and plots of a comparison. The same results give the same bytes.
/// @param command  that repeats it. @pre there is a report, and each has a query.
[[nodiscard]] std::string to_html(std::span<Report const> reports, world::GraphFacts const& facts,
                                  std::string const& command);

}  // namespace praline::simulate::report
