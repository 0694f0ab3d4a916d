#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "index/replica/context.hpp"
#include "index/replica/digest_tree.hpp"
#include "index/replica/group.hpp"
#include "index/replica/leases.hpp"
#include "index/replica/replica_record.hpp"

namespace praline::index::replica {

/// An `Apply` or the last `StageCopy` that the catalogue owes an answer to.
struct PendingApply {
    enum class Source : std::uint8_t { own_write, other_server, copy } source{};
    PublisherId publisher;
    std::uint64_t key = 0;                        ///< own_write
    ServerId owner{};                             ///< other_server
    std::uint64_t incarnation = 0, position = 0;  ///< the same
};

/// What is remembered of every publisher, and the tables that must agree with it: the digest tree that comparisons walk, the
/// leases, and what the catalogue has been asked to apply. A record is changed only here; others hold it by const reference,
/// good until `expire`.
///
/// Nothing is shown for ever: a list lives while its publisher is signed in somewhere and that server is heard. When a lease
/// ends the list is hidden; its version stays for `tombstone`, so that it never goes backwards.
/// @threads one: it belongs to a replica.
class RecordTable {
public:
    RecordTable(Context& context, Group const& group) : ctx_{context}, group_{group} {}

    /// What was on disk. First of all, once.
    void restore(std::vector<Record> const& records);
    [[nodiscard]] ReplicaRecord const* find(PublisherId const& id) const;
    [[nodiscard]] ReplicaRecord const& at(PublisherId const& id) const { return records_.at(id); }
    /// Makes a blank one if need be; null: there is no room.
    ReplicaRecord const* hold(PublisherId const& id);
    [[nodiscard]] DigestTree const& tree() const { return tree_; }

    // ---- claims ----
    /// False: it is not higher than what is known. True: then `reschedule`, or end the session.
    bool raise_claim(PublisherId const& id, Claim const& claim);
    /// The one that we ask for.
    void set_claim(PublisherId const& id, Claim const& claim);
    void set_signed_in(PublisherId const& id, bool signed_in);
    /// Publisher, address and claim belong together. The list stays. Emits `Adopt`.
    void adopt(PublisherId const& id, Publisher const& publisher, Claim claim);

    // ---- leases ----
    /// After anything that decides what renews its lease. `expires`: not its owner does.
    void reschedule(PublisherId const& id, std::optional<Instant> expires = {});
    void expire_at(PublisherId const& id, Instant time);
    void hide(PublisherId const& id);
    void renew(Owner const& owner) { leases_.renew(owner, ctx_.now()); }
    /// The owner has the same of that range as we.
    void confirm(ServerId owner, KeyRange const& range);
    /// All that this server owned in incarnations that we cannot tell apart, or before it learned of it again, is its own now.
    void merge_owners(ServerId id, std::uint64_t into);
    /// The host was suspended. Leases that ended meanwhile end when we have heard what the others did, for a publisher may
    /// have signed in there since.
    void resumed(Duration time);
    [[nodiscard]] std::optional<Instant> next_expiry() const;

    /// Begins a turn of at most `expiries_each_tick_max`. False: not yet, after a suspension.
    bool begin_expiring();
    /// One more of this turn whose lease has ended, for `expire`; empty: no further one.
    [[nodiscard]] std::optional<PublisherId> next_expired();
    /// @returns true: its list is ours to take away everywhere.
    bool expire(PublisherId const& id);
    /// What is left of the turn goes to those whose owners have been silent.
    void hide_of_silent_owners();

    // ---- the catalogue ----
    /// False: it has too much to do.
    [[nodiscard]] bool may_apply() const;
    void apply(PendingApply const& pending, Publisher const& publisher, Claim claim, Change const& change);
    /// A change comes under that claim, if it is higher: the record takes it before the catalogue does.
    void take_publisher(PublisherId const& id, Publisher const& publisher, Claim claim);
    /// The last part of a copy goes to the catalogue.
    void commit_copy(Ticket ticket, PublisherId const& id, Version version);
    [[nodiscard]] std::optional<PendingApply> take_pending(Ticket ticket);
    /// Takes over what the catalogue says of a publisher's list. Which publisher's it is was decided when the catalogue was asked.
    void settle(PublisherId const& id, Applied const& event);
    /// The same of a list that was copied. @returns whether it counts.
    /// @param copied  as it was announced. @param expires  empty: its owner renews it. @param retired  a tombstone near its end.
    bool settle_copy(Applied const& event, Record const& copied, std::optional<Instant> expires, bool retired);

    /// As it is sent to another server.
    [[nodiscard]] LeasedRecord leased(ReplicaRecord const& held) const;

private:
    [[nodiscard]] ReplicaRecord* get(PublisherId const& id);
    bool restore_one(Record const& record);
    void forget(ReplicaRecord& held);
    void refresh(ReplicaRecord const& held);
    void adopt(ReplicaRecord& held, Publisher const& publisher, Claim claim);
    void hide(ReplicaRecord& held);
    void reschedule(ReplicaRecord& held, std::optional<Instant> expires);
    void confirmed(ReplicaRecord& held);
    bool expire(ReplicaRecord& held);
    void set_expiry(ReplicaRecord& held, std::optional<Instant> time) {
        leases_.set_expiry(held.id(), held.lease, time);
    }
    void clear_owner(ReplicaRecord& held) { leases_.clear_owner(held.id(), held.lease); }
    void set_owner(ReplicaRecord& held, Owner const& owner);

    Context& ctx_;
    Group const& group_;
    std::map<PublisherId, ReplicaRecord> records_;  ///< at most publishers_max
    DigestTree tree_;
    Leases leases_;
    std::set<PublisherId> restored_;  ///< those that are `ReplicaRecord::restored`
    std::map<Ticket, PendingApply> applies_;
    std::size_t expiries_left_ = 1;  ///< of this turn; 0: more are due at once
    Instant awake_since_{};          ///< the host has called in time since
};

}  // namespace praline::index::replica
