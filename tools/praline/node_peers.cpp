// Peers that the user named: names are looked up, and why one is not connected can be told.
#include <algorithm>

#include <boost/asio/ip/tcp.hpp>
#include <spdlog/spdlog.h>

#include "node/base/host_port.hpp"
#include "node/base/text.hpp"
#include "node/net/endpoints.hpp"
#include "node/net/real_world.hpp"
#include "tools/praline/node.hpp"

namespace praline {
namespace {

bool is_link_to(overlay::LinkInfo const& link, Endpoint endpoint) { return link.remote == endpoint || link.listening() == endpoint; }

}  // namespace

/// Those given by address are with the overlay from its start on.
void Node::name_configured_peers() {
    for (auto const& peer : config_.peers)
        if (!named_peers_.add(peer, net::now())) spdlog::warn("No more than {} peers can be named; {} is left out.", net::NamedPeers::peers_max, peer);
    overlay_->on_call_failed([this](Endpoint to, std::string const& why) {
        named_peers_.failed(to, why);
        notify("peers");
    });
    look_up_peers();
}

void Node::look_up_peers() {
    if (stopping_) return;
    for (auto const& name : named_peers_.due(net::now())) {
        auto const host = HostPort::parse(name).value();   // `add` has seen to it
        resolver_.async_resolve(host.host, std::to_string(host.port),
                                [this, name](boost::system::error_code error, boost::asio::ip::tcp::resolver::results_type const& found) {
            if (error == boost::asio::error::operation_aborted || stopping_) return;
            if (error || found.empty()) peer_not_found(name, error);
            else peer_found(name, net::preferred(found));
        });
    }
}

void Node::peer_found(std::string const& name, Endpoint endpoint) {
    if (is_own(endpoint)) {
        named_peers_.not_found(name, name + " is this node itself.", net::now());
    } else {
        named_peers_.found(name, endpoint);
        overlay_->feed(overlay::UserConnect{endpoint});
    }
    notify("peers");
}

void Node::peer_not_found(std::string const& name, boost::system::error_code error) {
    auto const problem = "The name in " + name + " cannot be looked up: " + (error ? error.message() : "it has no address") + ". It is tried again and again.";
    if (named_peers_.not_found(name, problem, net::now())) spdlog::warn("{}", problem);
    notify("peers");
}

bool Node::is_own(Endpoint endpoint) const {
    auto const bound = door_->endpoint();
    return endpoint == own_ || endpoint == bound || (bound.address.is_unspecified() && endpoint.port == bound.port && endpoint.is_loopback());
}

webui::Outcome<webui::Done> Node::connect_peer(std::string const& written) {
    std::string const name{trim(written)};
    auto const refused = [](std::string sentence) { return webui::Refusal{400, "bad_request", std::move(sentence)}; };
    if (!net::NamedPeers::is_name(name)) return refused("\"" + name + "\" is not an address and port such as 192.0.2.1:6346, nor a name and port such as node.example.org:6346.");
    auto const endpoint = Endpoint::parse(name);
    if (endpoint && endpoint->is_unusable()) return refused(name + " cannot be the address of a node.");
    if (endpoint && is_own(*endpoint)) return refused(name + " is this node itself.");
    if (!named_peers_.add(name, net::now())) return refused("No more than " + std::to_string(net::NamedPeers::peers_max) + " peers can be named.");
    if (endpoint) overlay_->feed(overlay::UserConnect{*endpoint});
    else look_up_peers();
    notify("peers");
    return webui::Done{};
}

void Node::disconnect_peer(PeerId id) {
    if (auto const* const link = overlay_->core().link(id)) {
        named_peers_.forget(link->remote);
        if (auto const listening = link->listening()) named_peers_.forget(*listening);
    }
    overlay_->feed(overlay::UserDisconnect{id});
}

std::vector<webui::NamedPeerView> Node::named_peer_views() const {
    using State = net::NamedPeer::State;
    std::vector<webui::NamedPeerView> views;
    auto const& links = overlay_->core().links();
    for (auto const& one : named_peers_.list()) {
        webui::NamedPeerView view{one.name, one.endpoint ? one.endpoint->text() : "", {}, one.problem};
        bool const connected = one.endpoint && std::any_of(links.begin(), links.end(), [&](auto const& link) { return is_link_to(link, *one.endpoint); });
        if (connected) {
            view.state = "connected";
            view.problem.clear();
        } else if (one.state == State::failed) {
            view.state = "failed";
        } else if (one.state == State::connecting) {
            view.state = "connecting";
        } else {
            view.state = one.problem.empty() ? "looking_up" : "unknown_name";
        }
        views.push_back(std::move(view));
    }
    return views;
}

}  // namespace praline
