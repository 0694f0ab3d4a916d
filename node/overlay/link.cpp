#include "node/overlay/link.hpp"

#include <algorithm>
#include <utility>

namespace praline::overlay {

std::optional<std::size_t> Link::push(Limits const& limits, Outgoing message, SendQueue::GaveWay* gave_way) {
    return state(limits).queue.push(std::move(message), gave_way);
}

void Link::clear_queue() {
    if (state_) state_->queue.clear();
}

void Link::release() {
    if (state_ && state_->queue.empty() && state_->partial.empty() && !state_->inflater && !state_->deflater)
        state_.reset();
}

Bytes Link::next_transmit(Limits const& limits, std::uint64_t& messages_out) {
    if (idle()) {
        release();
        return {};
    }
    SendQueue& queue = state_->queue;
    Bytes clear;
    clear.reserve(std::min(queue.bytes(), limits.transmit_bytes_max));
    while (!queue.empty() && (clear.empty() || clear.size() + queue.next_size() <= limits.transmit_bytes_max)) {
        auto const message = queue.pop();
        clear.insert(clear.end(), message->header.begin(), message->header.end());
        if (message->payload) clear.insert(clear.end(), message->payload->begin(), message->payload->end());
        ++messages_out;
    }
    if (!deflate_out_) {
        release();
        return clear;
    }
    if (!state_->deflater) state_->deflater = std::make_unique<wire::Deflater>();
    Bytes packed;
    state_->deflater->deflate(clear, wire::Flush::yes, packed);
    return packed;
}

}  // namespace praline::overlay
