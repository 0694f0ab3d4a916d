#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tools/simulate/report/tally.hpp"
#include "tools/simulate/world/graph.hpp"
#include "tools/simulate/world/run_options.hpp"

/// Results as text. The same result is the same text on every machine.
namespace praline::simulate::report {

/// What was asked and what came of it.
struct Report {
    std::string topology;
    world::Node nodes = 0;
    std::uint64_t links = 0;
    world::RunOptions options;
    Tally tally;
    /// Of an edge list that is not connected, what was left out of it; 1 and 0: nothing, or the overlay was generated.
    world::Node components = 1, nodes_left_out = 0;
    /// Of a point of a sweep: keys and their values. Those that have no field of their own get one.
    std::vector<std::pair<std::string, std::string>> varied{};

    /// Ended before all queries were asked.
    [[nodiscard]] bool partial() const { return tally.queries() < options.queries; }
    /// Times, bytes and the busiest node are known, or there are items: more fields and columns.
    [[nodiscard]] bool detailed() const { return options.logs_events() || options.workload.items > 0; }
};

/// One object: the names of the fields are fixed, scripts read them. Each mean is over all queries, but for hops and
/// times: over those that found as much, and null when none did. `…_ci95` is the half-width of its 95 % confidence
/// interval. A detailed report has more fields behind those that every report has; `partial` is there only when true,
/// `components` and `nodes_left_out` only when nodes of an edge list were left out.
[[nodiscard]] std::string to_json(Report const& report);
/// An array of such objects, with more fields when one of them is detailed.
[[nodiscard]] std::string to_json(std::span<Report const> reports);
/// A heading and a line for each; an empty field where JSON has null.
[[nodiscard]] std::string to_csv(std::span<Report const> reports);
/// For people: a row for each; of detailed reports two tables.
[[nodiscard]] std::string to_table(std::span<Report const> reports);

/// What a row of the table, or a line of a plot, is called.
[[nodiscard]] std::string label_of(world::RunOptions const& options);
/// In quotes. File names may be any bytes; JSON is UTF-8.
[[nodiscard]] std::string json_text(std::string const& text);
/// Of the query messages sent, by each node on average.
[[nodiscard]] std::optional<Estimate> messages_per_node(Report const& report);

}  // namespace praline::simulate::report
