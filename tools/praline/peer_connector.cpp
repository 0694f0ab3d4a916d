#include "tools/praline/peer_connector.hpp"

#include "node/base/host_port.hpp"
#include "node/base/text.hpp"
#include "node/log/log.hpp"
#include "node/net/system_clock.hpp"

namespace praline {

PeerConnector::PeerConnector(boost::asio::io_context& io, net::OverlayHost& overlay, NodeIdentity const& identity,
                             std::function<void()> changed)
    : overlay_{overlay}, identity_{identity}, changed_{std::move(changed)}, lookup_{io} {
    overlay_.on_call_failed([this](Endpoint to, std::string const& why) {
        peers_.failed(to, why);
        changed_();
    });
}

void PeerConnector::add_configured(std::vector<std::string> const& peers) {
    for (auto const& peer : peers)
        if (!peers_.add(peer, net::now()))
            log::warn("No more than {} peers can be named; {} is left out.", net::NamedPeers::peers_max, peer);
    tick();
}

void PeerConnector::tick() {
    if (stopped_) return;
    for (auto const& name : peers_.due(net::now())) look_up(name);
}

void PeerConnector::look_up(std::string const& name) {
    auto const host = HostPort::parse(name).value();  // `add` has seen to it
    lookup_.look_up(host.host, [this, name, port = host.port](net::NameLookup::Found const& answer) {
        if (stopped_) return;
        if (answer.addresses.empty())
            not_found(name, answer.problem);
        else
            found(name, {net::preferred(answer.addresses), port});
    });
}

void PeerConnector::found(std::string const& name, Endpoint endpoint) {
    if (identity_.is_own(endpoint)) {
        peers_.not_found(name, name + " is this node itself.", net::now());
    } else if (peers_.found(name, endpoint)) {
        overlay_.feed(overlay::UserConnect{endpoint});
    }
    changed_();
}

void PeerConnector::not_found(std::string const& name, std::string const& why) {
    auto const problem = "The name in " + name + " cannot be looked up: " + why + ". The node keeps trying.";
    if (peers_.not_found(name, problem, net::now())) log::warn("{}", problem);
    changed_();
}

std::string PeerConnector::connect(std::string_view written) {
    std::string const name{trim(written)};
    if (!net::NamedPeers::is_name(name))
        return "\"" + name +
               "\" is not an address and port such as 192.0.2.1:6346, nor a name and port such as "
               "node.example.org:6346.";
    auto const endpoint = Endpoint::parse(name);
    if (endpoint && endpoint->is_unusable()) return name + " cannot be the address of a node.";
    if (endpoint && identity_.is_own(*endpoint)) return name + " is this node itself.";
    if (!peers_.add(name, net::now()))
        return "No more than " + std::to_string(net::NamedPeers::peers_max) + " peers can be named.";
    if (endpoint)
        overlay_.feed(overlay::UserConnect{*endpoint});
    else
        tick();
    changed_();
    return {};
}

bool PeerConnector::forget(std::string_view written) {
    auto const gone = peers_.forget(trim(written));
    if (!gone) return false;
    if (gone->endpoint && !peers_.has(*gone->endpoint)) overlay_.feed(overlay::UserForget{*gone->endpoint});
    changed_();
    return true;
}

bool PeerConnector::disconnect(PeerId id) {
    auto const* const link = overlay_.core().link(id);
    if (link == nullptr) return false;
    peers_.forget(link->remote);
    if (auto const listening = link->listening()) peers_.forget(*listening);
    overlay_.feed(overlay::UserDisconnect{id});
    return true;
}

void PeerConnector::on_link(overlay::LinkInfo const& link) {
    peers_.connected(link.remote);
    if (auto const listening = link.listening()) peers_.connected(*listening);
}

}  // namespace praline
