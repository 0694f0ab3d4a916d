#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "node/overlay/common.hpp"
#include "node/overlay/dialer.hpp"
#include "node/overlay/known_hosts.hpp"
#include "node/overlay/link_closer.hpp"
#include "node/overlay/pinger.hpp"
#include "node/overlay/push_relay.hpp"
#include "node/overlay/relay.hpp"
#include "node/overlay/role_switch.hpp"
#include "unit/node/overlay/virtual_network.hpp"

namespace praline::overlay::test {

/// The parts of one overlay without the overlay, for a test of each. One event lasts as long as the test likes.
struct Parts {
    explicit Parts(Config config = ultrapeer())
        : common{config, std::make_shared<Limits const>(config.limits), first_role(config), Rng{3}} {
        advance({});
    }

    static Config ultrapeer() {
        Config config;
        config.mode = Mode::ultrapeer;
        config.servent = servent_of(0);
        config.listen = {0x0A000001, 6346};
        return config;
    }

    void advance(Duration time) {
        now += time;
        ctx.begin(now, 1'000'000, out);
    }
    /// A link that is past its handshake, and takes all that a peer can take.
    Peer& link(LinkKind kind = LinkKind::to_ultrapeer, Direction direction = Direction::incoming) {
        Peer& peer = peers.add(peers.allot(), direction, {0x0A010000U + next_host++, 6346});
        if (direction == Direction::outgoing) peers.set_stage(peer, Stage::handshaking);
        peers.set_up(peer, kind);
        peer.takes_bye = peer.takes_vendor = peer.takes_ggep = true;
        peer.info.praline = true;
        return peer;
    }
    LinkCloser closer() { return LinkCloser{{common, hosts, pinger, pushes}}; }
    void flush() {
        outbox.flush_scheduled(peers, [](Peer&, bool) {});
    }
    /// The actions of one kind, in order; all others are forgotten with them.
    template <class T>
    std::vector<T> take() {
        std::vector<T> found;
        for (Action& action : out)
            if (auto* one = std::get_if<T>(&action)) found.emplace_back(std::move(*one));
        out.clear();
        return found;
    }
    struct Sent {
        wire::Header header;
        Bytes payload;
    };
    /// The messages transmitted to a peer; the socket takes them at once.
    std::vector<Sent> sent(Peer& peer) {
        std::vector<Sent> messages;
        for (Action const& action : out) {
            auto const* transmit = std::get_if<Transmit>(&action);
            if (!transmit || transmit->peer != peer.id()) continue;
            Bytes const bytes = transmit->buffers.joined();
            for (ByteView rest = bytes; auto const one = wire::first_message(rest);) {
                messages.emplace_back(Sent{one->header, Bytes(one->payload.begin(), one->payload.end())});
                rest = rest.subspan(wire::header_bytes + one->payload.size());
            }
        }
        out.clear();
        outbox.drained(peer);
        return messages;
    }
    static wire::Header header(wire::Function function, Guid const& guid, Ttl ttl, Hops hops) {
        return {guid, static_cast<std::uint8_t>(function), ttl, hops, 0};
    }

    Instant now{};
    Actions out;
    std::uint32_t next_host = 1;
    Common common;
    Context& ctx = common.context;
    Peers& peers = common.peers;
    Outbox& outbox = common.outbox;
    PushRelay pushes{common, 1};
    Relay relay{common, pushes, 2};
    KnownHosts hosts{common};
    Dialer dialer{common, hosts};
    Pinger pinger{common, hosts};
    RoleSwitch role{common};
};

}  // namespace praline::overlay::test
