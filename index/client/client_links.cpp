// Connections: opened, pinged, left when they are silent.
#include <algorithm>

#include "index/client/client_impl.hpp"

namespace praline::index {
namespace {

/// Some sentences name the server already.
std::string named(Endpoint server, std::string const& why) {
    return why.find(server.text()) == std::string::npos ? server.text() + ": " + why : why;
}

}  // namespace

Link* ClientCore::Impl::find(ConnectionId id) {
    auto const found = std::find_if(links_.begin(), links_.end(), [&](auto const& link) { return link.id == id; });
    return found == links_.end() ? nullptr : &*found;
}

Link const* ClientCore::Impl::find(std::optional<ConnectionId> id) const {
    return id ? const_cast<Impl*>(this)->find(*id) : nullptr;
}

void ClientCore::Impl::open(Endpoint endpoint, bool probe, Instant now, ClientActions& out) {
    Link link;
    link.id = ConnectionId{++last_connection_};
    link.endpoint = endpoint;
    link.probe = probe;
    link.since = now;
    links_.push_back(link);
    servers_.opening(endpoint);
    out.emplace_back(Open{link.id, endpoint});
}

void ClientCore::Impl::on(Opened const& event, Instant now, ClientActions&) {
    auto* const link = find(event.connection);
    if (link == nullptr || link->open) return;
    link->open = true;
    link->since = link->heard = link->next_ping = now;
    if (!primary_ && !choose_by_) choose_by_ = now + ClientLimits::choose_within;
}

void ClientCore::Impl::on(Closed const& event, Instant now, ClientActions& out) {
    auto const* const link = find(event.connection);
    if (link == nullptr) return;
    lose(event.connection, event.why, link->open ? Blame::broke : Blame::failed, false, now, out);
}

void ClientCore::Impl::lose(ConnectionId id, std::string why, Blame blame, bool tell, Instant now, ClientActions& out) {
    auto const found = std::find_if(links_.begin(), links_.end(), [&](auto const& link) { return link.id == id; });
    if (found == links_.end()) return;
    auto const link = *found;
    links_.erase(found);
    servers_.closed(link.endpoint, blame, link.open && now - link.since >= ClientLimits::stable_after, now, rng_);
    if (blame != Blame::none && !why.empty()) last_trouble_ = named(link.endpoint, why);
    if (tell) out.emplace_back(Close{id});
    searches_.connection_lost(id);
    if (standby_ == id) standby_.reset();
    if (primary_ != id) return;
    primary_.reset();
    lost_primary_ = true;
    choose_by_ = now;
    signed_in_ = SignedIn::no;
    lease_ = {};
    pipeline_.stop();
}

void ClientCore::Impl::on(FromServer const& event, Instant now, ClientActions& out) {
    auto* const link = find(event.connection);
    if (link == nullptr || !link->open || stopped_) return;
    link->heard = now;
    link->asked.reset();
    if (auto const* const found = std::get_if<Found>(&event.message))
        return take(*link, *found, event.octets, now, out);
    if (auto const* const pong = std::get_if<Pong>(&event.message)) return take(*link, *pong, now);
    if (auto const* const refused = std::get_if<Refused>(&event.message)) {
        if (refused->request != 0) return search_refused(*link, *refused, event.octets);
        return take(*link, *refused, now, out);
    }
    if (auto const* const leaving = std::get_if<Leaving>(&event.message)) return take(*link, *leaving, now, out);
    // The rest is of the session, and of no meaning from a server where we have none.
    if (primary_ != link->id || signed_in_ == SignedIn::no) return;
    if (auto const* const welcome = std::get_if<Welcome>(&event.message)) return take(*link, *welcome, now, out);
    if (signed_in_ != SignedIn::yes) return;
    if (auto const* const published = std::get_if<Published>(&event.message)) return take(*link, *published, now, out);
    if (auto const* const behind = std::get_if<Behind>(&event.message)) return take(*link, *behind, now, out);
}

void ClientCore::Impl::take(Link& link, Pong const& message, Instant now) {
    servers_changed_ |= servers_.learn(message.members, link.endpoint);
    if (!link.pong_due || message.nonce != link.nonce) return;
    link.pong_due = false;
    link.measured = true;
    servers_.measured(link.endpoint, now - link.ping_sent, message.load, now);
}

void ClientCore::Impl::take(Link& link, Leaving const& message, Instant now, ClientActions& out) {
    auto const endpoint = link.endpoint;
    servers_changed_ |= servers_.learn(message.members, endpoint);
    servers_.rest_until(endpoint, now + jittered(ClientLimits::leaving_rest, rng_));
    link.leaving = true;
    // There is no hurry: while nobody else is there, it still answers.
    bool const other =
        std::any_of(links_.begin(), links_.end(), [](auto const& one) { return one.open && !one.leaving; });
    if (other || primary_ != link.id) lose(link.id, "The server is leaving.", Blame::none, true, now, out);
}

Duration ClientCore::Impl::ping_every() const {
    if (lease_ <= Duration{0}) return options_.ping_every;
    return std::clamp(lease_ / 3, std::min(ClientLimits::ping_every_min, options_.ping_every), options_.ping_every);
}

void ClientCore::Impl::drop_silent(Instant now, ClientActions& out) {
    std::vector<ConnectionId> silent;
    for (auto const& link : links_)
        if (link.open && link.asked && now - *link.asked >= options_.silent_after) silent.push_back(link.id);
    for (auto const& link : links_)
        if (!link.open && now - link.since >= ClientLimits::open_within) silent.push_back(link.id);
    for (auto const id : silent) lose(id, "It does not answer any more.", Blame::failed, true, now, out);
}

void ClientCore::Impl::ping(Instant now, ClientActions& out) {
    for (auto& link : links_) {
        if (!link.open || now < link.next_ping) continue;
        link.nonce = ++last_nonce_;
        link.ping_sent = now;
        link.pong_due = true;
        link.next_ping = now + jittered(primary_ == link.id ? ping_every() : options_.ping_every, rng_);
        if (!link.asked) link.asked = now;
        out.emplace_back(ToServer{link.id, Ping{link.nonce}});
    }
}

void ClientCore::Impl::link_deadlines(Deadline& next) const {
    for (auto const& link : links_) {
        if (!link.open) {
            next.take(link.since + ClientLimits::open_within);
            continue;
        }
        next.take(link.next_ping);
        if (link.asked) next.take(*link.asked + options_.silent_after);
    }
}

}  // namespace praline::index
