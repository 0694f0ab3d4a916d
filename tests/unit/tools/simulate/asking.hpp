#pragma once

#include <cstdint>

#include "search/strategy/strategy.hpp"

namespace praline::simulate {

/// One result is enough.
inline search::strategy::Parameters asking(search::strategy::Kind kind, std::uint8_t ttl) {
    search::strategy::Parameters parameters;
    parameters.kind = kind;
    parameters.ttl = ttl;
    parameters.results_wanted = 1;
    return parameters;
}

}  // namespace praline::simulate
