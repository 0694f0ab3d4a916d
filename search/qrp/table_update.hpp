#pragma once

#include <vector>

#include "node/wire/message.hpp"
#include "search/qrp/routing_table.hpp"

namespace praline::search::qrp {

/// The messages that turn what a neighbour has of us into `now`: nothing if it is the same, PATCHes of 4-bit entries
/// if the size is the same, RESET and PATCHes if it is not or if the neighbour has nothing (`before` null).
/// Deflated unless that makes it longer; at most 255 messages.
/// @threads any: pure.   @source QRP; node/wire/protocol/query-routing.md
[[nodiscard]] std::vector<wire::Qrp> make_update(QueryRoutingTable const* before, QueryRoutingTable const& now);

}  // namespace praline::search::qrp
