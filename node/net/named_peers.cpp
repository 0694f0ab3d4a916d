#include "node/net/named_peers.hpp"

#include <algorithm>

#include "node/base/host_port.hpp"

namespace praline::net {

bool NamedPeers::is_name(std::string_view text) { return HostPort::parse(text).has_value(); }

NamedPeer* NamedPeers::find(std::string const& name) {
    auto const at = std::find_if(peers_.begin(), peers_.end(), [&](NamedPeer const& one) { return one.name == name; });
    return at == peers_.end() ? nullptr : &*at;
}

bool NamedPeers::add(std::string const& name, Instant now) {
    auto* known = find(name);
    if (known == nullptr) {
        if (peers_.size() >= peers_max) return false;
        known = &peers_.emplace_back();
        known->name = name;
    }
    known->problem.clear();
    known->wait = look_up_again_first;
    if (known->state == NamedPeer::State::looking_up) return true;
    known->look_up_at = now;
    known->state = NamedPeer::State::waiting;
    if (auto const endpoint = Endpoint::parse(name)) found(name, *endpoint);
    return true;
}

std::vector<std::string> NamedPeers::due(Instant now) {
    std::vector<std::string> names;
    for (auto& one : peers_) {
        if (one.state != NamedPeer::State::waiting || one.look_up_at > now) continue;
        one.state = NamedPeer::State::looking_up;
        names.push_back(one.name);
    }
    return names;
}

bool NamedPeers::found(std::string const& name, Endpoint endpoint) {
    auto* const known = find(name);
    if (known == nullptr) return false;
    known->endpoint = endpoint;
    known->state = NamedPeer::State::connecting;
    known->problem.clear();
    return true;
}

bool NamedPeers::not_found(std::string const& name, std::string const& problem, Instant now) {
    auto* const known = find(name);
    if (known == nullptr) return false;
    bool const news = known->problem != problem;
    known->problem = problem;
    known->state = NamedPeer::State::waiting;
    known->look_up_at = now + known->wait;
    known->wait = std::min(2 * known->wait, look_up_again_max);
    return news;
}

void NamedPeers::failed(Endpoint endpoint, std::string const& problem) {
    for (auto& one : peers_) {
        if (one.endpoint != endpoint || one.state == NamedPeer::State::looking_up ||
            one.state == NamedPeer::State::waiting)
            continue;
        one.state = NamedPeer::State::failed;
        one.problem = problem;
    }
}

void NamedPeers::connected(Endpoint endpoint) {
    for (auto& one : peers_) {
        if (one.endpoint != endpoint) continue;
        one.state = NamedPeer::State::connecting;
        one.problem.clear();
    }
}

void NamedPeers::forget(Endpoint endpoint) {
    std::erase_if(peers_, [&](NamedPeer const& one) { return one.endpoint == endpoint; });
}

std::optional<NamedPeer> NamedPeers::forget(std::string_view name) {
    auto const endpoint = Endpoint::parse(name);
    auto at = std::find_if(peers_.begin(), peers_.end(), [&](NamedPeer const& one) { return one.name == name; });
    if (at == peers_.end() && endpoint)
        at = std::find_if(peers_.begin(), peers_.end(), [&](NamedPeer const& one) { return one.endpoint == endpoint; });
    if (at == peers_.end()) return std::nullopt;
    std::optional<NamedPeer> gone{std::move(*at)};
    peers_.erase(at);
    return gone;
}

bool NamedPeers::has(Endpoint endpoint) const {
    return std::any_of(peers_.begin(), peers_.end(), [&](NamedPeer const& one) { return one.endpoint == endpoint; });
}

}  // namespace praline::net
