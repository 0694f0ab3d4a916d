#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "node/base/bytes.hpp"
#include "node/base/result.hpp"
#include "node/overlay/limits.hpp"
#include "node/overlay/send_queue.hpp"
#include "node/wire/header.hpp"
#include "node/wire/zlib_stream.hpp"

namespace praline::overlay {

enum class LinkFault : std::uint8_t { none, message_too_large, bad_deflate };

/// The binary side of one link: octets to messages, messages to octets. Buffers exist only while something waits.
/// @threads any, one at a time.   @source 01-connection 7, 02-messages 1.
class Link {
public:
    Link(Limits const& limits, bool deflate_in, bool deflate_out);

    /// Takes octets in pieces of any size and calls `sink(header, payload)` for each message in them; it answers
    /// whether to go on. The payload lives during the call. A message over its kick limit, and more inflated octets
    /// than one read may bring, are faults; after one the stream is not usable.
    template <class Sink>
    [[nodiscard]] LinkFault receive(ByteView in, Sink&& sink);

    [[nodiscard]] SendQueue& queue() { return queue_; }
    [[nodiscard]] SendQueue const& queue() const { return queue_; }
    /// The octets of one Transmit; empty when nothing waits. @pre the socket has taken the last ones.
    [[nodiscard]] Bytes next_transmit(std::uint64_t& messages_out);
    /// Octets of buffers, without what zlib holds.
    [[nodiscard]] std::size_t buffer_bytes() const { return partial_.capacity(); }

private:
    template <class Sink>
    [[nodiscard]] LinkFault frames(ByteView in, Sink& sink);

    std::size_t transmit_bytes_max_, inflated_bytes_max_;
    bool deflate_in_, deflate_out_;
    bool stopped_ = false;
    Bytes partial_;  // an unfinished message
    std::optional<wire::Inflater> inflater_;
    std::optional<wire::Deflater> deflater_;
    SendQueue queue_;
};

template <class Sink>
LinkFault Link::receive(ByteView in, Sink&& sink) {
    if (!deflate_in_) return frames(in, sink);
    if (!inflater_) inflater_.emplace();
    std::size_t total = 0;
    Bytes clear;
    constexpr std::size_t step = 16 * 1024;
    for (;;) {
        clear.clear();
        auto const used = inflater_->inflate(in, step, clear);
        if (!used) return LinkFault::bad_deflate;
        in = in.subspan(*used);
        total += clear.size();
        if (total > inflated_bytes_max_) return LinkFault::message_too_large;
        if (LinkFault const fault = frames(clear, sink); fault != LinkFault::none || stopped_) return fault;
        if (in.empty() && !inflater_->pending()) return LinkFault::none;
        if (*used == 0 && clear.empty()) return LinkFault::bad_deflate;  // no progress: never loop
    }
}

template <class Sink>
LinkFault Link::frames(ByteView in, Sink& sink) {
    // Small reads are appended to what waits; else messages are taken straight out of the read buffer.
    Bytes joined;
    if (!partial_.empty()) {
        partial_.insert(partial_.end(), in.begin(), in.end());
        joined.swap(partial_);
        in = joined;
    }
    while (!stopped_ && in.size() >= wire::header_bytes) {
        auto const header = wire::decode_header(in);
        if (!header || header->payload_bytes > wire::kick_bytes_max(header->function)) return LinkFault::message_too_large;
        if (in.size() < wire::header_bytes + header->payload_bytes) break;
        ByteView const payload = in.subspan(wire::header_bytes, header->payload_bytes);
        if (!sink(*header, payload)) stopped_ = true;
        in = in.subspan(wire::header_bytes + header->payload_bytes);
    }
    if (stopped_ || in.empty()) return LinkFault::none;
    if (joined.empty()) {
        partial_.assign(in.begin(), in.end());
    } else {
        joined.erase(joined.begin(), joined.end() - static_cast<std::ptrdiff_t>(in.size()));
        partial_.swap(joined);
    }
    return LinkFault::none;
}

}  // namespace praline::overlay
