#include <algorithm>

#include "index/replica/impl.hpp"

/// Eager global write: a change goes to every server that is not suspected before it is called replicated (Clippee, II-D).
namespace praline::index {
namespace {

std::size_t octets_of(Change const& change) {
    std::size_t octets = sizeof(OwnWrite) + change.remove.size() * sizeof(Sha1);
    for (Entry const& entry : change.add) octets += entry_octets_estimate + entry.name.size();
    return octets;
}

}  // namespace

bool Replica::Impl::is_plausible(Change const& change) const {
    return change.to.era <= change_era_max && change.to.number <= change_number_max && change.from < change.to &&
           change.add.size() + change.remove.size() <= change_entries_max;
}

void Replica::Impl::on(PublishWanted const& event) {
    Session const* const session = session_of(event.publisher);
    Held const* const held = find(event.publisher);
    bool const may = session != nullptr && session->ready && held != nullptr && held->promised == session->claim;
    auto const queue = writes_of_.find(event.publisher);
    bool const full = queue != writes_of_.end() && queue->second.size() >= changes_of_publisher_max;
    if (may && !full && is_plausible(event.change) && queue_write(event.publisher, event.change, true) != 0) {
        ++counters_.writes;
        return;
    }
    ChangeRefused refused{event.publisher, {}, false};
    refused.held.publisher.id = event.publisher;
    if (held != nullptr) refused.held = held->record;
    emit(std::move(refused));
}

/// @returns 0: there is no room.
WriteKey Replica::Impl::queue_write(PublisherId const& id, Change change, bool from_session) {
    std::size_t const octets = octets_of(change);
    if (writes_.size() >= options_.writes_under_way_max + writes_waiting_max || write_octets_ + octets > write_octets_max) return 0;
    WriteKey const key = ++last_key_;
    OwnWrite& write = writes_[key];
    write.publisher = id;
    write.change = std::move(change);
    write.octets = octets;
    write.from_session = from_session;
    write_octets_ += octets;
    writes_of_[id].insert(key);
    writes_waiting_.insert(key);
    return key;
}

void Replica::Impl::start_waiting_writes() {
    while (!writes_waiting_.empty() && writes_.size() - writes_waiting_.size() < options_.writes_under_way_max) {
        WriteKey const key = *writes_waiting_.begin();
        writes_waiting_.erase(writes_waiting_.begin());
        ask_apply(key);
    }
}

/// First here: what this server cannot keep it does not spread.
void Replica::Impl::ask_apply(WriteKey key) {
    OwnWrite& write = writes_.at(key);
    Held* const held = find(write.publisher);
    if (held == nullptr || held->promised.owner != self_.id) return drop_write(key);
    Session const* const session = session_of(write.publisher);
    Publisher const& publisher = session != nullptr ? session->publisher : held->record.publisher;
    Change const& change = write.change;
    if (change.reset ? held->ahead < change.to : held->ahead == change.from) held->ahead = change.to;
    ++held->applies;
    Ticket const ticket = this->ticket();
    applies_[ticket] = PendingApply{PendingApply::For::own, write.publisher, key, {}, 0, 0};
    emit(Apply{ticket, publisher, held->promised, change});
}

void Replica::Impl::own_applied(WriteKey key, Applied const& event) {
    auto const found = writes_.find(key);
    if (found == writes_.end()) return;
    OwnWrite& write = found->second;
    Held const* const held = find(write.publisher);
    if (!event.fits) {
        if (write.from_session && sessions_.contains(write.publisher)) {
            ChangeRefused refused{write.publisher, event.record, event.too_many};
            emit(std::move(refused));
        }
        PublisherId const id = write.publisher;
        drop_write(key);
        return report_done(id);
    }
    // Somebody else has claimed it meanwhile: a comparison spreads what only this server has.
    if (held == nullptr || held->promised.owner != self_.id) return drop_write(key);
    write.claim = held->promised;
    write.after = held->record;
    write.after.version = event.record.version;
    write.after.digest = event.record.digest;
    write.after.entries = event.record.entries;
    write.position = ++position_;
    positions_[write.position] = key;
    write.deadline = now_ + options_.write_within;
    write_deadlines_.insert({write.deadline, key});
    for (auto& [id, peer] : peers_) {
        if (!peer.suspected && send(id, Write{write.position, write.after.publisher, write.claim, write.change})) {
            write.waiting.insert(id);
        } else {
            ++peer.acks_missing;
            write.short_of_some = true;
        }
    }
    report_done(write.publisher);
}

void Replica::Impl::got(Envelope const& from, WriteAck const& message) {
    auto const position = positions_.find(message.position);
    if (position == positions_.end()) return;
    WriteKey const key = position->second;
    OwnWrite& write = writes_.at(key);
    if (!write.waiting.contains(from.from)) return;
    switch (message.outcome) {
        case WriteOutcome::applied:
        case WriteOutcome::known: return acked(key, from.from, true);
        case WriteOutcome::behind:
            // It overtook the change before it, which is still on its way: sent again after that one.
            if (waits_for_earlier(key, from.from)) return void(write.behind.insert(from.from));
            compare_soon(from.from);
            return acked(key, from.from, false);
        case WriteOutcome::denied: break;
    }
    compare_soon(from.from);
    if (Held* const held = find(write.publisher); held != nullptr && message.claim.number <= claim_number_max && message.claim.owner != self_.id)
        learn_claim(*held, message.claim);
    acked(key, from.from, false);
}

bool Replica::Impl::waits_for_earlier(WriteKey key, ServerId peer) const {
    for (WriteKey const earlier : writes_of_.at(writes_.at(key).publisher)) {
        if (earlier >= key) return false;
        if (writes_.at(earlier).waiting.contains(peer)) return true;
    }
    return false;
}

void Replica::Impl::acked(WriteKey key, ServerId by, bool has_it) {
    OwnWrite& write = writes_.at(key);
    PublisherId const id = write.publisher;
    write.waiting.erase(by);
    write.behind.erase(by);
    if (has_it) {
        ++write.replicas;
    } else {
        write.short_of_some = true;
        if (auto const peer = peers_.find(by); peer != peers_.end()) ++peer->second.acks_missing;
    }
    if (has_it) send_again_after(key, by);
    report_done(id);
}

void Replica::Impl::send_again_after(WriteKey key, ServerId to) {
    auto const& queue = writes_of_.at(writes_.at(key).publisher);
    auto const next = queue.upper_bound(key);
    if (next == queue.end()) return;
    OwnWrite& write = writes_.at(*next);
    if (write.behind.erase(to) == 0) return;
    send(to, Write{write.position, write.after.publisher, write.claim, write.change});
}

/// Changes of one publisher are reported in order.
void Replica::Impl::report_done(PublisherId const& publisher) {
    PublisherId const id = publisher;
    for (;;) {
        auto const queue = writes_of_.find(id);
        if (queue == writes_of_.end()) return;
        WriteKey const key = *queue->second.begin();
        OwnWrite const& write = writes_.at(key);
        if (write.position == 0 || !write.waiting.empty()) return;
        ++counters_.writes_replicated;
        if (write.short_of_some) ++counters_.writes_short;
        if (write.from_session && sessions_.contains(id))
            emit(Replicated{id, write.after.version, write.after.digest, write.replicas, static_cast<std::uint16_t>(peers_.size() + 1)});
        drop_write(key);
    }
}

void Replica::Impl::drop_write(WriteKey key) {
    auto const found = writes_.find(key);
    OwnWrite const& write = found->second;
    write_octets_ -= write.octets;
    writes_waiting_.erase(key);
    if (write.position != 0) {
        positions_.erase(write.position);
        write_deadlines_.erase({write.deadline, key});
    }
    auto const queue = writes_of_.find(write.publisher);
    queue->second.erase(key);
    if (queue->second.empty()) writes_of_.erase(queue);
    writes_.erase(found);
}

void Replica::Impl::writes_without(ServerId silent) {
    std::vector<WriteKey> keys;
    for (auto const& [key, write] : writes_)
        if (write.waiting.contains(silent)) keys.push_back(key);
    for (WriteKey const key : keys)
        if (writes_.contains(key)) acked(key, silent, false);
}

void Replica::Impl::give_up_late_writes() {
    while (!write_deadlines_.empty() && write_deadlines_.begin()->first <= now_) {
        WriteKey const key = write_deadlines_.begin()->second;
        write_deadlines_.erase(write_deadlines_.begin());
        std::set<ServerId> const late = writes_.at(key).waiting;
        for (ServerId const server : late) {
            compare_soon(server);
            acked(key, server, false);
        }
    }
}

/// A list whose publisher is gone becomes an empty one of the next era, everywhere.
void Replica::Impl::take_away(PublisherId const& id) {
    Held* const held = find(id);
    if (held == nullptr || held->promised.owner != self_.id || held->standing == Standing::promised) return;
    if (auto const queue = writes_of_.find(id); queue != writes_of_.end() && !writes_.at(*queue->second.rbegin()).from_session) return;
    set_due(*held, now_ + options_.lease);   // again then, if it does not come about
    if (held->ahead.era == UINT32_MAX) return hide(*held);
    queue_write(id, Change{held->ahead, Version{held->ahead.era + 1, 0}, true, {}, {}}, false);
}

void Replica::Impl::on(DrainWanted const&) {
    if (std::exchange(draining_, true)) return;
    draining_until_ = now_ + options_.write_within;
}

void Replica::Impl::drain_if_done() {
    if (!draining_until_ || (!writes_.empty() && now_ < *draining_until_)) return;
    draining_until_.reset();
    for (auto const& [id, peer] : peers_) send(id, Leave{});
    emit(Drained{});
}

}  // namespace praline::index
