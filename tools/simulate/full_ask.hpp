#pragma once

#include "tools/simulate/strategies.hpp"
#include "tools/simulate/world/outcome.hpp"

namespace praline::simulate {

/// Asks a question at the scale that its options name.
/// @throws BadInput: it cannot be asked at full scale.
[[nodiscard]] world::Outcome ask_at_scale(QueryRun const& run);

/// The same at full scale. The nodes are made with the first question of their `Hosts`.
[[nodiscard]] world::Outcome ask_real_nodes(QueryRun const& run);

}  // namespace praline::simulate
