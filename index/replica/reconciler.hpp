#pragma once

#include "index/replica/claims.hpp"
#include "index/replica/context.hpp"
#include "index/replica/copies.hpp"
#include "index/replica/own_writes.hpp"
#include "index/replica/records.hpp"

namespace praline::index::replica {

/// What another server's record of one publisher meant for ours.
struct Difference {
    bool differs = false;
    bool missing = false;    ///< the list is not here, and is being copied
    bool they_lack = false;  ///< ours is the newer, or of the higher claim
};

/// Two servers' records of one publisher: the higher version wins the list, the higher claim the right to change it.
/// @threads one: it belongs to a replica.
class Reconciler {
public:
    Reconciler(Context& context, RecordTable& records, Claims& claims, OwnWrites& writes, Copies& copies)
        : ctx_{context}, records_{records}, claims_{claims}, writes_{writes}, copies_{copies} {}

    /// Takes over what is better in theirs.
    Difference reconcile(ServerId with, LeasedRecord const& theirs);

private:
    [[nodiscard]] bool is_same(ReplicaRecord const* held, Record const& theirs) const;
    [[nodiscard]] bool is_ahead(ReplicaRecord const* held, Record const& theirs) const;
    void begin_anew_if_beyond(ReplicaRecord const& held, Session const& session, Record const& theirs);
    bool want_copy(ServerId with, LeasedRecord const& theirs);
    bool take_claim(Record const& theirs);

    Context& ctx_;
    RecordTable& records_;
    Claims& claims_;
    OwnWrites& writes_;
    Copies& copies_;
};

}  // namespace praline::index::replica
