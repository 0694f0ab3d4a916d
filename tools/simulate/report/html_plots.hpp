#pragma once

#include <span>
#include <string>

#include "tools/simulate/report/report.hpp"
#include "tools/simulate/world/facts.hpp"

/// The figures of a report, as HTML.
namespace praline::simulate::report::plots {

[[nodiscard]] std::string legend(std::span<Report const> reports);
[[nodiscard]] std::string success_and_cost(std::span<Report const> reports);
[[nodiscard]] std::string side_by_side(std::span<Report const> reports);
[[nodiscard]] std::string hops(std::span<Report const> reports);
[[nodiscard]] std::string degrees(world::GraphFacts const& facts);
[[nodiscard]] std::string distances(world::GraphFacts const& facts);

}  // namespace praline::simulate::report::plots
