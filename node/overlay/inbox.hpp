#pragma once

#include "node/overlay/link_closer.hpp"
#include "node/overlay/pinger.hpp"
#include "node/overlay/push_relay.hpp"
#include "node/overlay/relay.hpp"

namespace praline::overlay {

/// What comes in on links: takes messages out of the bytes, checks what holds for all of them, and hands each to the part
/// that it concerns. Those between neighbours only (Bye, tables, vendor messages, notes) are dealt with here.
/// @threads one: made for a call.   @source node/wire/protocol/messages.md
class Inbox {
public:
    struct Parts {
        Common& common;
        Pinger& pinger;
        PushRelay& pushes;
        Relay& relay;
        LinkCloser closer;
    };
    explicit Inbox(Parts const& parts) : parts_{parts} {}

    /// Bytes of a link that is up.
    void receive(Peer& peer, ByteView bytes);
    /// A neighbour's `HandOver`.
    void receive(Peer& peer, Message const& message);

private:
    [[nodiscard]] bool on_message(Peer& peer, wire::Header const& header, ByteView payload, Message const* value);
    [[nodiscard]] bool is_acceptable(Peer& peer, wire::Header const& header, ByteView payload);
    void dispatch(Peer& peer, wire::Header const& header, ByteView payload, Message const* value);
    void on_bye(Peer& peer, ByteView payload);
    void on_table(Peer& peer, ByteView payload);
    [[nodiscard]] Fault on_vendor(Peer& peer, wire::Header const& header, ByteView payload);
    void on_note(Peer& peer, Guid const& guid, wire::PralineNote const& note);

    Parts parts_;
};

}  // namespace praline::overlay
