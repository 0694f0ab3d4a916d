#include "node/overlay/outbox.hpp"

#include <algorithm>
#include <array>

#include "node/base/check.hpp"

namespace praline::overlay {
namespace {

void write_header(Guid const& guid, wire::Function function, Ttl ttl, Hops hops, std::size_t payload_bytes,
                  std::array<std::byte, wire::header_bytes>& out) {
    std::transform(guid.bytes.begin(), guid.bytes.end(), out.begin(),
                   [](std::uint8_t byte) { return std::byte{byte}; });
    out[16] = static_cast<std::byte>(function);
    out[17] = static_cast<std::byte>(ttl.value());
    out[18] = static_cast<std::byte>(hops.value());
    for (std::size_t i = 0; i < 4; ++i) out[19 + i] = static_cast<std::byte>(payload_bytes >> (8 * i));
}

/// Enough to tell apart times within an hour: links are looked at every few minutes.
std::uint32_t low_microseconds(Instant at) { return static_cast<std::uint32_t>(at.time_since_epoch().count()); }

}  // namespace

void Outbox::send(Peer& peer, Guid const& guid, wire::Function function, Ttl ttl, Hops hops, SharedBytes payload) {
    check(push(peer, guid, function, ttl, hops, std::move(payload)));
}

bool Outbox::send_table(Peer& peer, wire::Qrp const& message) {
    return push(peer, Guid::random(ctx_.rng()), wire::Function::qrp, Ttl{1}, Hops{0},
                std::make_shared<Bytes const>(wire::encode(message)));
}

void Outbox::send_bye(Peer& peer, wire::Bye const& bye) {
    peer.link.clear_queue();
    // Where the limits leave no room for it, the link ends without a word.
    (void)push(peer, Guid::random(ctx_.rng()), wire::Function::bye, Ttl{1}, Hops{0},
               std::make_shared<Bytes const>(wire::encode(bye)));
}

/// False: a message that must not be evicted has no room.
bool Outbox::push(Peer& peer, Guid const& guid, wire::Function function, Ttl ttl, Hops hops, SharedBytes payload) {
    if (!peer.is_up()) return true;
    Outgoing message;
    write_header(guid, function, ttl, hops, payload ? payload->size() : 0, message.header);
    message.priority = priority_of(function);
    message.payload = std::move(payload);
    // A link that has nothing to do takes it as it is: no queue, no buffers. A Bye is followed by the end, see `flush`.
    bool const idle = !peer.in_flight && !peer.has_handshake_output() && peer.link.plain_and_idle();
    if (idle && function != wire::Function::bye) {
        send_now(peer, std::move(message));
        return true;
    }
    SendQueue::Evicted evicted{};
    auto const dropped = peer.link.push(ctx_.limits(), std::move(message), &evicted);
    if (!dropped) return false;
    if (*dropped > 0) count_evicted(evicted);
    peer.info.dropped_out += static_cast<std::uint32_t>(*dropped);
    show_load(peer);
    schedule_flush(peer);
    return true;
}

void Outbox::send_now(Peer& peer, Outgoing message) {
    Buffers buffers;
    buffers.add(message.header, std::move(message.payload));
    ++peer.info.messages_out;
    transmit(peer, std::move(buffers));
}

void Outbox::show_load(Peer& peer) {
    std::size_t const bytes = peer.link.queued_bytes();
    std::size_t const most = std::max<std::size_t>(ctx_.limits().send_queue_bytes_max, 1);
    peer.info.queued_bytes = static_cast<std::uint32_t>(bytes);
    auto const load = static_cast<std::uint8_t>(std::min<std::size_t>(bytes * 255 / most, 255));
    if (std::exchange(peer.info.load, load) != load) ctx_.count_link_change();
}

void Outbox::count_evicted(SendQueue::Evicted const& evicted) {
    using enum Kind;
    static constexpr std::array<Kind, 5> kinds_by_priority{ping, query, pong, hit, push};
    for (std::size_t priority = 0; priority < kinds_by_priority.size(); ++priority)
        if (evicted[priority] > 0) ctx_.drop(DropReason::queue_full, kinds_by_priority[priority], evicted[priority]);
}

void Outbox::drained(Peer& peer) {
    peer.in_flight = false;
    // As a rule nothing waits: then there is nothing to flush.
    if (!peer.is_up() || peer.handshake || !peer.link.at_rest()) schedule_flush(peer);
}

bool Outbox::is_stuck(Peer const& peer) const {
    std::chrono::microseconds const since{low_microseconds(ctx_.now()) - peer.transmit_at};
    return peer.in_flight && since >= ctx_.limits().stuck_within;
}

void Outbox::schedule_flush(Peer& peer) {
    if (peer.scheduled) return;
    peer.scheduled = true;
    scheduled_.emplace_back(peer.id());
}

/// @returns whether something is on its way now. @pre the socket is free.
bool Outbox::flush(Peer& peer) {
    Buffers buffers;
    if (peer.has_handshake_output()) {
        ByteView const text = as_view(peer.handshake->output);
        buffers.add(std::make_shared<Bytes const>(text.begin(), text.end()));
        peer.handshake->output = {};
    }
    peer.link.next_transmit(ctx_.limits(), peer.info.messages_out, buffers);
    if (peer.is_up()) peer.handshake.reset();
    show_load(peer);
    if (buffers.empty()) return false;
    transmit(peer, std::move(buffers));
    return true;
}

void Outbox::transmit(Peer& peer, Buffers buffers) {
    peer.in_flight = true;
    peer.transmit_at = low_microseconds(ctx_.now());
    peer.info.bytes_out += buffers.size();
    ctx_.emit(Transmit{peer.id(), std::move(buffers)});
}

}  // namespace praline::overlay
