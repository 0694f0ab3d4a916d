#pragma once

#include <map>
#include <string>
#include <vector>

#include "index/replica/context.hpp"
#include "index/replica/peers.hpp"

namespace praline::index::replica {

/// The other servers and the connections to them: how each is reached, and everything that is sent. A message goes over the
/// direct link, or by way of one other server when that is broken (Clippee, section II-C). Which servers there are, and
/// when to dial one, Group decides.
/// @threads one: it belongs to a replica.
class Routes {
public:
    explicit Routes(Context& context) : ctx_{context} {}

    // ---- servers ----
    [[nodiscard]] std::map<ServerId, Peer> const& peers() const { return peers_; }
    [[nodiscard]] std::map<ServerId, Peer>& peers() { return peers_; }
    [[nodiscard]] Peer* find(ServerId id);
    [[nodiscard]] Peer const* find(ServerId id) const;
    Peer& add(Member const& member);
    /// Routes through it are looked for anew.
    void erase(ServerId id);

    // ---- links ----
    /// False: there are too many, and the link is closed.
    bool open(LinkUp const& event);
    [[nodiscard]] PeerLink* link(LinkId id);
    void close(LinkId link, std::string why);
    /// As `close`, but for a reason that an operator must mend.
    void turn_away(LinkId link, std::string why);
    /// Takes a peer's link away without looking for another route to it.
    void drop_link(Peer& peer, std::string why);
    /// The link is gone: a route round it is looked for.
    void unbind(LinkId link);
    /// Makes `fresh` the peer's link, or closes it when the one that is there must stay; false then.
    bool keep_link(LinkId fresh, PeerLink const& link, Peer& peer);
    void close_silent_links();
    /// The host was suspended for so long: only we were silent.
    void resumed(Duration time);

    // ---- messages ----
    /// False: no way leads there.
    bool send(ServerId to, ServerMessage message);
    void send_over(LinkId link, ServerId to, ServerMessage message);
    /// Passes a message on once: one that was passed on already is refused, so nothing goes in circles.
    void relay(Envelope const& envelope, ServerMessage const& message);
    [[nodiscard]] static bool reachable(Peer const& peer) { return peer.link || peer.relay; }

    // ---- two-hop routes ----
    void probe_broken_routes();
    void got(Envelope const& from, Probe const& message);
    void got(Envelope const& from, ProbeAnswer const& message);

private:
    void close(LinkId link, std::string why, bool turned_away);
    void probe(Peer& peer);
    void route_lost_through(ServerId relay);

    Context& ctx_;
    std::map<ServerId, Peer> peers_;    ///< at most members_max - 1
    std::map<LinkId, PeerLink> links_;  ///< at most links_max
};

}  // namespace praline::index::replica
