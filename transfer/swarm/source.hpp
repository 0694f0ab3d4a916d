#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "node/base/endpoint.hpp"
#include "node/base/ids.hpp"
#include "node/base/urn.hpp"

namespace praline::swarm {

/// Where a file can be had.
struct Source {
    Endpoint endpoint;
    Guid servent;             ///< blank: unknown, cannot be asked to push
    std::uint32_t index = 0;  ///< 0: unknown
    std::string name;         ///< as the source calls it
    std::string vendor;
    bool push_needed = false;
    // What its hit said of the file: hints of this source, believed no further than anything else it says.
    std::optional<std::uint64_t> size_bytes{};
    std::optional<Sha1> sha1{};
    std::optional<TigerHash> tiger_root{};
    bool from_hit = false;  ///< known from somebody's hit, not from the user's own words
    /// Of a web server that the user named, as `content::HttpUrl` writes it; never of what a stranger named. Then there is
    /// no endpoint: its host may be a name. Empty: a peer.
    std::string url{};
    /// What it is called in sentences and lists.
    [[nodiscard]] std::string place() const { return url.empty() ? endpoint.text() : url; }
    friend bool operator==(Source const&, Source const&) = default;
};

}  // namespace praline::swarm
