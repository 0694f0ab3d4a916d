#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "node/base/endpoint.hpp"
#include "node/base/fair_places.hpp"
#include "node/base/time.hpp"
#include "node/base/urn.hpp"

namespace praline::content {

struct AltLocationLimits {
    std::size_t locations_max = 4096;  ///< of all files
    std::size_t per_file_max = 64;
    std::size_t per_namer_max = 128;         ///< named first by one party, of all files
    std::size_t per_address_max = 4;         ///< of one file at one address
    std::size_t hearsay_per_target_max = 4;  ///< at one address, of all files, that only others speak of
    std::size_t claims_max = 4;              ///< that one location works, and as many that it does not; the oldest goes
    std::size_t parties_to_believe = 3;      ///< who say the same of a location that this node has not tried
    std::size_t told_per_address_max = 2;    ///< of one file, in one reply
    std::chrono::hours age_max{12};          ///< what was said or tried before that does not count
    std::chrono::hours refusal_age_max{2};   ///< so long a location that has refused this node is not believed
};

/// Where files that this node shares or downloads are said to be, by whom, and what came of it. What a peer says is a
/// claim: it is passed on only when this node got the file there, when the address said so itself, or when several parties
/// did that have nothing to do with each other. A party is a network of addresses, as one user may have.
///
/// Nobody can make a node knock at a stranger often, or have others do it: one address that others speak of is kept
/// `hearsay_per_target_max` times, whatever files and ports are named. Addresses of loopback or a private network are
/// taken from peers there only, and told to peers there only. When the table is full, the oldest location of the party
/// that has named most is evicted.
/// @threads one at a time: pure.   @source node/wire/protocol/transfer.md
class AltLocations {
public:
    explicit AltLocations(AltLocationLimits const& limits = {});
    /// This node's own endpoint, which is never kept.
    void set_own(Endpoint const& own) { own_ = own; }

    /// The peer at `namer` says that the file is at `location`.
    /// @return whether that is kept and may be tried: it is no place that has refused this node lately.
    bool named(Sha1 const& file, Endpoint const& location, Address const& namer, Instant now);
    /// The same, of a place that nobody vouches for: nothing of it is kept.
    [[nodiscard]] bool may_be_tried(Sha1 const& file, Endpoint const& location, Address const& teller,
                                    Instant now) const;
    /// The peer at `namer` did not get the file there. It takes back what that party said, and counts against the others;
    /// it removes nothing.
    void denied(Sha1 const& file, Endpoint const& location, Address const& namer, Instant now);
    /// This node got verified bytes of the file there.
    void served(Sha1 const& file, Endpoint const& location, Instant now);
    /// This node could not get the file there.
    void refused(Sha1 const& file, Endpoint const& location, Instant now);

    /// Who is told.
    struct Asker {
        Address address;
        std::vector<Endpoint> endpoints;  ///< where it says that it listens: it is not told of itself
        bool takes_v6 = false;
    };
    /// Confirmed locations, the freshest first, at most `most`.
    [[nodiscard]] std::vector<Endpoint> confirmed(Sha1 const& file, Asker const& asker, std::size_t most,
                                                  Instant now) const;
    /// Locations that have refused this node lately, the freshest first, at most `most`.
    [[nodiscard]] std::vector<Endpoint> refusing(Sha1 const& file, Asker const& asker, std::size_t most,
                                                 Instant now) const;
    [[nodiscard]] std::size_t size() const { return file_of_.size(); }
    /// Of one file.
    [[nodiscard]] std::size_t size(Sha1 const& file) const;

private:
    using Id = FairPlaces::Id;
    struct Claim {
        AddressPrefix party;
        Instant at{};
        bool works = true;
    };
    struct Known {
        Id id = 0;
        Endpoint endpoint;
        bool hearsay = true;        // neither its address nor this node has said so
        std::vector<Claim> claims;  // oldest first
        std::optional<Instant> by_itself_at{}, served_at{}, refused_at{};
        [[nodiscard]] Instant last_at() const;
    };
    struct File {
        FairPlaces places;
        std::vector<Known> locations;
    };

    [[nodiscard]] Known* find(Sha1 const& file, Endpoint const& location);
    [[nodiscard]] Known* find_or_add(Sha1 const& file, Endpoint const& location, AddressPrefix party, bool hearsay,
                                     Instant now);
    void add_claim(Known& known, AddressPrefix party, bool works, Instant now) const;
    void drop_old(Sha1 const& file, Instant now);
    void remove(Id id);
    void vouch_for(Known& known);
    void forget_hearsay(Address const& target);
    [[nodiscard]] bool is_refusing(Known const& known, Instant now) const;
    [[nodiscard]] bool is_confirmed(Known const& known, Instant now) const;
    [[nodiscard]] std::size_t parties_saying(Known const& known, bool works, Instant now) const;
    [[nodiscard]] std::vector<Endpoint> select(Sha1 const& file, Asker const& asker, std::size_t most,
                                               std::function<bool(Known const&)> const& so) const;

    AltLocationLimits limits_;
    std::optional<Endpoint> own_;
    std::map<Sha1, File> files_;
    std::map<Id, Sha1> file_of_;
    FairPlaces places_;                             // of all files, by the party that named first
    std::map<AddressPrefix, std::size_t> hearsay_;  // locations that only others speak of, by their address
    Id next_id_ = 1;
};

/// Whether somebody at `peer` may speak of `address`, and be told of it: one that means something on a machine or in a
/// network only is nobody's business elsewhere.
[[nodiscard]] bool may_name(Address const& peer, Address const& address);

}  // namespace praline::content
