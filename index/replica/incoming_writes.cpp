#include "index/replica/incoming_writes.hpp"

#include <utility>

#include "index/replica/limits.hpp"

namespace praline::index::replica {

bool IncomingWrites::is_valid(Envelope const& from, Write const& message) const {
    Change const& change = message.change;
    bool const claim_is_theirs =
        message.claim.owner == from.from && message.claim.number > 0 && message.claim.number <= claim_number_max;
    return claim_is_theirs && message.position > 0 && change.from < change.to &&
           change.add.size() + change.remove.size() <= change_entries_max;
}

void IncomingWrites::got(Envelope const& from, Write const& message) {
    if (!is_valid(from, message) || !records_.may_apply()) return ctx_.refuse();
    group_.note_write(from.from, message.position);
    PublisherId const& id = message.publisher.id;
    ReplicaRecord const* const held = records_.hold(id);
    if (held == nullptr) return acknowledge(from.from, {message.position, WriteOutcome::behind, {}, {}});
    if (message.claim < held->highest_claim)
        return acknowledge(from.from, {message.position, WriteOutcome::denied, held->ahead, held->highest_claim});
    claims_.learn(id, message.claim);
    Change const& change = message.change;
    if (change.to <= held->ahead) {
        if (held->visible()) records_.adopt(id, message.publisher, message.claim);
        return acknowledge(from.from, {message.position, WriteOutcome::known, held->ahead, {}});
    }
    // A hidden list has lost its entries: only one that begins anew continues it.
    bool const fits = change.reset || (held->visibility != Visibility::hidden && held->ahead == change.from);
    if (!fits) return is_behind(from, message);
    records_.take_publisher(id, message.publisher, message.claim);
    PendingApply const pending{
        PendingApply::Source::other_server, id, 0, from.from, from.incarnation, message.position};
    records_.apply(pending, held->record.publisher, held->record.claim, change);
    copies_.drop(id, change.to);
}

void IncomingWrites::is_behind(Envelope const& from, Write const& message) {
    ReplicaRecord const& held = records_.at(message.publisher.id);
    if (held.visible()) records_.adopt(message.publisher.id, message.publisher, message.claim);
    acknowledge(from.from, {message.position, WriteOutcome::behind, held.ahead, {}});
    CopyWanted wanted;
    wanted.source = from.from;
    wanted.record.publisher = message.publisher;
    wanted.record.version = message.change.to;
    wanted.record.claim = message.claim;
    wanted.renewed = true;
    copies_.want(std::move(wanted));
}

void IncomingWrites::applied(PendingApply const& pending, Applied const& event) {
    Peer const* const owner = group_.find(pending.owner);
    if (owner == nullptr || owner->member.incarnation != pending.incarnation) return;
    WriteOutcome const outcome = event.fits ? WriteOutcome::applied : WriteOutcome::behind;
    acknowledge(pending.owner, {pending.position, outcome, event.record.version, {}});
    if (!event.fits) schedule_.compare_soon(pending.owner);
}

}  // namespace praline::index::replica
