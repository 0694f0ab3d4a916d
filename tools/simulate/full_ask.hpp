#pragma once

#include "tools/simulate/outcome.hpp"
#include "tools/simulate/strategies.hpp"

namespace praline::simulate {

/// Asks a question at the scale that its options name.
/// @throws BadInput: it cannot be asked at full scale.
[[nodiscard]] Outcome ask_at_scale(Question const& question);

/// The same at full scale. The nodes are made with the first question of their `Hosts`.
[[nodiscard]] Outcome ask_real_nodes(Question const& question);

}  // namespace praline::simulate
