#include "node/overlay/push_routes.hpp"

#include <algorithm>

#include "node/base/check.hpp"

namespace praline::overlay {
namespace {

constexpr std::uint8_t push_kind = 0;  // the table of pushes holds nothing else

std::uint32_t whole_seconds(Instant at) {
    return static_cast<std::uint32_t>(
        std::max<std::int64_t>(std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count(), 0));
}

std::uint32_t bounded(std::size_t value) {
    return static_cast<std::uint32_t>(std::clamp<std::size_t>(value, 1, 0xFFFFFFFE));
}

}  // namespace

PushRoutes::PushRoutes(Limits const& limits, std::uint64_t key)
    : pushes_{limits.pushes_max, limits.pushes_for, key},
      hash_{key},
      paths_max_{bounded(limits.servents_max)},
      per_link_max_{bounded(limits.servents_per_link_max)},
      keep_for_{static_cast<std::uint32_t>(limits.servents_for.count())} {}

std::uint32_t PushRoutes::position(Guid const& servent) const {
    if (buckets_.empty()) return none;
    for (std::uint32_t at = buckets_[bucket(servent)]; at != none; at = paths_[at].next)
        if (paths_[at].servent == servent) return at;
    return none;
}

bool PushRoutes::is_fresh(Path const& path, Instant now) const { return whole_seconds(now) - path.at <= keep_for_; }

bool PushRoutes::learn(Guid const& servent, PeerId by, Instant now) {
    std::uint32_t const at = position(servent);
    if (at != none) {
        Path& known = paths_[at];
        if (known.by != by && is_fresh(known, now)) return false;
        if (known.by == by) {
            known.at = whole_seconds(now);
            return true;
        }
        unlink(at);
    }
    insert(servent, by, now);
    return true;
}

std::optional<PeerId> PushRoutes::path_to(Guid const& servent, Instant now) const {
    std::uint32_t const at = position(servent);
    return at != none && is_fresh(paths_[at], now) ? std::optional{paths_[at].by} : std::nullopt;
}

bool PushRoutes::is_new(Guid const& push, Instant now) {
    if (pushes_.find(push, push_kind, now)) return false;
    pushes_.insert({push, push_kind, 0, 0, false, false, PeerId{0}}, now);
    return true;
}

PushRoutes::Holder& PushRoutes::holder_of(PeerId link) {
    auto const at = std::lower_bound(holders_.begin(), holders_.end(), link,
                                     [](Holder const& one, PeerId key) { return one.link < key; });
    if (at != holders_.end() && at->link == link) return *at;
    Holder holder;
    holder.link = link;
    return *holders_.insert(at, holder);
}

void PushRoutes::insert(Guid const& servent, PeerId by, Instant now) {
    if (holder_of(by).count >= per_link_max_)
        evict_oldest_of(holder_of(by));
    else if (used_ >= paths_max_)
        evict_from_the_greediest();
    std::uint32_t at = free_;
    if (at != none) {
        free_ = paths_[at].next;
    } else {
        at = static_cast<std::uint32_t>(paths_.size());
        paths_.emplace_back();
    }
    paths_[at] = Path{servent, by, whole_seconds(now), none, none};
    Holder& holder = holder_of(by);
    if (holder.newest != none)
        paths_[holder.newest].next_of_link = at;
    else
        holder.oldest = at;
    holder.newest = at;
    ++holder.count;
    ++used_;
    ++live_;
    if (paths_.size() > buckets_.size())
        rebuild();
    else
        link(at);
}

void PushRoutes::evict_oldest_of(Holder& holder) {
    std::uint32_t const at = holder.oldest;
    check(at != none);
    holder.oldest = paths_[at].next_of_link;
    if (holder.oldest == none) holder.newest = none;
    --holder.count;
    if (paths_[at].by != PeerId{0}) unlink(at);
    paths_[at].next = free_;
    free_ = at;
    --used_;
}

void PushRoutes::evict_from_the_greediest() {
    auto const most = std::max_element(holders_.begin(), holders_.end(), [](Holder const& left, Holder const& right) {
        return left.count < right.count;
    });
    evict_oldest_of(*most);
}

void PushRoutes::forget(PeerId link) {
    auto const at = std::lower_bound(holders_.begin(), holders_.end(), link,
                                     [](Holder const& one, PeerId key) { return one.link < key; });
    if (at == holders_.end() || at->link != link) return;
    while (at->count > 0) evict_oldest_of(*at);
    holders_.erase(at);
}

/// Takes a path out of the index; its slot stays in its link's list until it is the oldest there.
void PushRoutes::unlink(std::uint32_t at) {
    std::uint32_t* from = &buckets_[bucket(paths_[at].servent)];
    while (*from != at) {
        check(*from != none);
        from = &paths_[*from].next;
    }
    *from = paths_[at].next;
    paths_[at].by = PeerId{0};
    --live_;
}

void PushRoutes::link(std::uint32_t at) {
    std::uint32_t& first = buckets_[bucket(paths_[at].servent)];
    paths_[at].next = first;
    first = at;
}

void PushRoutes::rebuild() {
    constexpr std::size_t buckets_min = 16;
    buckets_.assign(std::max(buckets_min, buckets_.size() * 2), none);
    for (std::uint32_t at = 0; at < paths_.size(); ++at)
        if (paths_[at].by != PeerId{0}) link(at);
}

}  // namespace praline::overlay
