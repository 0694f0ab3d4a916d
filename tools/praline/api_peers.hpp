#pragma once

#include "tools/praline/peer_connector.hpp"
#include "webui/api/node_control.hpp"

namespace praline {

/// The links of the overlay, and the peers that the user named.
class PeersApi final : public webui::PeerControl {
public:
    PeersApi(net::OverlayHost& overlay, PeerConnector& peers) : overlay_{overlay}, peers_{peers} {}
    std::vector<webui::PeerView> peers() override;
    std::vector<webui::NamedPeerView> named_peers() override;
    webui::Outcome<webui::Done> connect_peer(std::string const& address) override;
    webui::Outcome<webui::Done> forget_peer(std::string const& address) override;
    webui::Outcome<webui::Done> disconnect_peer(std::uint32_t id) override;

private:
    net::OverlayHost& overlay_;
    PeerConnector& peers_;
};

}  // namespace praline
