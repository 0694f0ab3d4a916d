#include "index/replica/impl.hpp"

/// What is held of publishers, and the tables that must agree with it.
namespace praline::index {

Held* Replica::Impl::find(PublisherId const& id) {
    auto const found = held_.find(id);
    return found == held_.end() ? nullptr : &found->second;
}

Held* Replica::Impl::hold(PublisherId const& id) {
    if (Held* const held = find(id)) return held;
    if (held_.size() >= options_.publishers_max) return nullptr;
    Held& held = held_[id];
    held.record.publisher.id = id;
    place(held);
    return &held;
}

void Replica::Impl::forget(PublisherId const& id) {
    Held& held = held_.at(id);
    if (held.standing != Standing::promised) emit(Hide{id, held.ahead, true});
    set_due(held, {});
    leave_owner(held);
    restored_.erase(id);
    tree_.erase(id);
    held_.erase(id);
}

void Replica::Impl::refresh(Held& held) {
    if (held.standing == Standing::shown && !held.retired)
        tree_.put(held.record);
    else
        tree_.erase(held.record.publisher.id);
}

/// Who publishes, from where, under which claim: these belong together. The list stays.
void Replica::Impl::adopt(Held& held, Publisher const& publisher, Claim claim) {
    bool const shown = held.standing == Standing::shown;
    if (shown && claim <= held.record.claim) return;
    if (claim > held.record.claim) {
        not_restored(held);
        held.record.claim = claim;
        held.record.publisher = publisher;
    }
    held.standing = Standing::shown;
    emit(Adopt{held.record.publisher, held.record.claim});
    refresh(held);
}

/// Not found any more; its version stays, so that it never goes backwards.
void Replica::Impl::hide(Held& held) {
    PublisherId const id = held.record.publisher.id;
    if (held.standing != Standing::shown) return;
    ++counters_.leases_ended;
    emit(Hide{id, held.ahead, false});
    held.record.version = held.ahead;
    held.record.digest = {};
    held.record.entries = 0;
    held.standing = Standing::hidden;
    held.barrier = last_ticket_;
    leave_owner(held);
    set_due(held, now_ + options_.tombstone);
    refresh(held);
}

void Replica::Impl::set_due(Held& held, std::optional<Instant> due) {
    PublisherId const& id = held.record.publisher.id;
    if (held.due) dues_.erase({*held.due, id});
    held.due = due;
    if (due) dues_.insert({*due, id});
}

void Replica::Impl::leave_owner(Held& held) {
    if (!held.owner) return;
    auto const owned = owners_.find(*held.owner);
    owned->second.publishers.erase(held.record.publisher.id);
    if (owned->second.publishers.empty()) owners_.erase(owned);
    held.owner.reset();
}

void Replica::Impl::join_owner(Held& held, Owner const& owner) {
    if (held.owner == owner) return;
    leave_owner(held);
    auto const [owned, fresh] = owners_.try_emplace(owner);
    if (fresh) {
        auto const peer = peers_.find(owner.first);
        owned->second.heard = peer == peers_.end() || !started_ || !peer->second.heard ? now_ : *peer->second.heard;
    }
    owned->second.publishers.insert(held.record.publisher.id);
    held.owner = owner;
}

}  // namespace praline::index
