#include "index/replica/records.hpp"

#include <algorithm>
#include <chrono>

#include "index/replica/limits.hpp"

namespace praline::index::replica {

/// In order of their ids: with a million of them the tables grow four times as fast at their end as anywhere.
void RecordTable::restore(std::vector<Record> const& records) {
    std::vector<Record const*> ordered;
    for (Record const& record : records) ordered.push_back(&record);
    std::sort(ordered.begin(), ordered.end(),
              [](auto const* one, auto const* other) { return one->publisher.id < other->publisher.id; });
    for (Record const* const record : ordered)
        if (!restore_one(*record)) break;
}

bool RecordTable::restore_one(Record const& record) {
    if (hold(record.publisher.id) == nullptr) return false;
    ReplicaRecord& held = *get(record.publisher.id);
    held.record = record;
    held.ahead = record.version;
    held.highest_claim = record.claim;
    // What was hidden has its version on disk and no entries; an empty list looks the same and loses nothing by it.
    if (record.version.number > 0 && record.entries == 0) {
        held.visibility = Visibility::hidden;
        set_expiry(held, ctx_.now() + ctx_.options().tombstone);
        return true;
    }
    held.visibility = Visibility::visible;
    held.restored = restored_.insert(record.publisher.id).second;
    // How old a tombstone is we do not know: it is remembered, and sent to a server that shows the list, not spread.
    held.retired = is_tombstone(record);
    refresh(held);
    reschedule(held, {});
    if (held.retired) set_expiry(held, ctx_.now() + ctx_.options().tombstone);
    return true;
}

ReplicaRecord const* RecordTable::find(PublisherId const& id) const {
    auto const found = records_.find(id);
    return found == records_.end() ? nullptr : &found->second;
}

ReplicaRecord* RecordTable::get(PublisherId const& id) {
    auto const found = records_.find(id);
    return found == records_.end() ? nullptr : &found->second;
}

ReplicaRecord const* RecordTable::hold(PublisherId const& id) {
    if (ReplicaRecord const* const held = find(id)) return held;
    if (records_.size() >= ctx_.options().publishers_max) return nullptr;
    ReplicaRecord& held = records_[id];
    held.record.publisher.id = id;
    reschedule(held, {});
    return &held;
}

void RecordTable::forget(ReplicaRecord& held) {
    PublisherId const id = held.id();
    if (held.visibility != Visibility::claimed) ctx_.emit(Hide{id, held.ahead, true});
    set_expiry(held, {});
    clear_owner(held);
    restored_.erase(id);
    tree_.erase(id);
    records_.erase(id);
}

/// Only what others may copy from here is in the tree.
void RecordTable::refresh(ReplicaRecord const& held) {
    if (held.visible() && !held.retired)
        tree_.put(held.record);
    else
        tree_.erase(held.id());
}

// ---- claims ----

bool RecordTable::raise_claim(PublisherId const& id, Claim const& claim) {
    ReplicaRecord& held = records_.at(id);
    if (claim <= held.highest_claim) return false;
    held.highest_claim = claim;
    confirmed(held);
    return true;
}

void RecordTable::set_claim(PublisherId const& id, Claim const& claim) {
    ReplicaRecord& held = records_.at(id);
    held.highest_claim = claim;
    reschedule(held, {});
}

void RecordTable::set_signed_in(PublisherId const& id, bool signed_in) {
    if (ReplicaRecord* const held = get(id)) held->signed_in = signed_in;
}

void RecordTable::adopt(PublisherId const& id, Publisher const& publisher, Claim claim) {
    ReplicaRecord& held = records_.at(id);
    if (held.visible() && claim <= held.record.claim) return;
    if (claim > held.record.claim) {
        confirmed(held);
        held.record.claim = claim;
        held.record.publisher = publisher;
    }
    held.visibility = Visibility::visible;
    ctx_.emit(Adopt{held.record.publisher, held.record.claim});
    refresh(held);
}

// ---- leases ----

void RecordTable::reschedule(PublisherId const& id, std::optional<Instant> expires) {
    if (ReplicaRecord* const held = get(id)) reschedule(*held, expires);
}

void RecordTable::reschedule(ReplicaRecord& held, std::optional<Instant> expires) {
    if (held.visibility == Visibility::hidden) return;  // its time was set when it was hidden
    Instant const now = ctx_.now();
    ReplicaOptions const& options = ctx_.options();
    if (held.signed_in || !held.visible() || is_tombstone(held.record)) {
        clear_owner(held);
        if (held.signed_in) return set_expiry(held, {});
        if (!held.visible()) return set_expiry(held, now + options.tombstone);
        Instant const whole = now + options.tombstone / lease_left_least * (lease_left_least - 1);
        if (!held.lease.expires) set_expiry(held, std::min(expires.value_or(whole), whole));
        return;
    }
    ServerId const owner = held.highest_claim.owner;
    Instant const whole = now + options.lease;
    // Restored ones count as owned by a silent server: it may have let go of them while we were away.
    if (held.restored || owner == ctx_.self().id) expires = whole;
    if (expires) {
        clear_owner(held);
        return set_expiry(held, std::min(*expires, whole));
    }
    set_expiry(held, {});
    Peer const* const peer = group_.find(owner);
    set_owner(held, {owner, peer == nullptr ? 0 : peer->member.incarnation});
}

void RecordTable::expire_at(PublisherId const& id, Instant time) { set_expiry(records_.at(id), time); }

void RecordTable::set_owner(ReplicaRecord& held, Owner const& owner) {
    Peer const* const peer = group_.find(owner.first);
    leases_.set_owner(held.id(), held.lease, owner,
                      peer == nullptr ? ctx_.now() : peer->last_heard.value_or(ctx_.now()));
}

void RecordTable::hide(PublisherId const& id) { hide(records_.at(id)); }

void RecordTable::hide(ReplicaRecord& held) {
    if (!held.visible()) return;
    ++ctx_.counters().leases_ended;
    ctx_.emit(Hide{held.id(), held.ahead, false});
    held.record.version = held.ahead;
    held.record.digest = {};
    held.record.entries = 0;
    held.visibility = Visibility::hidden;
    held.barrier = ctx_.last_ticket();
    clear_owner(held);
    set_expiry(held, ctx_.now() + ctx_.options().tombstone);
    refresh(held);
}

/// It is known now that it is still so.
void RecordTable::confirmed(ReplicaRecord& held) {
    if (std::exchange(held.restored, false)) restored_.erase(held.id());
}

void RecordTable::confirm(ServerId owner, KeyRange const& range) {
    std::vector<PublisherId> same;
    for (auto next = restored_.lower_bound(range.first); next != restored_.end() && *next <= range.last; ++next) {
        ReplicaRecord const& held = records_.at(*next);
        if (held.visible() && held.highest_claim.owner == owner) same.push_back(*next);
    }
    for (PublisherId const& id : same) {
        ReplicaRecord& held = records_.at(id);
        confirmed(held);
        reschedule(held, {});
    }
}

void RecordTable::merge_owners(ServerId id, std::uint64_t into) {
    Owner const owner{id, into};
    for (PublisherId const& publisher : leases_.owned_before(owner)) set_owner(records_.at(publisher), owner);
}

void RecordTable::resumed(Duration time) {
    awake_since_ = ctx_.now();
    leases_.resumed(time);
}

std::optional<Instant> RecordTable::next_expiry() const {
    if (expiries_left_ == 0) return ctx_.now();
    std::optional<Instant> const next = leases_.next_expiry();
    if (!next) return std::nullopt;
    return std::max(*next, awake_since_ + 2 * ctx_.suspect_after());
}

bool RecordTable::begin_expiring() {
    expiries_left_ = expiries_each_tick_max;
    return ctx_.now() - awake_since_ >= 2 * ctx_.suspect_after();
}

std::optional<PublisherId> RecordTable::next_expired() {
    std::optional<PublisherId> const next = expiries_left_ > 0 ? leases_.expired(ctx_.now()) : std::nullopt;
    if (next) --expiries_left_;
    return next;
}

void RecordTable::hide_of_silent_owners() {
    for (PublisherId const& id : leases_.of_silent_owners(ctx_.now(), ctx_.options().lease, expiries_left_)) {
        --expiries_left_;
        hide(records_.at(id));
    }
}

bool RecordTable::expire(PublisherId const& id) { return expire(records_.at(id)); }

bool RecordTable::expire(ReplicaRecord& held) {
    set_expiry(held, {});
    // What the catalogue is working on, and a publisher that is signed in, is not forgotten.
    bool const busy = held.applies > 0 || held.signed_in;
    if (busy) return set_expiry(held, ctx_.now() + ctx_.options().lease), false;
    bool const tombstone = held.visible() && is_tombstone(held.record);
    if (!held.visible() || (tombstone && held.retired)) return forget(held), false;
    if (tombstone) {
        held.retired = true;
        refresh(held);
        set_expiry(held, ctx_.now() + ctx_.options().tombstone / lease_left_least);
        return false;
    }
    // Cut off from all others we do not know which of them serves that publisher: then the list ends here only, as it does there.
    bool const cut_off = !group_.peers().empty() && group_.all_suspected();
    if (held.highest_claim.owner != ctx_.self().id || cut_off) return hide(held), false;
    ++ctx_.counters().leases_ended;
    return true;
}

// ---- the catalogue ----

bool RecordTable::may_apply() const { return applies_.size() < applies_under_way_max; }

void RecordTable::apply(PendingApply const& pending, Publisher const& publisher, Claim claim, Change const& change) {
    ReplicaRecord& held = records_.at(pending.publisher);
    if (change.reset ? held.ahead < change.to : held.ahead == change.from) held.ahead = change.to;
    ++held.applies;
    Ticket const ticket = ctx_.next_ticket();
    applies_[ticket] = pending;
    ctx_.emit(Apply{ticket, publisher, claim, change});
}

void RecordTable::take_publisher(PublisherId const& id, Publisher const& publisher, Claim claim) {
    ReplicaRecord& held = records_.at(id);
    if (held.record.claim >= claim) return;
    held.record.claim = claim;
    held.record.publisher = publisher;
    refresh(held);
}

void RecordTable::commit_copy(Ticket ticket, PublisherId const& id, Version version) {
    ReplicaRecord& held = records_.at(id);
    applies_[ticket] = PendingApply{PendingApply::Source::copy, id, 0, {}, 0, 0};
    ++held.applies;
    held.ahead = version;
}

std::optional<PendingApply> RecordTable::take_pending(Ticket ticket) {
    auto const found = applies_.find(ticket);
    if (found == applies_.end()) return std::nullopt;
    PendingApply const pending = found->second;
    applies_.erase(found);
    return pending;
}

void RecordTable::settle(PublisherId const& id, Applied const& event) {
    ReplicaRecord* const held = get(id);
    if (held == nullptr) return;
    if (held->applies > 0) --held->applies;
    bool const counts = event.ticket.value() > held->barrier;
    bool const moves = counts && (event.fits || (held->visible() && event.record.version > held->record.version));
    if (moves && event.record.version >= held->record.version) {
        bool const was_list = held->visible() && !is_tombstone(held->record);
        held->record.version = event.record.version;
        held->record.digest = event.record.digest;
        held->record.entries = event.record.entries;
        held->visibility = Visibility::visible;
        held->touched = true;
        confirmed(*held);
        held->retired = false;
        refresh(*held);
        if (!was_list || is_tombstone(held->record)) {
            set_expiry(*held, {});
            reschedule(*held, {});
        }
    }
    if (held->applies == 0) held->ahead = held->record.version;
    // What did not fit may have carried a newer claim, which the catalogue then did not take.
    if (counts && !event.fits && held->visible() && event.record.claim < held->record.claim)
        ctx_.emit(Adopt{held->record.publisher, held->record.claim});
}

bool RecordTable::settle_copy(Applied const& event, Record const& copied, std::optional<Instant> expires,
                              bool retired) {
    PublisherId const id = copied.publisher.id;
    ReplicaRecord* const held = get(id);
    bool const counts = event.fits && held != nullptr && event.ticket.value() > held->barrier;
    if (counts && copied.claim > held->record.claim) {
        held->record.claim = copied.claim;
        held->record.publisher = copied.publisher;
    }
    if (counts) held->highest_claim = std::max(held->highest_claim, copied.claim);
    settle(id, event);
    if (!counts || !held->visible() || held->signed_in) return counts;
    set_expiry(*held, {});
    reschedule(*held, expires);
    if (retired && is_tombstone(held->record)) expire(*held);
    return true;
}

LeasedRecord RecordTable::leased(ReplicaRecord const& held) const {
    // No server is to take from us what we do not know to be alive, nor to begin a new term of a tombstone near its end.
    if (held.restored || held.retired) return {held.record, 0};
    Duration const left = leases_.left(held.lease, ctx_.now(), ctx_.options().lease);
    auto const milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(left).count();
    return {held.record, static_cast<std::uint32_t>(std::min<decltype(milliseconds)>(milliseconds, UINT32_MAX))};
}

}  // namespace praline::index::replica
