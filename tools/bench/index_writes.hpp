#pragma once

#include <cstdint>
#include <string>

namespace praline::bench {

/// Figure 3 of the Clippee paper, repeated: response time of writes over their rate, for groups of 2 to 16 servers; and how
/// many writes and reads a second this machine takes before the knee.
struct IndexWritesOptions {
    double seconds = 5;  ///< of load, for each point
    std::uint32_t servers_max = 16;
    std::uint32_t nodes = 64;  ///< that publish, evenly spread over the servers
    std::string plot;          ///< SVG file; empty: none
    bool knee = true;
    bool json = false;
};
int measure_index_writes(IndexWritesOptions const& options);

}  // namespace praline::bench
