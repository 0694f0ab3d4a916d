#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "index/replica/comparison_schedule.hpp"
#include "index/replica/context.hpp"
#include "index/replica/group.hpp"
#include "index/replica/records.hpp"

namespace praline::index::replica {

/// A publisher that is signed in here.
struct Session {
    Publisher publisher;
    Version own;  ///< its list is at least so far
    Claim claim;
    bool ready = false;          ///< the claim is granted
    std::set<ServerId> waiting;  ///< to grant it
    Instant deadline{};
    std::uint32_t tries = 1;
    std::vector<Version> granted;  ///< what those that granted it have
};

/// Sessions of publishers, and the claims that they are held under: the lock token of Clippee (section II-D), granted by all
/// live servers or by their silence in time, and held until the next sign-in. A claim that has become ours is named to the
/// caller, which then calls `settle` for it.
/// @threads one: it belongs to a replica.
class Claims {
public:
    Claims(Context& context, Group& group, RecordTable& records, ComparisonSchedule& schedule)
        : ctx_{context}, group_{group}, records_{records}, schedule_{schedule} {}

    // ---- what is known ----
    [[nodiscard]] Session const* find(PublisherId const& id) const;
    /// Its publisher may write here now.
    [[nodiscard]] bool holds(PublisherId const& id) const;
    [[nodiscard]] std::optional<Instant> next_deadline() const;

    // ---- sessions ----
    /// False: refused, and the host has been notified. True: then `acquire`.
    bool open(SessionOpened const& event);
    /// Asks all live servers for the claim. True: there is none, the claim is ours.
    [[nodiscard]] bool acquire(PublisherId const& id);
    /// The claim is ours. @returns a version: the list as the publisher knows it does not continue what servers have, and must
    /// begin anew after that; empty: it goes on, and the host has been notified.
    [[nodiscard]] std::optional<Version> settle(PublisherId const& id);
    /// False: there was no session.
    bool close(PublisherId const& id);
    /// Another server holds the claim now, or the list cannot go on.
    void lose(PublisherId const& id);
    /// There is that claim; a session under a lower one is lost. @pre the publisher is held.
    void learn(PublisherId const& id, Claim const& claim);

    // ---- messages; true: the claim is ours ----
    void got(Envelope const& from, Acquire const& message);
    [[nodiscard]] bool got(Envelope const& from, Grant const& message);
    [[nodiscard]] bool got(Envelope const& from, Deny const& message);

    /// That server grants nothing any more. @returns the claims that are ours by that.
    [[nodiscard]] std::vector<PublisherId> without(ServerId silent);
    /// One more claim that silence has granted; empty: no further one. Each is settled before the next.
    [[nodiscard]] std::optional<PublisherId> next_granted_by_silence();

private:
    void end(PublisherId const& id);

    Context& ctx_;
    Group& group_;
    RecordTable& records_;
    ComparisonSchedule& schedule_;
    std::map<PublisherId, Session> sessions_;
    std::set<std::pair<Instant, PublisherId>> deadlines_;
};

}  // namespace praline::index::replica
