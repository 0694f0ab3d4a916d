#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "node/base/bytes.hpp"
#include "node/overlay/buffers.hpp"
#include "node/overlay/limits.hpp"
#include "node/overlay/send_queue.hpp"
#include "node/wire/header.hpp"
#include "node/wire/zlib_stream.hpp"

namespace praline::overlay {

enum class LinkFault : std::uint8_t { none, message_too_large, bad_deflate };

/// The binary side of one link: bytes to messages, messages to bytes. Sixteen bytes while nothing waits and nothing
/// is compressed; buffers exist only as long as something is in them. `limits` are to be the same in every call.
/// @threads any, one at a time.   @source node/wire/protocol/connection.md; node/wire/protocol/messages.md
class Link {
public:
    Link() = default;
    Link(bool deflate_in, bool deflate_out) : deflate_in_{deflate_in}, deflate_out_{deflate_out} {}

    /// Takes bytes in pieces of any size and calls `sink(header, payload)` for each message in them; it answers
    /// whether to go on. The payload lives during the call. A message over its kick limit, and more inflated bytes
    /// than one read may bring, are faults; after one the stream is not usable.
    template <class Sink>
    [[nodiscard]] LinkFault receive(Limits const& limits, ByteView in, Sink&& sink);

    /// See SendQueue::push.
    [[nodiscard]] std::optional<std::size_t> push(Limits const& limits, Outgoing message, SendQueue::Evicted* evicted);
    [[nodiscard]] bool idle() const { return !state_ || state_->queue.empty(); }
    /// Nothing waits and nothing is kept.
    [[nodiscard]] bool at_rest() const { return !state_; }
    /// Whether a message may go out as it is, past the queue.
    [[nodiscard]] bool plain_and_idle() const { return !deflate_out_ && idle(); }
    [[nodiscard]] std::size_t queued_bytes() const { return state_ ? state_->queue.bytes() : 0; }
    void clear_queue();
    /// Appends what waits to a Transmit, as far as it fits; nothing when nothing waits. Large payloads are shared, small
    /// ones are copied once, since each part of a gather write costs something. @pre the socket has taken the last ones.
    void next_transmit(Limits const& limits, std::uint64_t& messages_out, Buffers& out);

private:
    struct State {
        explicit State(Limits const& limits) : queue{limits.send_queue_bytes_max, limits.table_queue_bytes_max} {}
        SendQueue queue;
        Bytes partial;  // an unfinished message
        std::unique_ptr<wire::Inflater> inflater;
        std::unique_ptr<wire::Deflater> deflater;
    };
    template <class Sink>
    [[nodiscard]] LinkFault inflate(Limits const& limits, ByteView in, Sink& sink);
    template <class Sink>
    [[nodiscard]] LinkFault frames(Limits const& limits, ByteView in, Sink& sink);
    [[nodiscard]] State& state(Limits const& limits) {
        if (!state_) state_ = std::make_unique<State>(limits);
        return *state_;
    }
    void release();
    [[nodiscard]] Bytes take_queue(Limits const& limits, std::uint64_t& messages_out, Buffers& out,
                                   std::size_t shared_bytes_min);

    std::unique_ptr<State> state_;
    bool deflate_in_ = false, deflate_out_ = false;
    bool stopped_ = false;
};

template <class Sink>
LinkFault Link::receive(Limits const& limits, ByteView in, Sink&& sink) {
    return deflate_in_ ? inflate(limits, in, sink) : frames(limits, in, sink);
}

template <class Sink>
LinkFault Link::inflate(Limits const& limits, ByteView in, Sink& sink) {
    auto& inflater = state(limits).inflater;
    if (!inflater) inflater = std::make_unique<wire::Inflater>();
    std::size_t total = 0;
    Bytes clear;
    constexpr std::size_t step = 16 * 1024;
    for (;;) {
        clear.clear();
        auto const used = inflater->inflate(in, step, clear);
        if (!used) return LinkFault::bad_deflate;
        in = in.subspan(*used);
        total += clear.size();
        if (total > limits.inflated_bytes_per_read_max) return LinkFault::message_too_large;
        if (LinkFault const fault = frames(limits, clear, sink); fault != LinkFault::none || stopped_) return fault;
        if (in.empty() && !inflater->pending()) return LinkFault::none;
        if (*used == 0 && clear.empty()) return LinkFault::bad_deflate;  // no progress: never loop
    }
}

template <class Sink>
LinkFault Link::frames(Limits const& limits, ByteView in, Sink& sink) {
    // Small reads are appended to what waits; else messages are taken straight out of the read buffer.
    Bytes joined;
    if (state_ && !state_->partial.empty()) {
        state_->partial.insert(state_->partial.end(), in.begin(), in.end());
        joined.swap(state_->partial);
        in = joined;
    }
    while (!stopped_ && in.size() >= wire::header_bytes) {
        auto const header = wire::decode_header(in);
        if (!header || header->payload_bytes > wire::kick_bytes_max(header->function))
            return LinkFault::message_too_large;
        if (in.size() < wire::header_bytes + header->payload_bytes) break;
        ByteView const payload = in.subspan(wire::header_bytes, header->payload_bytes);
        if (!sink(*header, payload)) stopped_ = true;
        in = in.subspan(wire::header_bytes + header->payload_bytes);
    }
    if (stopped_ || in.empty()) {
        release();
        return LinkFault::none;
    }
    if (joined.empty()) {
        state(limits).partial.assign(in.begin(), in.end());
    } else {
        joined.erase(joined.begin(), joined.end() - static_cast<std::ptrdiff_t>(in.size()));
        state(limits).partial.swap(joined);
    }
    return LinkFault::none;
}

}  // namespace praline::overlay
