#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "node/base/check.hpp"

namespace praline::simulate::world {

/// Events in virtual time: a wheel with one bucket for each unit of time, first in first out within a unit. So events
/// come in the order of (time, sequence in which they were put in), without a sequence number in any of them and at a
/// cost that does not grow with their number.
/// A bucket is a list of chunks of 512 bytes that all buckets share; a chunk is free again as soon as it is taken out.
/// @threads one.
template <class Event>
class Calendar {
    static_assert(std::is_trivially_copyable_v<Event> && std::has_single_bit(sizeof(Event)) && sizeof(Event) <= 64);

public:
    /// Events in a chunk: no span handed out by `take` is longer.
    static constexpr std::size_t chunk_events = 512 / sizeof(Event);

    /// @param delay_max  no event is put further ahead; the wheel has at least that many buckets and one, 16 bytes each.
    explicit Calendar(std::uint32_t delay_max)
        : buckets_(std::bit_ceil(std::max<std::size_t>(std::size_t{delay_max} + 1, 64))),
          occupied_(buckets_.size() / 64, 0),
          mask_{buckets_.size() - 1},
          delay_max_{delay_max} {}

    /// Units since `clear`.
    [[nodiscard]] std::uint64_t now() const { return now_; }
    [[nodiscard]] std::uint32_t delay_max() const { return delay_max_; }
    /// @pre 1 <= delay <= delay_max.
    void put(Event event, std::uint32_t delay) {
        Bucket& bucket = buckets_[(now_ + delay) & mask_];
        // Chunks are aligned to their size: the place after the last one in a chunk looks like the start of one, as null does.
        if ((reinterpret_cast<std::uintptr_t>(bucket.tail) & (chunk_bytes - 1)) == 0) extend(bucket);
        *bucket.tail++ = event;
    }
    /// Goes to the next unit that has events. @return false: there is none, and time stands still.
    bool advance() {
        if (buckets_in_use_ == 0) return false;
        std::uint64_t at = now_ + 1;
        for (;;) {
            std::size_t const slot = at & mask_;
            if (std::uint64_t const later = occupied_[slot / 64] >> (slot % 64); later != 0) {
                now_ = at + static_cast<std::uint64_t>(std::countr_zero(later));
                return true;
            }
            at += 64 - slot % 64;
        }
    }
    /// Hands the events of this unit to `visit(std::span<Event const>)` in order, some at a time, and removes them.
    /// `visit` may put further events in.
    template <class Visit>
    void take(Visit visit) {
        std::size_t const slot = now_ & mask_;
        Bucket const taken = std::exchange(buckets_[slot], Bucket{});
        if (taken.tail == nullptr) return;
        occupied_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
        --buckets_in_use_;
        for (std::uint32_t chunk = taken.first;;) {
            Event const* const begin = place(chunk);
            bool const last = chunk == taken.last;
            visit(std::span<Event const>{begin, last ? static_cast<std::size_t>(taken.tail - begin) : chunk_events});
            std::uint32_t const next = next_[chunk];
            next_[chunk] = std::exchange(free_, chunk);
            if (last) return;
            chunk = next;
        }
    }
    /// Forgets all events and begins at time 0.
    void clear() {
        while (buckets_in_use_ != 0 && advance()) take([](std::span<Event const>) {});
        take([](std::span<Event const>) {});
        now_ = 0;
    }
    /// What it holds of memory, in bytes; it never gives any back.
    [[nodiscard]] std::size_t bytes() const {
        return buckets_.capacity() * sizeof(Bucket) + occupied_.capacity() * sizeof(std::uint64_t) +
               slabs_.size() * slab_chunks * chunk_bytes + next_.capacity() * sizeof(std::uint32_t);
    }

private:
    static constexpr std::size_t chunk_bytes = 512;
    static constexpr std::size_t slab_chunks = 64;  // chunks come from the system so many at a time
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    struct Bucket {
        Event* tail = nullptr;  // where the next event goes; null: empty
        std::uint32_t first = none, last = none;
    };
    struct Free {
        void operator()(std::byte* slab) const { std::free(slab); }
    };
    using Slab = std::unique_ptr<std::byte, Free>;

    [[nodiscard]] Event* place(std::uint32_t chunk) const {
        return reinterpret_cast<Event*>(slabs_[chunk / slab_chunks].get() + chunk % slab_chunks * chunk_bytes);
    }
    [[gnu::noinline]] void extend(Bucket& bucket) {
        if (free_ == none) add_slab();
        std::uint32_t const chunk = std::exchange(free_, next_[free_]);
        if (bucket.tail == nullptr) {
            auto const slot = static_cast<std::size_t>(&bucket - buckets_.data());
            occupied_[slot / 64] |= std::uint64_t{1} << (slot % 64);
            ++buckets_in_use_;
            bucket.first = chunk;
        } else {
            next_[bucket.last] = chunk;
        }
        bucket.last = chunk;
        bucket.tail = place(chunk);
    }
    void add_slab() {
        Slab slab{static_cast<std::byte*>(std::aligned_alloc(chunk_bytes, slab_chunks * chunk_bytes))};
        if (!slab) throw std::bad_alloc{};
        auto const first = static_cast<std::uint32_t>(slabs_.size() * slab_chunks);
        check(slabs_.size() < none / slab_chunks);
        slabs_.push_back(std::move(slab));
        for (std::uint32_t chunk = first; chunk < first + slab_chunks; ++chunk)
            next_.push_back(chunk + 1 < first + slab_chunks ? chunk + 1 : free_);
        free_ = first;
    }

    std::vector<Bucket> buckets_;          // of the units now … now + size - 1
    std::vector<std::uint64_t> occupied_;  // a bit for each bucket
    std::size_t mask_;
    std::uint32_t delay_max_;
    std::uint64_t now_ = 0;
    std::size_t buckets_in_use_ = 0;
    std::vector<Slab> slabs_;
    std::vector<std::uint32_t> next_;  // of each chunk: the next in its bucket, or among the free ones
    std::uint32_t free_ = none;
};

}  // namespace praline::simulate::world
