#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "node/net/name_lookup.hpp"
#include "node/net/named_peers.hpp"
#include "node/net/overlay_host.hpp"
#include "tools/praline/node_identity.hpp"

namespace praline {

/// The peers that the user named, in the settings or while the node runs: names are looked up, the overlay connects, and
/// why one is not connected is known. Runs on the node's thread.
class PeerConnector {
public:
    /// @param changed  is called when there is news of a peer.
    PeerConnector(boost::asio::io_context& io, net::OverlayHost& overlay, NodeIdentity const& identity,
                  std::function<void()> changed);

    /// Those given by address are with the overlay from its start on.
    void add_configured(std::vector<std::string> const& peers);
    /// @param written  "HOST:PORT". @returns a sentence that says why not; empty: it is tried.
    [[nodiscard]] std::string connect(std::string_view written);
    /// It is looked up and called no more; a link to it stays, and one of the settings comes back at the next start.
    /// @returns whether it was named.
    bool forget(std::string_view written);
    /// False: there is no such link.
    bool disconnect(PeerId id);
    void on_link(overlay::LinkInfo const& link);
    /// Looks up what is due.
    void tick();
    void stop() { stopped_ = true; }
    [[nodiscard]] std::vector<net::NamedPeer> const& list() const { return peers_.list(); }

private:
    void look_up(std::string const& name);
    void found(std::string const& name, Endpoint endpoint);
    void not_found(std::string const& name, std::string const& why);

    net::OverlayHost& overlay_;
    NodeIdentity const& identity_;
    std::function<void()> changed_;
    net::NamedPeers peers_;
    net::NameLookup lookup_;
    bool stopped_ = false;
};

}  // namespace praline
