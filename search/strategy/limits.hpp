#pragma once

#include <cstdint>

/// The bounds of search/strategy, one struct a strategy.
namespace praline::search::strategy {

struct FloodLimits {
    std::uint8_t default_ttl = 4;  ///< of a query that starts here and names none
    std::uint8_t ttl_max = 4;      ///< of any query that starts here
};

}  // namespace praline::search::strategy
