#include "node/overlay/link.hpp"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

namespace praline::overlay {
namespace {

constexpr std::size_t shared_payload_bytes_min = 512;  // below, a copy costs less than parts of their own
constexpr std::size_t never_shared = std::numeric_limits<std::size_t>::max();

}  // namespace

std::optional<std::size_t> Link::push(Limits const& limits, Outgoing message, SendQueue::Evicted* evicted) {
    return state(limits).queue.push(std::move(message), evicted);
}

void Link::clear_queue() {
    if (state_) state_->queue.clear();
}

void Link::release() {
    if (state_ && state_->queue.empty() && state_->partial.empty() && !state_->inflater && !state_->deflater)
        state_.reset();
}

/// Takes messages out of the queue for one Transmit. Payloads of `shared_bytes_min` and more go to `out` as they are, after
/// what was copied before them. @returns what was copied and is not in `out` yet.
Bytes Link::take_queue(Limits const& limits, std::uint64_t& messages_out, Buffers& out, std::size_t shared_bytes_min) {
    SendQueue& queue = state_->queue;
    std::size_t const bytes_max = std::min(queue.bytes(), limits.transmit_bytes_max);
    std::size_t total = 0;
    Bytes copied;
    while (!queue.empty() && (total == 0 || total + queue.next_size() <= limits.transmit_bytes_max)) {
        auto message = queue.pop();
        total += message->size();
        ++messages_out;
        if (message->payload && message->payload->size() >= shared_bytes_min) {
            if (!copied.empty()) out.add(std::make_shared<Bytes const>(std::exchange(copied, {})));
            out.add(message->header, std::move(message->payload));
            continue;
        }
        if (copied.empty()) copied.reserve(bytes_max > total ? bytes_max - total + message->size() : message->size());
        copied.insert(copied.end(), message->header.begin(), message->header.end());
        if (message->payload) copied.insert(copied.end(), message->payload->begin(), message->payload->end());
    }
    return copied;
}

void Link::next_transmit(Limits const& limits, std::uint64_t& messages_out, Buffers& out) {
    if (idle()) return release();
    if (deflate_out_) {
        Bytes const clear = take_queue(limits, messages_out, out, never_shared);
        if (!state_->deflater) state_->deflater = std::make_unique<wire::Deflater>();
        Bytes packed;
        state_->deflater->deflate(clear, wire::Flush::yes, packed);
        out.add(std::make_shared<Bytes const>(std::move(packed)));
        return;
    }
    Bytes copied = take_queue(limits, messages_out, out, shared_payload_bytes_min);
    if (!copied.empty()) out.add(std::make_shared<Bytes const>(std::move(copied)));
    release();
}

}  // namespace praline::overlay
