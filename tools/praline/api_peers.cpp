#include "tools/praline/api_peers.hpp"

#include <algorithm>

#include "node/net/system_clock.hpp"
#include "tools/praline/views.hpp"

namespace praline {
namespace {

bool is_linked(std::vector<overlay::LinkInfo> const& links, Endpoint endpoint) {
    return std::any_of(links.begin(), links.end(),
                       [&](auto const& link) { return link.remote == endpoint || link.listening() == endpoint; });
}

}  // namespace

std::vector<webui::PeerView> PeersApi::peers() {
    std::vector<webui::PeerView> views;
    for (auto const& link : overlay_.core().links()) views.push_back(view_of(link, net::now()));
    return views;
}

std::vector<webui::NamedPeerView> PeersApi::named_peers() {
    std::vector<webui::NamedPeerView> views;
    auto const& links = overlay_.core().links();
    for (auto const& peer : peers_.list())
        views.push_back(view_of(peer, peer.endpoint && is_linked(links, *peer.endpoint)));
    return views;
}

webui::Outcome<webui::Done> PeersApi::connect_peer(std::string const& address) {
    if (auto problem = peers_.connect(address); !problem.empty()) return bad_request(std::move(problem));
    return webui::Done{};
}

webui::Outcome<webui::Done> PeersApi::forget_peer(std::string const& address) {
    if (!peers_.forget(address)) return webui::Refusal{404, "not_found", "No peer is named " + address + "."};
    return webui::Done{};
}

webui::Outcome<webui::Done> PeersApi::disconnect_peer(std::uint32_t id) {
    if (!peers_.disconnect(PeerId{id})) return not_found("Peer " + std::to_string(id));
    return webui::Done{};
}

}  // namespace praline
