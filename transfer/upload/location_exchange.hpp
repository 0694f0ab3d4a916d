#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "node/base/endpoint.hpp"
#include "node/base/time.hpp"
#include "node/base/urn.hpp"
#include "node/wire/handshake.hpp"
#include "transfer/content/alt_locations.hpp"
#include "transfer/content/location_list.hpp"

/// Alternate locations in requests and replies.   @threads any: pure.   @source node/wire/protocol/transfer.md
namespace praline::upload {

/// What a request says of where else the file is.
struct SaidLocations {
    std::vector<content::NamedLocation> good, bad;  ///< X-Alt and its older forms; X-NAlt
    std::optional<Endpoint> listening;              ///< X-Node, Listen-IP: where the asker can be called
    bool has_part = false;                          ///< X-Downloaded: it has some of the file, and offers that
    bool takes_v6 = false;                          ///< X-Features: IP/6.x
};
[[nodiscard]] SaidLocations read_said_locations(wire::HeaderBlock const& head);

/// Claims of the asker at `peer` about the file it asks for.
void learn(content::AltLocations& table, Sha1 const& file, SaidLocations const& said, Address const& peer, Instant now);

/// The lines X-Alt and X-NAlt for the asker; empty: there is nothing to tell.
[[nodiscard]] std::string location_lines(content::AltLocations const& table, Sha1 const& file,
                                         SaidLocations const& said, Address const& peer, Instant now);

}  // namespace praline::upload
