#include "index/client/links.hpp"

#include <algorithm>
#include <utility>

#include "index/client/client_limits.hpp"

namespace praline::index::client {
namespace {

/// Some sentences name the server already.
std::string named(Endpoint server, std::string const& why) {
    return why.find(server.text()) == std::string::npos ? server.text() + ": " + why : why;
}

}  // namespace

Links::Links(ClientOptions const& options, KnownServers& servers, Rng& rng, OnLost on_lost)
    : options_{options}, servers_{servers}, rng_{rng}, on_lost_{std::move(on_lost)} {}

Link* Links::find(ConnectionId id) {
    auto const found = std::find_if(links_.begin(), links_.end(), [&](auto const& link) { return link.id == id; });
    return found == links_.end() ? nullptr : &*found;
}

Link const* Links::find(std::optional<ConnectionId> id) const {
    if (!id) return nullptr;
    auto const found = std::find_if(links_.begin(), links_.end(), [&](auto const& link) { return link.id == *id; });
    return found == links_.end() ? nullptr : &*found;
}

bool Links::any_open() const {
    return std::any_of(links_.begin(), links_.end(), [](auto const& link) { return link.open; });
}

bool Links::any_being_opened() const {
    return std::any_of(links_.begin(), links_.end(), [](auto const& link) { return !link.open; });
}

void Links::open(Endpoint endpoint, bool probe, Instant now, ClientActions& out) {
    Link link;
    link.id = ConnectionId{++last_connection_};
    link.endpoint = endpoint;
    link.probe = probe;
    link.since = now;
    links_.push_back(link);
    servers_.opening(endpoint);
    out.emplace_back(Open{link.id, endpoint});
}

bool Links::opened(ConnectionId id, Instant now) {
    auto* const link = find(id);
    if (link == nullptr || link->open) return false;
    link->open = true;
    link->since = link->next_ping = now;
    return true;
}

void Links::closed(Closed const& event, Instant now, ClientActions& out) {
    auto const* const link = find(event.connection);
    if (link == nullptr) return;
    remove(event.connection, event.why, link->open ? Blame::broke : Blame::failed, By::host, now, out);
}

void Links::close(ConnectionId id, std::string const& why, Blame blame, Instant now, ClientActions& out) {
    remove(id, why, blame, By::us, now, out);
}

void Links::remove(ConnectionId id, std::string const& why, Blame blame, By by, Instant now, ClientActions& out) {
    auto const found = std::find_if(links_.begin(), links_.end(), [&](auto const& link) { return link.id == id; });
    if (found == links_.end()) return;
    auto const link = *found;
    links_.erase(found);
    servers_.closed(link.endpoint, blame, link.open && now - link.since >= ClientLimits::stable_after, now, rng_);
    if (blame != Blame::none && !why.empty()) last_trouble_ = named(link.endpoint, why);
    if (by == By::us) out.emplace_back(Close{id});
    on_lost_(id, now);
}

void Links::stop(ClientActions& out) {
    for (auto const& link : links_) out.emplace_back(Close{link.id});
    links_.clear();
}

Link* Links::heard_from(ConnectionId id) {
    auto* const link = find(id);
    if (link == nullptr || !link->open) return nullptr;
    link->asked.reset();
    return link;
}

void Links::pong(Link& link, Pong const& message, Instant now) {
    if (!link.pong_due || message.nonce != link.nonce) return;
    link.pong_due = false;
    link.measured = true;
    servers_.measured(link.endpoint, now - link.ping_sent, message.load, now);
}

void Links::close_silent(Instant now, ClientActions& out) {
    std::vector<ConnectionId> silent;
    for (auto const& link : links_)
        if (link.open && link.asked && now - *link.asked >= options_.silent_after) silent.push_back(link.id);
    for (auto const& link : links_)
        if (!link.open && now - link.since >= ClientLimits::open_within) silent.push_back(link.id);
    for (auto const id : silent) close(id, "It does not answer any more.", Blame::failed, now, out);
}

void Links::ping(std::optional<ConnectionId> primary, Duration primary_every, Instant now, ClientActions& out) {
    for (auto& link : links_) {
        if (!link.open || now < link.next_ping) continue;
        link.nonce = ++last_nonce_;
        link.ping_sent = now;
        link.pong_due = true;
        link.next_ping = now + jittered(primary == link.id ? primary_every : options_.ping_every, rng_);
        if (!link.asked) link.asked = now;
        out.emplace_back(ToServer{link.id, Ping{link.nonce}});
    }
}

void Links::deadlines(Deadline& next) const {
    for (auto const& link : links_) {
        if (!link.open) {
            next.take(link.since + ClientLimits::open_within);
            continue;
        }
        next.take(link.next_ping);
        if (link.asked) next.take(*link.asked + options_.silent_after);
    }
}

}  // namespace praline::index::client
