#include "node/overlay/guid_routes.hpp"

#include <algorithm>

#include "node/base/check.hpp"
#include "node/base/prefetch.hpp"

namespace praline::overlay {
namespace {

std::uint32_t seconds_of(Instant at) {
    return static_cast<std::uint32_t>(
        std::max<std::int64_t>(std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count(), 0));
}

}  // namespace

GuidRoutes::GuidRoutes(std::size_t entries_max, std::chrono::seconds keep_for, std::uint64_t key)
    : hash_{key},
      entries_max_{static_cast<std::uint32_t>(std::clamp<std::size_t>(entries_max, 1, none - 1))},
      keep_for_{static_cast<std::uint32_t>(keep_for.count())} {}

std::size_t GuidRoutes::bucket(Guid const& guid, std::uint8_t kind) const {
    return (hash_(guid) + kind * std::size_t{0x9E3779B9U}) & (buckets_.size() - 1);
}

std::uint32_t GuidRoutes::position(Guid const& guid, std::uint8_t kind) const {
    if (buckets_.empty()) return none;
    for (std::uint32_t at = buckets_[bucket(guid, kind)]; at != none; at = ring_[at].next)
        if (ring_[at].entry.kind == kind && ring_[at].entry.guid == guid) return at;
    return none;
}

GuidRoutes::Entry* GuidRoutes::find(Guid const& guid, std::uint8_t kind, Instant now) {
    std::uint32_t const at = position(guid, kind);
    if (at == none) return nullptr;
    if (seconds_of(now) - ring_[at].at > keep_for_) {
        unlink(at);
        return nullptr;
    }
    return &ring_[at].entry;
}

void GuidRoutes::insert(Entry const& entry, Instant now) {
    if (ring_.size() < entries_max_) {
        ring_.emplace_back(Slot{entry, none, seconds_of(now)});
        if (ring_.size() > buckets_.size())
            rebuild(std::max<std::size_t>(16, buckets_.size() * 2));
        else
            link(static_cast<std::uint32_t>(ring_.size() - 1));
        ++live_;
        return;
    }
    std::uint32_t const at = head_;
    head_ = (head_ + 1) % static_cast<std::uint32_t>(ring_.size());
    if (live(at)) unlink(at);
    ring_[at] = Slot{entry, none, seconds_of(now)};
    link(at);
    ++live_;
}

void GuidRoutes::put(Guid const& guid, std::uint8_t kind, PeerId from, Instant now) {
    if (Entry* known = find(guid, kind, now)) {
        known->from = from;
        ring_[position(guid, kind)].at = seconds_of(now);
        return;
    }
    insert(Entry{guid, kind, 0, 0, false, false, from}, now);
}

void GuidRoutes::fetch(unsigned stage, Guid const& guid, std::uint8_t kind) const noexcept {
    if (buckets_.empty()) return;
    std::uint32_t const* const first = &buckets_[bucket(guid, kind)];
    if (stage == 0) return prefetch_line(first);
    if (*first == none) return;
    prefetch_line(&ring_[*first]);
}

void GuidRoutes::erase(Guid const& guid, std::uint8_t kind) {
    std::uint32_t const at = position(guid, kind);
    if (at != none) unlink(at);
}

void GuidRoutes::unlink(std::uint32_t at) {
    std::uint32_t* from = &buckets_[bucket(ring_[at].entry.guid, ring_[at].entry.kind)];
    while (*from != at) {
        check(*from != none);
        from = &ring_[*from].next;
    }
    *from = ring_[at].next;
    ring_[at].next = at;
    --live_;
}

void GuidRoutes::link(std::uint32_t at) {
    std::uint32_t& first = buckets_[bucket(ring_[at].entry.guid, ring_[at].entry.kind)];
    ring_[at].next = first;
    first = at;
}

void GuidRoutes::rebuild(std::size_t buckets) {
    buckets_.assign(buckets, none);
    for (std::size_t at = 0; at < ring_.size(); ++at)
        if (live(at)) link(static_cast<std::uint32_t>(at));
}

std::size_t GuidRoutes::memory_bytes() const {
    return ring_.capacity() * sizeof(Slot) + buckets_.capacity() * sizeof(std::uint32_t);
}

}  // namespace praline::overlay
