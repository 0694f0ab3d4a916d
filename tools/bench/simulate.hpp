#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace praline::bench {

struct SimulateOptions {
    unsigned runs = 5;
    std::uint64_t nodes_max = 1'000'000;  ///< larger overlays are left out
    std::string plot;                     ///< SVG file to write; empty: none
    bool json = false;
};

/// Floods with TTL 7 at graph scale on one core, over random overlays of mean degree 8 (each node draws four others):
/// messages a second at constant and at random latency, bytes a node, and how time and memory grow with the overlay.
/// Baselines in the same run: the same flood with a binary heap as calendar, and a breadth-first count without events.
/// The totals of every query must be those of the count (constant latency) and of the heap (random latency).
/// @return 0; 1: totals differ. Throws std::runtime_error with a sentence.
int measure_simulate(SimulateOptions const& options);

/// What was measured on an overlay of one size at one latency.
struct SimulateRow {
    std::uint64_t nodes = 0, links = 0;
    bool random_latency = false;
    unsigned queries = 0;        ///< in a run
    std::uint64_t messages = 0;  ///< of a run
    double reach = 0;            ///< share of the nodes, mean
    // Medians of the runs, of a million messages a second of this thread's processor time, but for `by_the_clock`.
    double events = 0, by_the_clock = 0, heap = 0, sweep = 0;
    double query_ms = 0;            ///< processor time a query takes
    double bytes_a_node = 0;        ///< of the engine, beyond the adjacency
    double graph_bytes_a_node = 0;  ///< of the adjacency
    bool totals_equal = true;
};

/// Time and memory over the number of nodes, as a picture that needs nothing else. @param rows  in order of nodes.
[[nodiscard]] std::string growth_plot(std::vector<SimulateRow> const& rows);

}  // namespace praline::bench
