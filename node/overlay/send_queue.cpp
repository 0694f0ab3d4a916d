#include "node/overlay/send_queue.hpp"

#include <utility>

#include "node/base/check.hpp"

namespace praline::overlay {
namespace {

bool never_gives_way(std::size_t lane) { return lane >= static_cast<std::size_t>(Worth::table); }

}  // namespace

Worth worth_of(wire::Function function) noexcept {
    using enum wire::Function;
    switch (function) {
        case ping: return Worth::ping;
        case query: return Worth::query;
        case pong: return Worth::pong;
        case query_hit: return Worth::hit;
        case push: case vendor: case standard_vendor: return Worth::push;
        case qrp: return Worth::table;
        case bye: return Worth::bye;
    }
    return Worth::ping;
}

Outgoing SendQueue::Lane::take() {
    Outgoing message = std::move(messages[head++]);
    if (head == messages.size()) {
        messages = {};
        head = 0;
    } else if (head >= 64 && head * 2 >= messages.size()) {
        messages.erase(messages.begin(), messages.begin() + static_cast<std::ptrdiff_t>(head));
        head = 0;
    }
    return message;
}

std::optional<std::size_t> SendQueue::push(Worth worth, Outgoing message, GaveWay* gave_way) {
    auto const lane = static_cast<std::size_t>(worth);
    auto const note = [gave_way](std::size_t from) {
        if (gave_way) ++(*gave_way)[from];
    };
    std::size_t const size = message.size();
    std::size_t dropped = 0;
    if (never_gives_way(lane)) {
        if (table_bytes_ + size > table_bytes_max_) return std::nullopt;
        table_bytes_ += size;
    } else {
        if (size > bytes_max_) {
            note(lane);
            return 1;
        }
        for (std::size_t victim = 0; bytes_ + size > bytes_max_;) {
            if (victim > lane) {
                note(lane);
                return dropped + 1;
            }
            if (lanes_[victim].empty()) {
                ++victim;
                continue;
            }
            bytes_ -= lanes_[victim].take().size();
            note(victim);
            --count_;
            ++dropped;
        }
        bytes_ += size;
    }
    message.order = next_order_++;
    lanes_[lane].messages.emplace_back(std::move(message));
    ++count_;
    return dropped;
}

SendQueue::Lane const* SendQueue::oldest() const {
    Lane const* best = nullptr;
    for (Lane const& lane : lanes_) {
        if (lane.empty()) continue;
        if (!best || lane.messages[lane.head].order < best->messages[best->head].order) best = &lane;
    }
    return best;
}

std::size_t SendQueue::next_size() const {
    Lane const* lane = oldest();
    check(lane != nullptr);
    return lane->messages[lane->head].size();
}

std::optional<Outgoing> SendQueue::pop() {
    Lane const* lane = oldest();
    if (!lane) return std::nullopt;
    auto const at = static_cast<std::size_t>(lane - lanes_.data());
    Outgoing message = lanes_[at].take();
    (never_gives_way(at) ? table_bytes_ : bytes_) -= message.size();
    --count_;
    return message;
}

void SendQueue::clear() {
    for (Lane& lane : lanes_) lane = {};
    bytes_ = table_bytes_ = count_ = 0;
}

}  // namespace praline::overlay
