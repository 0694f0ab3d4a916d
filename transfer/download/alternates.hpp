#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "node/base/address.hpp"
#include "node/base/endpoint.hpp"
#include "node/base/time.hpp"
#include "node/base/urn.hpp"
#include "transfer/content/alt_locations.hpp"
#include "transfer/download/http_response.hpp"
#include "transfer/swarm/source.hpp"

namespace praline::download {

/// How many places that peers have named are tried within one `window`, over all downloads.
struct AlternateLimits {
    std::size_t per_target_max = 4;  ///< at one address
    std::size_t per_namer_max = 32;  ///< named by one address
    std::size_t total_max = 256;
    std::chrono::minutes window{60};
};

/// Turns alternate locations into sources, of all downloads of a node. Whoever names them may be a liar, and the places
/// strangers that have never heard of the file: a place is given once in an hour for one file, and one address a few times
/// for all files, however many peers name it. So a node is no tool to knock at addresses that somebody else has chosen.
/// @threads one at a time: pure.
class Alternates {
public:
    /// @param table  what is learnt goes there. Null: nothing is learnt, and no source is given.
    explicit Alternates(content::AltLocations* table, AlternateLimits const& limits = {})
        : table_{table}, limits_{limits} {}

    /// What a reply of `namer` says of where else the file is: sources that may be added to its download, each known from
    /// hearsay only (`from_hit`). X-NAlt is noted, and gives none.
    [[nodiscard]] std::vector<swarm::Source> sources(HttpResponse const& reply, Sha1 const& file, Endpoint const& namer,
                                                     Instant now);
    /// The same of the locations that a hit of `source` names. It is nobody's word, since every peer on its way could have
    /// made it up: the peer at `teller` that it came from is charged, and nothing of it is passed on before it has delivered.
    [[nodiscard]] std::vector<swarm::Source> in_hit(std::vector<Endpoint> const& named, Sha1 const& file,
                                                    Endpoint const& source, Address const& teller, Instant now);

    /// Verified bytes of the file came from there: it is passed on.
    void delivered(Sha1 const& file, Endpoint const& source, Instant now);
    /// It cannot be reached, or has not the file: it is passed on no longer.
    void failed(Sha1 const& file, Endpoint const& source, Instant now);

    /// What a request to `to` says: lines of the head, each with its end; empty: there is nothing to say.
    /// @param own  where this node serves what it has of the file; empty: others cannot call it, or it does not.
    /// @param verified_bytes  of the file, here.
    [[nodiscard]] std::string request_lines(Sha1 const& file, Endpoint const& to, std::optional<Endpoint> const& own,
                                            std::uint64_t verified_bytes, Instant now) const;

private:
    struct Try {
        Sha1 file;
        Endpoint target;
        AddressPrefix namer;
        Instant at{};
    };
    [[nodiscard]] bool may_try(Sha1 const& file, Endpoint const& target, Address const& namer, Instant now);

    content::AltLocations* table_;
    AlternateLimits limits_;
    std::deque<Try> tries_;  // oldest first; at most `total_max`
};

}  // namespace praline::download
