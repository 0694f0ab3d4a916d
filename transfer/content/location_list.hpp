#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/base/endpoint.hpp"
#include "node/base/urn.hpp"

namespace praline::content {

/// Another place where a file is said to be.
struct NamedLocation {
    Endpoint endpoint;
    std::optional<Sha1> sha1{};  ///< of the file that is said to be there; empty: the one that is talked about
    friend bool operator==(NamedLocation const&, NamedLocation const&) = default;
};

/// Reads a list of alternate locations: the values of X-Alt and X-NAlt ("192.0.2.1:6346, [2001:db8::5]:6346"; the port is
/// 6346 where none is named), and the older URLs ("http://192.0.2.1:6346/uri-res/N2R?urn:sha1:… 2002-04-30T08:30Z"). What
/// is no location, no host or there already is left out, like names of hosts, which would have to be looked up.
/// @param locations  is appended to, up to `locations_per_head_max`; of a value no more than `location_items_max` items
///                   are looked at.   @threads any: pure.   @source node/wire/protocol/transfer.md
void read_locations(std::string_view value, std::vector<NamedLocation>& locations);

/// The value of X-Alt or X-NAlt.
[[nodiscard]] std::string location_list(std::vector<Endpoint> const& endpoints);
/// The lines X-Alt and X-NAlt, each with its end; those that would name nothing are left out.
[[nodiscard]] std::string location_lines(std::vector<Endpoint> const& good, std::vector<Endpoint> const& bad);

}  // namespace praline::content
