#include "node/overlay/link.hpp"

#include <algorithm>

namespace praline::overlay {

Link::Link(Limits const& limits, bool deflate_in, bool deflate_out)
    : transmit_bytes_max_{limits.transmit_bytes_max}, inflated_bytes_max_{limits.inflated_bytes_per_read_max},
      deflate_in_{deflate_in}, deflate_out_{deflate_out},
      queue_{limits.send_queue_bytes_max, limits.table_queue_bytes_max} {}

Bytes Link::next_transmit(std::uint64_t& messages_out) {
    if (queue_.empty()) return {};
    Bytes clear;
    clear.reserve(std::min(queue_.bytes(), transmit_bytes_max_));
    while (!queue_.empty() && (clear.empty() || clear.size() + queue_.next_size() <= transmit_bytes_max_)) {
        auto const message = queue_.pop();
        clear.insert(clear.end(), message->header.begin(), message->header.end());
        if (message->payload) clear.insert(clear.end(), message->payload->begin(), message->payload->end());
        ++messages_out;
    }
    if (!deflate_out_) return clear;
    if (!deflater_) deflater_.emplace();
    Bytes packed;
    deflater_->deflate(clear, wire::Flush::yes, packed);
    return packed;
}

}  // namespace praline::overlay
