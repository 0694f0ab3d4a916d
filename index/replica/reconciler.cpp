#include "index/replica/reconciler.hpp"

#include <algorithm>
#include <utility>

#include "index/replica/limits.hpp"

namespace praline::index::replica {
namespace {

bool is_compared(ReplicaRecord const* held) { return held != nullptr && held->visible() && !held->retired; }

bool is_better(Record const& one, Record const& other) { return newer_content(one, other) || one.claim > other.claim; }

/// Whether theirs tells us of a list that we have not seen since we started.
bool is_fresh(ReplicaRecord const* held) { return held == nullptr || !held->visible() || !held->touched; }

}  // namespace

Difference Reconciler::reconcile(ServerId with, LeasedRecord const& theirs) {
    Record const& record = theirs.record;
    if (record.claim.number > claim_number_max) {
        ctx_.refuse();
        return {};
    }
    PublisherId const id = record.publisher.id;
    ReplicaRecord const* held = records_.find(id);
    if (is_same(held, record)) {
        if (held->restored && record.claim.owner == with) records_.confirm(with, {id, id});
        return {};
    }
    Difference result{true, false, false};
    if (held != nullptr) claims_.learn(id, record.claim);
    if (Session const* const session = claims_.find(id)) {
        begin_anew_if_beyond(*held, *session, record);
        result.they_lack = is_compared(held) && is_better(held->record, record);
        return result;
    }
    // It was ours, and ended here only, while we were cut off: now it ends everywhere.
    bool const ended_here =
        held != nullptr && held->visibility == Visibility::hidden && held->highest_claim.owner == ctx_.self().id;
    if (ended_here && !is_tombstone(record)) {
        writes_.take_away(id);
        return result;
    }
    bool const no_list = held == nullptr || held->visibility == Visibility::claimed;
    if (is_ahead(held, record) && record.version != Version{}) {
        bool const fresh = is_fresh(held);
        result.missing = want_copy(with, theirs) && fresh;
    } else if (record.claim.number > 0 && (no_list || record.claim > held->record.claim)) {
        if (!take_claim(record)) return result;
    }
    held = records_.find(id);
    result.they_lack = held != nullptr && held->visible() && is_better(held->record, record);
    return result;
}

bool Reconciler::is_same(ReplicaRecord const* held, Record const& theirs) const {
    return is_compared(held) && held->record.version == theirs.version && held->record.digest == theirs.digest &&
           held->record.claim == theirs.claim;
}

bool Reconciler::is_ahead(ReplicaRecord const* held, Record const& theirs) const {
    if (held == nullptr || held->visibility == Visibility::claimed) return true;
    return held->visible() ? newer_content(theirs, held->record) : theirs.version >= held->ahead;
}

/// The publisher is signed in here: what others have and it does not know of, it does not go on from.
void Reconciler::begin_anew_if_beyond(ReplicaRecord const& held, Session const& session, Record const& theirs) {
    bool const other_list = theirs.version == held.ahead && held.applies == 0 && theirs.digest != held.record.digest;
    bool const beyond = theirs.version > held.ahead && theirs.version > session.own;
    if (session.ready && held.visible() && (other_list || beyond)) writes_.begin_anew(held.id(), theirs.version);
}

/// With little of its lease left a list is not taken: two servers would keep it alive for each other.
bool Reconciler::want_copy(ServerId with, LeasedRecord const& theirs) {
    Duration const lease = ctx_.options().lease;
    Duration const left = std::chrono::milliseconds{theirs.lease_left_ms};
    bool const tombstone = is_tombstone(theirs.record);
    // Of one near its end only a server that still shows the list need know.
    bool const retired = tombstone && left == Duration{};
    ReplicaRecord const* const held = records_.find(theirs.record.publisher.id);
    if (retired && (held == nullptr || !held->visible())) return false;
    if (!tombstone && left < lease / lease_left_least) return false;
    CopyWanted wanted;
    wanted.source = with;
    wanted.record = theirs.record;
    wanted.lease_until = ctx_.now() + std::min(left, tombstone ? ctx_.options().tombstone : lease);
    wanted.retired = retired;
    wanted.renewed = !tombstone && left >= lease / 2;
    copies_.want(std::move(wanted));
    return true;
}

bool Reconciler::take_claim(Record const& theirs) {
    PublisherId const& id = theirs.publisher.id;
    ReplicaRecord const* const held = records_.hold(id);
    if (held == nullptr) return false;
    claims_.learn(id, theirs.claim);
    if (held->visibility == Visibility::hidden) return false;
    records_.adopt(id, theirs.publisher, theirs.claim);
    records_.reschedule(id);
    ++ctx_.counters().publishers_repaired;
    return true;
}

}  // namespace praline::index::replica
