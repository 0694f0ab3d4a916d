#include "index/replica/own_writes.hpp"

#include <algorithm>

#include "index/replica/limits.hpp"

namespace praline::index::replica {
namespace {

bool is_plausible(Change const& change) {
    return change.to.era <= change_era_max && change.to.number <= change_number_max && change.from < change.to &&
           change.add.size() + change.remove.size() <= change_entries_max;
}

}  // namespace

std::size_t OwnWrites::bytes_of(Change const& change) {
    std::size_t bytes = sizeof(OwnWrite) + change.remove.size() * sizeof(Sha1);
    for (Entry const& entry : change.add) bytes += entry_bytes_estimate + entry.name.size();
    return bytes;
}

std::optional<Instant> OwnWrites::next_deadline() const {
    if (deadlines_.empty()) return std::nullopt;
    return deadlines_.begin()->first;
}

void OwnWrites::publish(PublishWanted const& event) {
    auto const under_way = writes_of_.find(event.publisher);
    bool const full = under_way != writes_of_.end() && under_way->second.size() >= changes_of_publisher_max;
    if (claims_.holds(event.publisher) && !full && is_plausible(event.change) &&
        queue(event.publisher, event.change, true) != 0) {
        ++ctx_.counters().writes;
        return;
    }
    ChangeRefused refused{event.publisher, {}, false};
    refused.held.publisher.id = event.publisher;
    if (ReplicaRecord const* const held = records_.find(event.publisher)) refused.held = held->record;
    ctx_.emit(std::move(refused));
}

/// @returns 0: there is no room.
OwnWrites::Key OwnWrites::queue(PublisherId const& id, Change change, bool from_session) {
    std::size_t const bytes = bytes_of(change);
    if (writes_.size() >= ctx_.options().writes_under_way_max + writes_waiting_max || bytes_ + bytes > write_bytes_max)
        return 0;
    Key const key = ++last_key_;
    OwnWrite& write = writes_[key];
    write.publisher = id;
    write.change = std::move(change);
    write.bytes = bytes;
    write.from_session = from_session;
    bytes_ += bytes;
    writes_of_[id].insert(key);
    waiting_.insert(key);
    return key;
}

void OwnWrites::start_waiting() {
    while (!waiting_.empty() && writes_.size() - waiting_.size() < ctx_.options().writes_under_way_max) {
        Key const key = *waiting_.begin();
        waiting_.erase(waiting_.begin());
        ask_apply(key);
    }
}

/// First here: what this server cannot keep it does not spread.
void OwnWrites::ask_apply(Key key) {
    OwnWrite const& write = writes_.at(key);
    ReplicaRecord const* const held = records_.find(write.publisher);
    if (held == nullptr || held->highest_claim.owner != ctx_.self().id) return drop(key);
    Session const* const session = claims_.find(write.publisher);
    Publisher const& publisher = session != nullptr ? session->publisher : held->record.publisher;
    PendingApply const pending{PendingApply::Source::own_write, write.publisher, key, {}, 0, 0};
    records_.apply(pending, publisher, held->highest_claim, write.change);
}

void OwnWrites::did_not_fit(Key key, Applied const& event) {
    OwnWrite const& write = writes_.at(key);
    PublisherId const id = write.publisher;
    if (write.from_session && claims_.find(id) != nullptr) {
        ChangeRefused refused{id, event.record, event.too_many};
        ctx_.emit(std::move(refused));
    }
    drop(key);
    report_done(id);
}

void OwnWrites::applied(Key key, Applied const& event) {
    auto const found = writes_.find(key);
    if (found == writes_.end()) return;
    if (!event.fits) return did_not_fit(key, event);
    OwnWrite& write = found->second;
    ReplicaRecord const* const held = records_.find(write.publisher);
    // Another server has claimed it meanwhile: a comparison spreads what only this one has.
    if (held == nullptr || held->highest_claim.owner != ctx_.self().id) return drop(key);
    write.claim = held->highest_claim;
    write.after = held->record;
    write.after.version = event.record.version;
    write.after.digest = event.record.digest;
    write.after.entries = event.record.entries;
    send_to_all(key);
    report_done(write.publisher);
}

void OwnWrites::send_to_all(Key key) {
    OwnWrite& write = writes_.at(key);
    write.position = ++position_;
    positions_[write.position] = key;
    write.deadline = ctx_.now() + ctx_.options().write_within;
    deadlines_.insert({write.deadline, key});
    for (auto const& [id, peer] : group_.peers()) {
        if (!peer.suspected &&
            group_.send(id, Write{write.position, write.after.publisher, write.claim, write.change})) {
            write.waiting.insert(id);
        } else {
            group_.count_missing_ack(id);
            write.short_of_some = true;
        }
    }
}

void OwnWrites::got(Envelope const& from, WriteAck const& message) {
    auto const position = positions_.find(message.position);
    if (position == positions_.end()) return;
    Key const key = position->second;
    OwnWrite& write = writes_.at(key);
    if (!write.waiting.contains(from.from)) return;
    switch (message.outcome) {
        case WriteOutcome::applied:
        case WriteOutcome::known: return acknowledged(key, from.from, true);
        case WriteOutcome::behind:
            // It overtook the change before it, which is still on its way: sent again after that one.
            if (waits_for_earlier(key, from.from)) return void(write.behind.insert(from.from));
            schedule_.compare_soon(from.from);
            return acknowledged(key, from.from, false);
        case WriteOutcome::denied: break;
    }
    schedule_.compare_soon(from.from);
    bool const believable = message.claim.number <= claim_number_max && message.claim.owner != ctx_.self().id;
    if (believable && records_.find(write.publisher) != nullptr) claims_.learn(write.publisher, message.claim);
    acknowledged(key, from.from, false);
}

bool OwnWrites::waits_for_earlier(Key key, ServerId peer) const {
    for (Key const earlier : writes_of_.at(writes_.at(key).publisher)) {
        if (earlier >= key) return false;
        if (writes_.at(earlier).waiting.contains(peer)) return true;
    }
    return false;
}

void OwnWrites::acknowledged(Key key, ServerId by, bool has_it) {
    OwnWrite& write = writes_.at(key);
    PublisherId const id = write.publisher;
    write.waiting.erase(by);
    write.behind.erase(by);
    if (has_it) {
        ++write.replicas;
        send_again_after(key, by);
    } else {
        write.short_of_some = true;
        group_.count_missing_ack(by);
    }
    report_done(id);
}

void OwnWrites::send_again_after(Key key, ServerId to) {
    auto const& keys = writes_of_.at(writes_.at(key).publisher);
    auto const next = keys.upper_bound(key);
    if (next == keys.end()) return;
    OwnWrite& write = writes_.at(*next);
    if (write.behind.erase(to) == 0) return;
    group_.send(to, Write{write.position, write.after.publisher, write.claim, write.change});
}

void OwnWrites::report_done(PublisherId const& publisher) {
    PublisherId const id = publisher;
    for (;;) {
        auto const keys = writes_of_.find(id);
        if (keys == writes_of_.end()) return;
        Key const key = *keys->second.begin();
        OwnWrite const& write = writes_.at(key);
        if (write.position == 0 || !write.waiting.empty()) return;
        ++ctx_.counters().writes_replicated;
        if (write.short_of_some) ++ctx_.counters().writes_short;
        auto const members = static_cast<std::uint16_t>(group_.peers().size() + 1);
        if (write.from_session && claims_.find(id) != nullptr)
            ctx_.emit(Replicated{id, write.after.version, write.after.digest, write.replicas, members});
        drop(key);
    }
}

void OwnWrites::drop(Key key) {
    auto const found = writes_.find(key);
    OwnWrite const& write = found->second;
    bytes_ -= write.bytes;
    waiting_.erase(key);
    if (write.position != 0) {
        positions_.erase(write.position);
        deadlines_.erase({write.deadline, key});
    }
    auto const keys = writes_of_.find(write.publisher);
    keys->second.erase(key);
    if (keys->second.empty()) writes_of_.erase(keys);
    writes_.erase(found);
}

void OwnWrites::without(ServerId silent) {
    std::vector<Key> keys;
    for (auto const& [key, write] : writes_)
        if (write.waiting.contains(silent)) keys.push_back(key);
    for (Key const key : keys)
        if (writes_.contains(key)) acknowledged(key, silent, false);
}

void OwnWrites::give_up_late() {
    while (!deadlines_.empty() && deadlines_.begin()->first <= ctx_.now()) {
        Key const key = deadlines_.begin()->second;
        deadlines_.erase(deadlines_.begin());
        std::set<ServerId> const late = writes_.at(key).waiting;
        for (ServerId const server : late) {
            schedule_.compare_soon(server);
            acknowledged(key, server, false);
        }
    }
}

void OwnWrites::take_away(PublisherId const& id) {
    ReplicaRecord const* const held = records_.find(id);
    if (held == nullptr || held->highest_claim.owner != ctx_.self().id || held->visibility == Visibility::claimed)
        return;
    if (auto const keys = writes_of_.find(id);
        keys != writes_of_.end() && !writes_.at(*keys->second.rbegin()).from_session)
        return;
    records_.expire_at(id, ctx_.now() + ctx_.options().lease);  // again then, if it does not come about
    if (held->ahead.era == UINT32_MAX) return records_.hide(id);
    queue(id, Change{held->ahead, Version{held->ahead.era + 1, 0}, true, {}, {}}, false);
}

void OwnWrites::begin_anew(PublisherId const& id, Version floor) {
    ReplicaRecord const& held = records_.at(id);
    floor = std::max(floor, held.ahead);
    Version const to{floor.era + 1, 0};
    if (floor.era == UINT32_MAX || queue(id, Change{held.ahead, to, true, {}, {}}, false) == 0) return claims_.lose(id);
    start_waiting();
    Record record = held.record;
    record.version = to;
    record.digest = {};
    record.entries = 0;
    ctx_.emit(SessionReady{id, std::move(record)});
}

}  // namespace praline::index::replica
