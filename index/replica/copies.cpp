#include <algorithm>

#include "index/replica/impl.hpp"

/// Whole lists from other servers, part by part; they stay invisible until the last part has come.
namespace praline::index {

void Replica::Impl::want_copy(CopyWanted wanted) {
    PublisherId const id = wanted.record.publisher.id;
    if (sessions_.contains(id)) return;
    if (auto const copy = copies_.find(id); copy != copies_.end() && copy->second.wanted.record.version >= wanted.record.version) return;
    bool const small = wanted.record.entries <= options_.copy_entries;
    auto& place = small ? wanted_small_ : wanted_large_;
    auto& other = small ? wanted_large_ : wanted_small_;
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

void Replica::Impl::start_copies() {
    auto const start = [this](std::map<PublisherId, CopyWanted>& from, bool small, std::size_t at_once) {
        for (auto next = from.begin(); next != from.end() && at_once > (small ? copies_.size() - large_copies_ : large_copies_);) {
            auto const here = next++;
            if (copies_.contains(here->first)) continue;
            PublisherId const id = here->first;
            CopyUnderWay& copy = copies_[id];
            copy.wanted = std::move(here->second);
            copy.small = small;
            if (!small) ++large_copies_;
            from.erase(here);
            ask_part(id, copy);
        }
    };
    start(wanted_small_, true, std::size_t{options_.copies_under_way_max} * small_copies_factor);
    start(wanted_large_, false, options_.copies_under_way_max);
}

void Replica::Impl::ask_part(PublisherId const& id, CopyUnderWay& copy) {
    Record const& record = copy.wanted.record;
    copy.deadline = now_ + options_.ask_within;
    // An empty list needs no asking, if its record is known whole.
    bool const known_empty = record.entries == 0 && record.digest == SetDigest{} && is_tombstone(record);
    if (known_empty) {
        CopyPart part;
        part.record.record = record;
        part.last = true;
        if (!stage(id, copy, part)) end_copy(id, false);
        return;
    }
    if (!send(copy.wanted.source, CopyAsk{id, record.version, !copy.after, copy.after.value_or(Sha1{})})) end_copy(id, false);
}

void Replica::Impl::got(Envelope const& from, CopyAsk const& message) {
    if (parts_asked_.size() >= reads_under_way_max) return;
    Held const* const held = find(message.publisher);
    if (held == nullptr || held->standing != Standing::shown) {
        CopyPart part;
        part.record.record.publisher.id = message.publisher;
        part.from_start = message.from_start;
        part.after = message.after;
        part.last = part.unknown = true;
        send(from.from, std::move(part));
        return;
    }
    Ticket const ticket = this->ticket();
    parts_asked_[ticket] = PartAsked{from.from, message};
    std::optional<Sha1> after;
    if (!message.from_start) after = message.after;
    auto const entries = std::min<std::size_t>(options_.copy_entries, change_entries_max);
    emit(ReadEntries{ticket, message.publisher, after, static_cast<std::uint32_t>(entries)});
}

void Replica::Impl::on(EntriesRead const& event) {
    auto const found = parts_asked_.find(event.ticket);
    if (found == parts_asked_.end()) return;
    PartAsked const asked = found->second;
    parts_asked_.erase(found);
    Held const* const held = find(asked.ask.publisher);
    CopyPart part;
    part.from_start = asked.ask.from_start;
    part.after = asked.ask.after;
    part.record.record.publisher.id = asked.ask.publisher;
    if (held == nullptr || held->standing != Standing::shown || !event.record) {
        part.last = part.unknown = true;
    } else {
        // Version and digest are those of the entries that were read; whose list it is, is known here.
        part.record = leased(*held);
        part.record.record.version = event.record->version;
        part.record.record.digest = event.record->digest;
        part.record.record.entries = event.record->entries;
        part.entries = event.entries;
        part.last = event.last;
    }
    send(asked.asker, std::move(part));
}

void Replica::Impl::got(Envelope const& from, CopyPart const& message) {
    PublisherId const id = message.record.record.publisher.id;
    auto const found = copies_.find(id);
    if (found == copies_.end()) return;
    CopyUnderWay& copy = found->second;
    if (copy.committing || copy.wanted.source != from.from || message.from_start != !copy.after ||
        (copy.after && message.after != *copy.after))
        return;
    if (message.unknown || !accept_part(copy, message)) return end_copy(id, false);
    if (copy.begun && message.record.record.version != copy.wanted.record.version) {
        // It was changed meanwhile: begin again.
        if (++copy.wanted.tries > copy_tries_max) return end_copy(id, false);
        copy.wanted.record = message.record.record;
        copy.after.reset();
        copy.begun = false;
        copy.staged = 0;
        emit(ForgetCopy{id});
        return ask_part(id, copy);
    }
    copy.wanted.record = message.record.record;
    if (!stage(id, copy, message)) return end_copy(id, false);
    if (!message.last) ask_part(id, copy);
}

/// In order, no more of them than were announced, and not an older list than was asked for.
bool Replica::Impl::accept_part(CopyUnderWay& copy, CopyPart const& part) {
    Record const& record = part.record.record;
    if (record.version < copy.wanted.record.version || record.claim.number > claim_number_max || part.entries.size() > change_entries_max ||
        (part.entries.empty() && !part.last))
        return false;
    std::optional<Sha1> before = copy.after;
    for (Entry const& entry : part.entries) {
        if (before && entry.sha1 <= *before) return false;
        before = entry.sha1;
    }
    return copy.begun && record.version != copy.wanted.record.version ? true : copy.staged + part.entries.size() <= record.entries;
}

bool Replica::Impl::stage(PublisherId const& id, CopyUnderWay& copy, CopyPart const& part) {
    Held* const held = hold(id);
    Record record = part.record.record;
    if (held == nullptr || sessions_.contains(id)) return false;
    bool const newer = held->standing == Standing::shown ? newer_content(record, held->record) && record.version >= held->ahead : record.version >= held->ahead;
    if (!newer) return false;
    if (held->record.claim > record.claim) {
        record.claim = held->record.claim;
        record.publisher = held->record.publisher;
    }
    Ticket const ticket = this->ticket();
    bool const first = !std::exchange(copy.begun, true);
    copy.staged += part.entries.size();
    counters_.copied_entries += part.entries.size();
    if (!part.entries.empty()) copy.after = part.entries.back().sha1;
    if (part.last) {
        copy.committing = ticket;
        copy.wanted.record = record;
        applies_[ticket] = PendingApply{PendingApply::For::copy, id, 0, {}, 0, 0};
        ++held->applies;
        held->ahead = record.version;
    }
    emit(StageCopy{ticket, std::move(record), part.entries, first, part.last});
    return true;
}

void Replica::Impl::copy_applied(PublisherId const& id, Applied const& event) {
    auto const found = copies_.find(id);
    Held* const held = find(id);
    bool const counts = held != nullptr && event.ticket.value() > held->barrier;
    if (found == copies_.end() || found->second.committing != event.ticket) return settle(id, event);
    CopyWanted const wanted = found->second.wanted;
    if (event.fits && counts) {
        ++counters_.copies;
        ++counters_.publishers_repaired;
        if (wanted.record.claim > held->record.claim) {
            held->record.claim = wanted.record.claim;
            held->record.publisher = wanted.record.publisher;
        }
        held->promised = std::max(held->promised, wanted.record.claim);
    }
    settle(id, event);
    if (event.fits && counts && held->standing == Standing::shown && !sessions_.contains(id)) {
        set_due(*held, {});
        place(*held, wanted.renewed ? std::nullopt : std::optional{wanted.lease_until});
        if (wanted.retired && is_tombstone(held->record)) lapse_one(id);
    }
    if (!event.fits) compare_soon(wanted.source);
    end_copy(id, event.fits);
}

void Replica::Impl::end_copy(PublisherId const& id, bool well) {
    auto const found = copies_.find(id);
    if (found == copies_.end()) return;
    CopyUnderWay const copy = std::move(found->second);
    if (!copy.small) --large_copies_;
    copies_.erase(found);
    if (!well) {
        ++counters_.copies_failed;
        if (copy.begun && !copy.committing) emit(ForgetCopy{id});
        compare_soon(copy.wanted.source);
    }
    // All that the last comparison found has come: a young server looks whether that was everything.
    if (young_ && copies_.empty() && wanted() == 0) compare_soon(copy.wanted.source);
}

/// A list that is here up to `have` need not be copied any more. Blank: whatever the copy would bring.
void Replica::Impl::drop_copy(PublisherId const& id, Version have) {
    auto const passed = [&have](CopyWanted const& wanted) { return have == Version{} || wanted.record.version <= have; };
    for (auto* const wanted : {&wanted_small_, &wanted_large_})
        if (auto const found = wanted->find(id); found != wanted->end() && passed(found->second)) wanted->erase(found);
    auto const found = copies_.find(id);
    if (found == copies_.end() || found->second.committing || !passed(found->second.wanted)) return;
    if (!found->second.small) --large_copies_;
    if (found->second.begun) emit(ForgetCopy{id});
    copies_.erase(found);
}

void Replica::Impl::give_up_late_copies() {
    std::vector<PublisherId> late;
    for (auto const& [id, copy] : copies_)
        if (!copy.committing && now_ >= copy.deadline) late.push_back(id);
    for (PublisherId const& id : late) end_copy(id, false);
}

}  // namespace praline::index
