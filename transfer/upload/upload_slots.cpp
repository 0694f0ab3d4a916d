#include "transfer/upload/upload_slots.hpp"

#include <algorithm>

namespace praline::upload {

SlotAnswer UploadSlots::ask(std::uint64_t connection, AddressPrefix address, std::string const& ticket, Instant now) {
    forget_the_lost(now);
    if (auto const held = holders_.find(connection); held != holders_.end()) {
        held->second.free_at.reset();
        return Granted{};
    }
    std::size_t const free = holders_.size() < slots_ ? slots_ - holders_.size() : 0;
    std::size_t place = place_of(address, ticket);
    if (held_by(address) >= share()) {
        for (auto& [id, holder] : holders_)
            if (holder.address == address) holder.wanted_until = now + limits_.refusal_memory;
        // It must not keep a place at the front that it cannot use.
        if (place < waiting_.size()) waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(place));
        return Queued{0, waiting_.size(), limits_.retry_after_min};
    }
    // Free slots belong to those in front; who asks first after them may have what is left over.
    if (place < free) {
        if (place < waiting_.size()) waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(place));
        holders_.emplace(connection, Holder{address, std::nullopt, std::nullopt});
        return Granted{};
    }
    auto const retry = std::min(limits_.retry_after_max,
                                limits_.retry_after_min + limits_.retry_after_step * static_cast<std::int64_t>(place));
    if (place == waiting_.size()) {
        if (waiting_.size() >= queue_entries_max || places_of(address) >= share())
            return Queued{0, waiting_.size(), limits_.retry_after_max};
        waiting_.emplace_back(Waiting{address, ticket, now});
    }
    waiting_[place].lost_at = now + retry + limits_.queue_grace;
    return Queued{place + 1, waiting_.size(), retry};
}

void UploadSlots::release(std::uint64_t connection) { holders_.erase(connection); }

void UploadSlots::sent(std::uint64_t connection, Instant now) {
    auto const held = holders_.find(connection);
    if (held != holders_.end()) held->second.free_at = now + limits_.slot_grace;
}

bool UploadSlots::holds(std::uint64_t connection, Instant now) const {
    auto const held = holders_.find(connection);
    return held != holders_.end() && (!held->second.free_at || *held->second.free_at > now);
}

std::size_t UploadSlots::in_use(Instant now) const {
    return static_cast<std::size_t>(std::count_if(holders_.begin(), holders_.end(), [&](auto const& one) {
        return !one.second.free_at || *one.second.free_at > now;
    }));
}

bool UploadSlots::is_wanted(std::uint64_t connection, Instant now) const {
    auto const held = holders_.find(connection);
    if (held == holders_.end()) return false;
    bool const queued =
        std::any_of(waiting_.begin(), waiting_.end(), [&](Waiting const& one) { return one.lost_at >= now; });
    return queued || (held->second.wanted_until && *held->second.wanted_until >= now);
}

void UploadSlots::forget_the_lost(Instant now) {
    std::erase_if(waiting_, [&](Waiting const& one) { return one.lost_at < now; });
    std::erase_if(holders_, [&](auto const& one) { return one.second.free_at && *one.second.free_at <= now; });
}

std::size_t UploadSlots::share() const { return std::max<std::size_t>(1, slots_ / limits_.address_share); }

std::size_t UploadSlots::held_by(AddressPrefix address) const {
    return static_cast<std::size_t>(std::count_if(
        holders_.begin(), holders_.end(), [&](auto const& holder) { return holder.second.address == address; }));
}

std::size_t UploadSlots::places_of(AddressPrefix address) const {
    return static_cast<std::size_t>(
        std::count_if(waiting_.begin(), waiting_.end(), [&](Waiting const& one) { return one.address == address; }));
}

std::size_t UploadSlots::place_of(AddressPrefix address, std::string const& ticket) const {
    auto const at = std::find_if(waiting_.begin(), waiting_.end(),
                                 [&](Waiting const& one) { return one.address == address && one.ticket == ticket; });
    return static_cast<std::size_t>(at - waiting_.begin());
}

}  // namespace praline::upload
