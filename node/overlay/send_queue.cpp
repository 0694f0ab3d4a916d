#include "node/overlay/send_queue.hpp"

#include <algorithm>
#include <utility>

#include "node/base/check.hpp"

namespace praline::overlay {
namespace {

bool never_gives_way(Worth worth) { return worth >= Worth::table; }
std::size_t lane_of(Worth worth) { return static_cast<std::size_t>(worth); }

}  // namespace

Worth worth_of(wire::Function function) noexcept {
    using enum wire::Function;
    switch (function) {
        case ping: return Worth::ping;
        case query: return Worth::query;
        case pong: return Worth::pong;
        case query_hit: return Worth::hit;
        case push:
        case vendor:
        case standard_vendor: return Worth::push;
        case qrp: return Worth::table;
        case bye: return Worth::bye;
    }
    return Worth::ping;
}

std::optional<std::size_t> SendQueue::push(Outgoing message, GaveWay* gave_way) {
    std::size_t const size = message.size();
    std::size_t dropped = 0;
    auto const note = [&](std::size_t lane) {
        if (gave_way) ++(*gave_way)[lane];
        return ++dropped;
    };
    if (never_gives_way(message.worth)) {
        if (table_bytes_ + size > table_bytes_max_) return std::nullopt;
        table_bytes_ += static_cast<std::uint32_t>(size);
    } else {
        std::size_t const lane = lane_of(message.worth);
        if (size > bytes_max_) return note(lane);
        for (std::size_t victim = 0; bytes_ + size > bytes_max_;) {
            if (victim > lane) return note(lane);
            if (waiting_[victim] == 0) {
                ++victim;
                continue;
            }
            drop_oldest(static_cast<Worth>(victim));
            note(victim);
        }
        bytes_ += static_cast<std::uint32_t>(size);
    }
    ++waiting_[lane_of(message.worth)];
    ++count_;
    messages_.emplace_back(std::move(message));
    tidy();
    return dropped;
}

void SendQueue::drop_oldest(Worth worth) {
    auto const at = std::find_if(messages_.begin() + head_, messages_.end(),
                                 [worth](Outgoing const& one) { return one.worth == worth; });
    check(at != messages_.end());
    bytes_ -= static_cast<std::uint32_t>(at->size());
    at->payload.reset();
    at->worth = gone;
    --waiting_[lane_of(worth)];
    --count_;
    skip_gone();
}

void SendQueue::skip_gone() {
    while (head_ < messages_.size() && messages_[head_].worth == gone) ++head_;
}

void SendQueue::tidy() {
    if (messages_.size() < 64 || messages_.size() < 2 * std::size_t{count_}) return;
    messages_.erase(messages_.begin(), messages_.begin() + head_);
    std::erase_if(messages_, [](Outgoing const& one) { return one.worth == gone; });
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
    (never_gives_way(message.worth) ? table_bytes_ : bytes_) -= static_cast<std::uint32_t>(message.size());
    --waiting_[lane_of(message.worth)];
    if (--count_ == 0)
        clear();
    else
        tidy();
    return message;
}

void SendQueue::clear() { *this = SendQueue{bytes_max_, table_bytes_max_}; }

}  // namespace praline::overlay
