#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "index/replica/replica.hpp"

namespace praline::index::replica {

/// One server between two starts: as long as it is heard, the leases of what it owns are renewed.
using Owner = std::pair<ServerId, std::uint64_t>;

/// Until when a publisher's list is shown: renewed by the life of its owner, or up to a fixed time; neither: without end.
struct Lease {
    std::optional<Owner> owner;
    std::optional<Instant> expires;
};

/// Tables over the leases of all publishers: by time, and by owner. Each `Lease` is kept by the caller, beside its
/// publisher, and is changed only here.
/// @threads one: it belongs to a replica.
class Leases {
public:
    /// It ends at `time`, or at none. Its owner stays.
    void set_expiry(PublisherId const& id, Lease& lease, std::optional<Instant> time);
    /// From now on `owner` renews it, which was heard at `last_heard`; that counts for an owner that has nothing yet.
    void set_owner(PublisherId const& id, Lease& lease, Owner const& owner, Instant last_heard);
    void clear_owner(PublisherId const& id, Lease& lease);

    void renew(Owner const& owner, Instant now);
    /// Time in which no owner could be heard, because we were suspended.
    void resumed(Duration time);

    /// The earliest end of a lease that ends at a fixed time.
    [[nodiscard]] std::optional<Instant> next_expiry() const;
    /// The publisher whose lease ends first, if it has ended by `now`.
    [[nodiscard]] std::optional<PublisherId> expired(Instant now) const;
    /// At most so many whose owner has been silent for `term`.
    [[nodiscard]] std::vector<PublisherId> of_silent_owners(Instant now, Duration term, std::size_t count_max) const;
    /// All that earlier incarnations of that server own.
    [[nodiscard]] std::vector<PublisherId> owned_before(Owner const& owner) const;
    /// How much of it is left; `term` when it does not end.
    [[nodiscard]] Duration left(Lease const& lease, Instant now, Duration term) const;

private:
    struct Owned {
        Instant last_heard{};
        std::set<PublisherId> publishers;
    };
    std::set<std::pair<Instant, PublisherId>> expiries_;
    std::map<Owner, Owned> owners_;
};

}  // namespace praline::index::replica
