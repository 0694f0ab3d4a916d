#include "transfer/upload/upload_slots.hpp"

#include <algorithm>

namespace praline::upload {

SlotAnswer UploadSlots::ask(std::uint64_t connection, std::uint32_t address, std::string const& ticket, Instant now) {
    if (holders_.contains(connection)) return Granted{};
    forget_the_lost(now);
    std::size_t const free = holders_.size() < slots_ ? slots_ - holders_.size() : 0;
    std::size_t place = place_of(address, ticket);
    if (held_by(address) >= limits_.slots_per_ip) {
        // It must not keep a place at the front that it cannot use.
        if (place < waiting_.size()) waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(place));
        return Queued{0, waiting_.size(), limits_.retry_after_min};
    }
    // Free slots belong to those in front; who asks first after them may have what is left over.
    if (place < free) {
        if (place < waiting_.size()) waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(place));
        holders_.emplace(connection, address);
        return Granted{};
    }
    auto const retry = std::min(limits_.retry_after_max,
                                limits_.retry_after_min + limits_.retry_after_step * static_cast<std::int64_t>(place));
    if (place == waiting_.size()) {
        if (waiting_.size() >= queue_entries_max || places_of(address) >= limits_.slots_per_ip)
            return Queued{0, waiting_.size(), limits_.retry_after_max};
        waiting_.emplace_back(Waiting{address, ticket, now});
    }
    waiting_[place].lost_at = now + retry + limits_.queue_grace;
    return Queued{place + 1, waiting_.size(), retry};
}

void UploadSlots::release(std::uint64_t connection) { holders_.erase(connection); }

void UploadSlots::forget_the_lost(Instant now) {
    std::erase_if(waiting_, [&](Waiting const& one) { return one.lost_at < now; });
}

std::size_t UploadSlots::held_by(std::uint32_t address) const {
    return static_cast<std::size_t>(
        std::count_if(holders_.begin(), holders_.end(), [&](auto const& holder) { return holder.second == address; }));
}

std::size_t UploadSlots::places_of(std::uint32_t address) const {
    return static_cast<std::size_t>(
        std::count_if(waiting_.begin(), waiting_.end(), [&](Waiting const& one) { return one.address == address; }));
}

std::size_t UploadSlots::place_of(std::uint32_t address, std::string const& ticket) const {
    auto const at = std::find_if(waiting_.begin(), waiting_.end(), [&](Waiting const& one) {
        return one.address == address && one.ticket == ticket;
    });
    return static_cast<std::size_t>(at - waiting_.begin());
}

}  // namespace praline::upload
