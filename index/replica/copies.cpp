#include "index/replica/copies.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "index/replica/limits.hpp"

namespace praline::index::replica {

void Copies::want(CopyWanted wanted) {
    PublisherId const id = wanted.record.publisher.id;
    if (ReplicaRecord const* const held = records_.find(id); held != nullptr && held->signed_in) return;
    if (auto const copy = copies_.find(id);
        copy != copies_.end() && copy->second.wanted.record.version >= wanted.record.version)
        return;
    bool const small = wanted.record.entries <= ctx_.options().copy_entries;
    Wanted& place = small ? wanted_small_ : wanted_large_;
    Wanted& other = small ? wanted_large_ : wanted_small_;
    if (auto const before = other.find(id); before != other.end()) {
        if (before->second.record.version >= wanted.record.version) return;
        other.erase(before);
    }
    auto const found = place.find(id);
    if (found == place.end()) {
        if (this->wanted() < copies_wanted_max) place.emplace(id, std::move(wanted));
    } else if (found->second.record.version <= wanted.record.version) {
        found->second = std::move(wanted);
    }
}

void Copies::drop(PublisherId const& id, Version have) {
    auto const passed = [&have](CopyWanted const& wanted) {
        return have == Version{} || wanted.record.version <= have;
    };
    for (Wanted* const wanted : {&wanted_small_, &wanted_large_})
        if (auto const found = wanted->find(id); found != wanted->end() && passed(found->second)) wanted->erase(found);
    auto const found = copies_.find(id);
    if (found == copies_.end() || found->second.committing || !passed(found->second.wanted)) return;
    if (!found->second.small) --large_copies_;
    if (found->second.begun) ctx_.emit(ForgetCopy{id});
    copies_.erase(found);
}

void Copies::start() {
    start(wanted_small_, true, std::size_t{ctx_.options().copies_under_way_max} * small_copies_factor);
    start(wanted_large_, false, ctx_.options().copies_under_way_max);
}

void Copies::start(Wanted& from, bool small, std::size_t at_once) {
    for (auto next = from.begin();
         next != from.end() && at_once > (small ? copies_.size() - large_copies_ : large_copies_);) {
        auto const here = next++;
        if (copies_.contains(here->first)) continue;
        PublisherId const id = here->first;
        Copy& copy = copies_[id];
        copy.wanted = std::move(here->second);
        copy.small = small;
        if (!small) ++large_copies_;
        from.erase(here);
        ask_part(id, copy);
    }
}

void Copies::ask_part(PublisherId const& id, Copy& copy) {
    Record const& record = copy.wanted.record;
    copy.deadline = ctx_.now() + ctx_.options().ask_within;
    // An empty list needs no asking, if its record is known whole.
    bool const known_empty = record.entries == 0 && record.digest == SetDigest{} && is_tombstone(record);
    if (known_empty) {
        CopyPart part;
        part.record.record = record;
        part.last = true;
        if (!stage(id, copy, part)) end(id, false);
        return;
    }
    if (!group_.send(copy.wanted.source, CopyAsk{id, record.version, !copy.after, copy.after.value_or(Sha1{})}))
        end(id, false);
}

void Copies::got(Envelope const& from, CopyPart const& message) {
    PublisherId const id = message.record.record.publisher.id;
    auto const found = copies_.find(id);
    if (found == copies_.end()) return;
    Copy& copy = found->second;
    bool const asked = copy.wanted.source == from.from && message.from_start == !copy.after &&
                       (!copy.after || message.after == *copy.after);
    if (copy.committing || !asked) return;
    if (message.unknown || !fits(copy, message)) return end(id, false);
    Record const& record = message.record.record;
    if (copy.begun && record.version != copy.wanted.record.version) return begin_again(id, copy, record);
    copy.wanted.record = record;
    if (!stage(id, copy, message)) return end(id, false);
    if (!message.last) ask_part(id, copy);
}

/// The list was changed while it was copied.
void Copies::begin_again(PublisherId const& id, Copy& copy, Record const& record) {
    if (++copy.wanted.tries > copy_tries_max) return end(id, false);
    copy.wanted.record = record;
    copy.after.reset();
    copy.begun = false;
    copy.staged = 0;
    ctx_.emit(ForgetCopy{id});
    ask_part(id, copy);
}

/// In order, no more of them than were announced, and not an older list than was asked for.
bool Copies::fits(Copy const& copy, CopyPart const& part) {
    Record const& record = part.record.record;
    if (record.version < copy.wanted.record.version || record.claim.number > claim_number_max ||
        part.entries.size() > change_entries_max || (part.entries.empty() && !part.last))
        return false;
    std::optional<Sha1> before = copy.after;
    for (Entry const& entry : part.entries) {
        if (before && entry.sha1 <= *before) return false;
        before = entry.sha1;
    }
    bool const changed_meanwhile = copy.begun && record.version != copy.wanted.record.version;
    return changed_meanwhile || copy.staged + part.entries.size() <= record.entries;
}

bool Copies::stage(PublisherId const& id, Copy& copy, CopyPart const& part) {
    ReplicaRecord const* const held = records_.hold(id);
    Record record = part.record.record;
    if (held == nullptr || held->signed_in) return false;
    bool const newer = record.version >= held->ahead && (!held->visible() || newer_content(record, held->record));
    if (!newer) return false;
    if (held->record.claim > record.claim) {
        record.claim = held->record.claim;
        record.publisher = held->record.publisher;
    }
    Ticket const ticket = ctx_.next_ticket();
    bool const first = !std::exchange(copy.begun, true);
    copy.staged += part.entries.size();
    ctx_.counters().copied_entries += part.entries.size();
    if (!part.entries.empty()) copy.after = part.entries.back().sha1;
    if (part.last) {
        copy.committing = ticket;
        copy.wanted.record = record;
        records_.commit_copy(ticket, id, record.version);
    }
    ctx_.emit(StageCopy{ticket, std::move(record), part.entries, first, part.last});
    return true;
}

void Copies::applied(PublisherId const& id, Applied const& event) {
    auto const found = copies_.find(id);
    if (found == copies_.end() || found->second.committing != event.ticket) return records_.settle(id, event);
    CopyWanted const wanted = found->second.wanted;
    auto const expires = wanted.renewed ? std::nullopt : std::optional{wanted.lease_until};
    if (records_.settle_copy(event, wanted.record, expires, wanted.retired)) {
        ++ctx_.counters().copies;
        ++ctx_.counters().publishers_repaired;
    }
    if (!event.fits) schedule_.compare_soon(wanted.source);
    end(id, event.fits);
}

void Copies::end(PublisherId const& id, bool well) {
    auto const found = copies_.find(id);
    if (found == copies_.end()) return;
    Copy const copy = std::move(found->second);
    if (!copy.small) --large_copies_;
    copies_.erase(found);
    if (!well) {
        ++ctx_.counters().copies_failed;
        if (copy.begun && !copy.committing) ctx_.emit(ForgetCopy{id});
        schedule_.compare_soon(copy.wanted.source);
    }
    // All that the last comparison found has come: a joining server looks whether that was everything.
    if (group_.joining() && copies_.empty() && wanted() == 0) schedule_.compare_soon(copy.wanted.source);
}

void Copies::give_up_late() {
    std::vector<PublisherId> late;
    for (auto const& [id, copy] : copies_)
        if (!copy.committing && ctx_.now() >= copy.deadline) late.push_back(id);
    for (PublisherId const& id : late) end(id, false);
}

}  // namespace praline::index::replica
