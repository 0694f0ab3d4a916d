#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "transfer/swarm/source_list.hpp"

namespace praline::download {

/// How a connection to a source ended; no fault: there is nothing more to ask for, or nobody wants it.
struct Outcome {
    std::optional<swarm::Fault> fault;
    std::optional<std::chrono::seconds> retry_after;
    std::string detail;  ///< in words, behind the name of the source
};

[[nodiscard]] inline Outcome fault(swarm::Fault which, std::string detail) {
    return Outcome{which, std::nullopt, std::move(detail)};
}

}  // namespace praline::download
