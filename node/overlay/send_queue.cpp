#include "node/overlay/send_queue.hpp"

#include <algorithm>
#include <utility>

#include "node/base/check.hpp"

namespace praline::overlay {
namespace {

bool is_never_evicted(Priority priority) { return priority >= Priority::table; }
std::size_t lane_of(Priority priority) { return static_cast<std::size_t>(priority); }

}  // namespace

Priority priority_of(wire::Function function) noexcept {
    using enum wire::Function;
    switch (function) {
        case ping: return Priority::ping;
        case query: return Priority::query;
        case pong: return Priority::pong;
        case query_hit: return Priority::hit;
        case push:
        case vendor:
        case standard_vendor: return Priority::push;
        case qrp: return Priority::table;
        case bye: return Priority::bye;
    }
    return Priority::ping;
}

std::optional<std::size_t> SendQueue::push(Outgoing message, Evicted* evicted) {
    std::size_t const size = message.size();
    std::size_t dropped = 0;
    auto const note = [&](std::size_t lane) {
        if (evicted) ++(*evicted)[lane];
        return ++dropped;
    };
    if (is_never_evicted(message.priority)) {
        if (table_bytes_ + size > table_bytes_max_) return std::nullopt;
        table_bytes_ += static_cast<std::uint32_t>(size);
    } else {
        std::size_t const lane = lane_of(message.priority);
        if (size > bytes_max_) return note(lane);
        for (std::size_t victim = 0; bytes_ + size > bytes_max_;) {
            if (victim > lane) return note(lane);
            if (waiting_[victim] == 0) {
                ++victim;
                continue;
            }
            drop_oldest(static_cast<Priority>(victim));
            note(victim);
        }
        bytes_ += static_cast<std::uint32_t>(size);
    }
    ++waiting_[lane_of(message.priority)];
    ++count_;
    messages_.emplace_back(std::move(message));
    tidy();
    return dropped;
}

void SendQueue::drop_oldest(Priority priority) {
    auto const at = std::find_if(messages_.begin() + head_, messages_.end(),
                                 [priority](Outgoing const& one) { return one.priority == priority; });
    check(at != messages_.end());
    bytes_ -= static_cast<std::uint32_t>(at->size());
    at->payload.reset();
    at->priority = gone;
    --waiting_[lane_of(priority)];
    --count_;
    skip_gone();
}

void SendQueue::skip_gone() {
    while (head_ < messages_.size() && messages_[head_].priority == gone) ++head_;
}

void SendQueue::tidy() {
    if (messages_.size() < 64 || messages_.size() < 2 * std::size_t{count_}) return;
    messages_.erase(messages_.begin(), messages_.begin() + head_);
    std::erase_if(messages_, [](Outgoing const& one) { return one.priority == gone; });
    head_ = 0;
}

std::size_t SendQueue::next_size() const {
    check(count_ > 0);
    return messages_[head_].size();
}

std::optional<Outgoing> SendQueue::pop() {
    if (count_ == 0) return std::nullopt;
    Outgoing message = std::move(messages_[head_++]);
    skip_gone();
    (is_never_evicted(message.priority) ? table_bytes_ : bytes_) -= static_cast<std::uint32_t>(message.size());
    --waiting_[lane_of(message.priority)];
    if (--count_ == 0)
        clear();
    else
        tidy();
    return message;
}

void SendQueue::clear() { *this = SendQueue{bytes_max_, table_bytes_max_}; }

}  // namespace praline::overlay
