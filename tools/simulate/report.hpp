#pragma once

#include <span>
#include <string>

#include "tools/simulate/graph.hpp"
#include "tools/simulate/run.hpp"

/// Results as text. The same result is the same text on every machine.
namespace praline::simulate {

/// What was asked and what came of it.
struct Report {
    std::string topology;
    Node nodes = 0;
    std::uint64_t links = 0;
    RunOptions options;
    Tally tally;
};

/// One object: the names of the fields are fixed, scripts read them. Each mean is over all queries, but for hops: over
/// those that found a match, and null when none did. `…_ci95` is the half-width of its 95 % confidence interval.
[[nodiscard]] std::string to_json(Report const& report);
/// An array of such objects.
[[nodiscard]] std::string to_json(std::span<Report const> reports);
/// A heading and a line for each; an empty field where JSON has null.
[[nodiscard]] std::string to_csv(std::span<Report const> reports);
/// For people: a row for each.
[[nodiscard]] std::string to_table(std::span<Report const> reports);

}  // namespace praline::simulate
