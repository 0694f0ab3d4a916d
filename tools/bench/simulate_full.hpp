#pragma once

#include <cstdint>

namespace praline::bench {

struct SimulateFullOptions {
    std::uint64_t nodes = 100'000;
    unsigned queries = 3;  ///< in a run
    unsigned runs = 5;
    bool json = false;
};

/// Floods with TTL 7 at full scale on one core: every node of a random overlay of mean degree 8 (each draws four others)
/// runs the overlay and the search hub of the real one, every copy of a query is an event of its own. Messages a second,
/// with copies handed over as values and, apart, through the codec as bytes; and memory a node at rest, all its links made.
/// Baseline in the same run: the same floods at graph scale, whose totals must be the same for every query.
/// @return 0; 1: totals differ.
int measure_simulate_full(SimulateFullOptions const& options);

}  // namespace praline::bench
