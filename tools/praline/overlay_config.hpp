#pragma once

#include "node/overlay/overlay.hpp"
#include "tools/praline/config.hpp"
#include "tools/praline/node_identity.hpp"

namespace praline {

/// The settings of a node as its overlay takes them. Pure.
[[nodiscard]] overlay::Config overlay_config(Config const& config, NodeIdentity const& identity);

}  // namespace praline
