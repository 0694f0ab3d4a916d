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
    Inbox(Common& common, KnownHosts& hosts, Pinger& pinger, PushRelay& pushes, Relay& relay)
        : common_{common}, hosts_{hosts}, pinger_{pinger}, pushes_{pushes}, relay_{relay} {}

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

    /// Made when it is needed: most messages end no link.
    [[nodiscard]] LinkCloser closer() { return LinkCloser{{common_, hosts_, pinger_, pushes_}}; }

    Common& common_;
    KnownHosts& hosts_;
    Pinger& pinger_;
    PushRelay& pushes_;
    Relay& relay_;
};

}  // namespace praline::overlay
