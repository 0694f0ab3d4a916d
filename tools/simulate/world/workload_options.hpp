#pragma once

#include <cstdint>

namespace praline::simulate::world {

/// How many copies an item has, all items together having the same number: Cohen and Shenker's allocations.
enum class Allocation { uniform, proportional, square_root };
/// Who gets a copy of what was found: nobody; the requester; every node on the way; as many nodes, drawn among the visited.
enum class Copying { none, owner, path, random };
/// Of hosts that share: as many files each, or as measured, most few and few most.
enum class FileCounts { equal, measured };

/// What is looked for and who has it. Without items every query has holders of its own, drawn afresh.
struct WorkloadOptions {
    std::uint32_t items = 0;  ///< 0: holders drawn afresh for each query
    double zipf = 0;          ///< item of rank i is asked for as often as 1 / i^zipf; 0: all alike
    Allocation allocation = Allocation::uniform;
    Copying copying = Copying::none;
    std::uint32_t store = 40;  ///< copies one node keeps of what was found; one drawn at random gives way
    double free_riders = 0;    ///< share of the nodes that share nothing
    FileCounts files = FileCounts::equal;
    bool fetch_once = false;    ///< no node asks again for what a query of its own has found
    std::uint32_t trials = 10;  ///< placements drawn afresh; queries are dealt out evenly among them
    std::uint64_t warm_up = 0;  ///< queries of each trial that are asked first and not counted
};

}  // namespace praline::simulate::world
