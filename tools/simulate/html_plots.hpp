#pragma once

#include <span>
#include <string>

#include "tools/simulate/facts.hpp"
#include "tools/simulate/report.hpp"

/// The figures of a report, as HTML.
namespace praline::simulate::plots {

[[nodiscard]] std::string legend(std::span<Report const> reports);
[[nodiscard]] std::string success_and_cost(std::span<Report const> reports);
[[nodiscard]] std::string side_by_side(std::span<Report const> reports);
[[nodiscard]] std::string hops(std::span<Report const> reports);
[[nodiscard]] std::string degrees(GraphFacts const& facts);
[[nodiscard]] std::string distances(GraphFacts const& facts);

}  // namespace praline::simulate::plots
