#include "index/replica/impl.hpp"

/// Writes of other servers, and what the catalogue says of everything it was asked to apply.
namespace praline::index {

void Replica::Impl::got(Envelope const& from, Write const& message) {
    if (message.claim.owner != from.from || message.claim.number == 0 || message.claim.number > claim_number_max ||
        message.position == 0 || message.change.from >= message.change.to ||
        message.change.add.size() + message.change.remove.size() > change_entries_max || applies_.size() >= applies_under_way_max)
        return refuse();
    peers_.at(from.from).writes.write(message.position);
    Held* const held = hold(message.publisher.id);
    if (held == nullptr) return ack(from, message.position, WriteOutcome::behind, {}, {});
    if (message.claim < held->promised) return ack(from, message.position, WriteOutcome::denied, held->ahead, held->promised);
    learn_claim(*held, message.claim);
    Change const& change = message.change;
    if (change.to <= held->ahead) {
        if (held->standing == Standing::shown) adopt(*held, message.publisher, message.claim);
        return ack(from, message.position, WriteOutcome::known, held->ahead, {});
    }
    // A hidden list has lost its entries: only one that begins anew continues it.
    bool const fits = change.reset || (held->standing != Standing::hidden && held->ahead == change.from);
    if (!fits) return write_is_behind(from, message, held);
    held->ahead = change.to;
    ++held->applies;
    if (held->record.claim < message.claim) {
        held->record.claim = message.claim;
        held->record.publisher = message.publisher;
        refresh(*held);
    }
    Ticket const ticket = this->ticket();
    applies_[ticket] = PendingApply{PendingApply::For::other, message.publisher.id, 0, from.from, from.incarnation, message.position};
    emit(Apply{ticket, held->record.publisher, held->record.claim, change});
    drop_copy(message.publisher.id, change.to);
}

void Replica::Impl::write_is_behind(Envelope const& from, Write const& message, Held* held) {
    if (held->standing == Standing::shown) adopt(*held, message.publisher, message.claim);
    ack(from, message.position, WriteOutcome::behind, held->ahead, {});
    CopyWanted wanted;
    wanted.source = from.from;
    wanted.record.publisher = message.publisher;
    wanted.record.version = message.change.to;
    wanted.record.claim = message.claim;
    wanted.renewed = true;
    want_copy(std::move(wanted));
}

void Replica::Impl::ack(Envelope const& from, std::uint64_t position, WriteOutcome outcome, Version held, Claim claim) {
    send(from.from, WriteAck{position, outcome, held, claim});
}

void Replica::Impl::on(Applied const& event) {
    auto const found = applies_.find(event.ticket);
    if (found == applies_.end()) return;
    PendingApply const pending = found->second;
    applies_.erase(found);
    if (pending.whom == PendingApply::For::copy) return copy_applied(pending.publisher, event);
    settle(pending.publisher, event);
    if (pending.whom == PendingApply::For::own)
        own_applied(pending.key, event);
    else
        replica_applied(pending, event);
}

void Replica::Impl::replica_applied(PendingApply const& pending, Applied const& event) {
    auto const owner = peers_.find(pending.owner);
    if (owner == peers_.end() || owner->second.member.incarnation != pending.incarnation) return;
    Envelope from;
    from.from = pending.owner;
    WriteOutcome const outcome = event.fits ? WriteOutcome::applied : WriteOutcome::behind;
    ack(from, pending.position, outcome, event.record.version, {});
    if (!event.fits) compare_soon(pending.owner);
}

/// Takes over what the catalogue says of a publisher's list. Whose it is was decided when the catalogue was asked.
void Replica::Impl::settle(PublisherId const& id, Applied const& event) {
    Held* const held = find(id);
    if (held == nullptr) return;
    if (held->applies > 0) --held->applies;
    bool const counts = event.ticket.value() > held->barrier;
    bool const moves = counts && (event.fits || (held->standing == Standing::shown && event.record.version > held->record.version));
    if (moves && event.record.version >= held->record.version) {
        bool const was_shown = held->standing == Standing::shown;
        bool const was_tombstone = was_shown && is_tombstone(held->record);
        held->record.version = event.record.version;
        held->record.digest = event.record.digest;
        held->record.entries = event.record.entries;
        held->standing = Standing::shown;
        held->touched = true;
        not_restored(*held);
        held->retired = false;
        refresh(*held);
        if (!was_shown || was_tombstone || is_tombstone(held->record)) {
            set_due(*held, {});
            place(*held);
        }
    }
    if (held->applies == 0) held->ahead = held->record.version;
    // What did not fit may have carried a newer claim, which the catalogue then did not take.
    if (counts && !event.fits && held->standing == Standing::shown && event.record.claim < held->record.claim)
        emit(Adopt{held->record.publisher, held->record.claim});
}

}  // namespace praline::index
