#include <algorithm>

#include "index/replica/impl.hpp"

/// Nothing is shown for ever: a list lives while its publisher is signed in somewhere and that server is heard.
namespace praline::index {

void Replica::Impl::place(Held& held, std::optional<Instant> lapse) {
    if (held.standing == Standing::hidden) return;                  // its time was set when it was hidden
    PublisherId const& id = held.record.publisher.id;
    if (sessions_.contains(id)) {
        leave_owner(held);
        return set_due(held, {});
    }
    if (held.standing == Standing::promised) {
        leave_owner(held);
        return set_due(held, now_ + options_.tombstone);
    }
    if (is_tombstone(held.record)) {
        leave_owner(held);
        Instant const whole = now_ + options_.tombstone / lease_left_least * (lease_left_least - 1);
        if (!held.due) set_due(held, lapse ? std::min(*lapse, whole) : whole);
        return;
    }
    ServerId const owner = held.promised.owner;
    // Restored ones count as owned by a silent server: it may have let go of them while we were away.
    if (held.restored) lapse = now_ + options_.lease;
    if (owner == self_.id || lapse) {
        leave_owner(held);
        return set_due(held, owner == self_.id ? now_ + options_.lease : std::min(*lapse, now_ + options_.lease));
    }
    set_due(held, {});
    auto const peer = peers_.find(owner);
    join_owner(held, {owner, peer == peers_.end() ? 0 : peer->second.member.incarnation});
}

void Replica::Impl::renew(Owner const& owner) {
    auto const owned = owners_.find(owner);
    if (owned != owners_.end()) owned->second.heard = now_;
}

void Replica::Impl::not_restored(Held& held) {
    if (std::exchange(held.restored, false)) restored_.erase(held.record.publisher.id);
}

void Replica::Impl::confirm(ServerId owner, Stretch const& stretch) {
    std::vector<PublisherId> same;
    auto next = restored_.lower_bound(stretch.first);
    for (; next != restored_.end() && *next <= stretch.last; ++next)
        if (held_.at(*next).standing == Standing::shown && held_.at(*next).promised.owner == owner) same.push_back(*next);
    for (PublisherId const& id : same) {
        Held& held = held_.at(id);
        not_restored(held);
        place(held);
    }
}

/// All that this server owned in incarnations that we cannot tell apart, or before it learnt of it again, is its own now.
void Replica::Impl::merge_owners(ServerId id, std::uint64_t into) {
    std::vector<PublisherId> moving;
    for (auto owned = owners_.lower_bound({id, 0}); owned != owners_.end() && owned->first.first == id; ++owned)
        if (owned->first.second < into) moving.insert(moving.end(), owned->second.publishers.begin(), owned->second.publishers.end());
    for (PublisherId const& publisher : moving) join_owner(held_.at(publisher), {id, into});
}

void Replica::Impl::lapse() {
    lapses_left_ = false;
    if (now_ - awake_since_ < 2 * suspect_after()) return;
    std::size_t left = lapses_each_tick_max;
    while (left > 0 && !dues_.empty() && dues_.begin()->first <= now_) {
        --left;
        PublisherId const id = dues_.begin()->second;
        lapse_one(id);
    }
    lapse_silent_owners(left);
    lapses_left_ = left == 0;
}

void Replica::Impl::lapse_one(PublisherId const& id) {
    Held& held = held_.at(id);
    set_due(held, {});
    // What the catalogue is working on, and who is signed in, is not forgotten.
    bool const busy = held.applies > 0 || sessions_.contains(id);
    if (busy) return set_due(held, now_ + options_.lease);
    if (held.standing != Standing::shown) return forget(id);
    if (is_tombstone(held.record)) {
        if (held.retired) return forget(id);
        held.retired = true;
        refresh(held);
        return set_due(held, now_ + options_.tombstone / lease_left_least);
    }
    if (held.promised.owner != self_.id) return hide(held);
    // Cut off from everybody we do not know who else serves that publisher: then the list ends here only, as it does there.
    if (!peers_.empty() && all_suspected()) return hide(held);
    ++counters_.leases_ended;
    take_away(id);
}

void Replica::Impl::lapse_silent_owners(std::size_t& left) {
    std::vector<PublisherId> lapsed;
    for (auto const& [owner, owned] : owners_) {
        if (now_ - owned.heard < options_.lease) continue;
        for (PublisherId const& id : owned.publishers) {
            if (left == 0) break;
            --left;
            lapsed.push_back(id);
        }
    }
    for (PublisherId const& id : lapsed) hide(held_.at(id));
}

Duration Replica::Impl::lease_left(Held const& held) const {
    if (held.due) return std::max(*held.due - now_, Duration{});
    if (!held.owner) return options_.lease;
    return std::max(owners_.at(*held.owner).heard + options_.lease - now_, Duration{});
}

}  // namespace praline::index
