#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "node/overlay/context.hpp"
#include "node/overlay/peers.hpp"
#include "node/wire/codec.hpp"

namespace praline::overlay {

/// What goes out on links: encodes, queues and transmits messages. One Transmit at a time is on its way on each link;
/// what comes meanwhile waits in the queue of the link, see SendQueue.
/// @threads one: it belongs to an overlay.   @source node/wire/protocol/messages.md; node/wire/protocol/routing.md
class Outbox {
public:
    explicit Outbox(Context& context) : ctx_{context} {}
    Outbox(Outbox const&) = delete;
    Outbox& operator=(Outbox const&) = delete;

    /// Sends a message if the link is up. A full queue evicts the least valuable. @pre no table and no Bye.
    void send(Peer& peer, Guid const& guid, wire::Function function, Ttl ttl, Hops hops, SharedBytes payload);
    template <class M>
    void send(Peer& peer, Guid const& guid, wire::Function function, Ttl ttl, Hops hops, M const& message) {
        send(peer, guid, function, ttl, hops, std::make_shared<Bytes const>(wire::encode(message)));
    }
    /// A routing table message. False: there is no room for it, and since a table must not have gaps, the link must end.
    [[nodiscard]] bool send_table(Peer& peer, wire::Qrp const& message);
    /// The last message of a link: what waits is not sent any more.
    void send_bye(Peer& peer, wire::Bye const& bye);
    /// Gives a message to a neighbour in this process (`Settings::hand_over`). False: it is to be sent as bytes.
    template <class Value>
    [[nodiscard]] bool hand_over(Peer& peer, Guid const& guid, Ttl ttl, Hops hops, Value const& value) {
        if (!ctx_.hands_over() || !peer.is_up()) return false;
        ++peer.info.messages_out;
        ctx_.emit(HandOver{peer.id(), Message{guid, ttl, hops, value}});
        return true;
    }

    /// The socket has taken the last Transmit.
    void drained(Peer& peer);
    /// A Transmit has been on its way for too long.
    [[nodiscard]] bool is_stuck(Peer const& peer) const;

    /// Lists a peer for `flush_scheduled`.
    void schedule_flush(Peer& peer);
    /// At the end of an event: transmits what waits on all peers listed. Calls `flushed(peer, sent)` for each whose
    /// socket was free, `sent`: something is on its way now. It may end peers.
    template <class Flushed>
    void flush_scheduled(Peers& peers, Flushed flushed);

private:
    [[nodiscard]] bool push(Peer& peer, Guid const& guid, wire::Function function, Ttl ttl, Hops hops,
                            SharedBytes payload);
    void send_now(Peer& peer, Outgoing message);
    void show_load(Peer& peer);
    void count_evicted(SendQueue::Evicted const& evicted);
    [[nodiscard]] bool flush(Peer& peer);
    void transmit(Peer& peer, Buffers buffers);

    Context& ctx_;
    std::vector<PeerId> scheduled_;
};

template <class Flushed>
void Outbox::flush_scheduled(Peers& peers, Flushed flushed) {
    // `flushed` may schedule further ones: hence the index.
    for (std::size_t i = 0; i < scheduled_.size(); ++i) {
        Peer* const peer = peers.find(scheduled_[i]);
        if (peer == nullptr) continue;
        peer->scheduled = false;
        if (peer->in_flight || peer->stage() == Stage::connecting) continue;
        bool const sent = flush(*peer);
        flushed(*peer, sent);
    }
    scheduled_.clear();
}

}  // namespace praline::overlay
