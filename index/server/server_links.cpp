#include <algorithm>

#include <spdlog/spdlog.h>
#include <boost/asio/post.hpp>

#include "index/server/server_impl.hpp"
#include "index/wire/codec.hpp"
#include "node/net/system_clock.hpp"

/// Connections of nodes and servers: one door for both; whoever proves to know the group's secret is a server.
namespace praline::index {

void IndexServer::Impl::welcome(FramedLinkPtr link) {
    if (stopped) return link->close();
    if (link->proof().group)
        welcome_server(std::move(link), false);
    else
        welcome_node(std::move(link));
    settle();
}

void IndexServer::Impl::welcome_node(FramedLinkPtr link) {
    SessionId const id{next_session++};
    node_links[id] = link;
    sessions.opened(id, link->proof().key, link->remote(), net::now());
    if (!node_links.contains(id)) return;
    auto const weak = weak_from_this();
    link->start(
        [weak, id](ByteView frame) {
            if (auto const self = weak.lock()) self->from_node(id, frame);
        },
        [weak, id, &context = io](std::string const&) {
            // Not at once: a link may break while it is written to.
            boost::asio::post(context, [weak, id] {
                auto const self = weak.lock();
                if (!self || self->stopped || self->node_links.erase(id) == 0) return;
                self->sessions.closed(id);
                self->settle();
            });
        });
}

void IndexServer::Impl::from_node(SessionId id, ByteView frame) {
    if (stopped) return;
    sessions.arrived(id, decode_from_node(frame), frame.size(), net::now());
    settle();
}

void IndexServer::Impl::send(SessionId to, ToNode const& message) {
    auto const found = node_links.find(to);
    if (found == node_links.end()) return;
    auto frame = encode(message);
    octets_to_nodes += frame.size();
    found->second->send(std::move(frame));
}

void IndexServer::Impl::close(SessionId session) {
    auto const found = node_links.find(session);
    if (found == node_links.end()) return;
    auto const link = std::move(found->second);
    node_links.erase(found);
    // The link may be the one whose frame is just being read.
    boost::asio::post(io, [link] { link->close(); });
}

void IndexServer::Impl::welcome_server(FramedLinkPtr link, bool outgoing) {
    LinkId const id{next_link++};
    server_links[id] = link;
    tell_replica(LinkUp{id, outgoing});
    auto const weak = weak_from_this();
    link->start(
        [weak, id](ByteView frame) {
            if (auto const self = weak.lock()) self->from_server(id, frame);
        },
        [weak, id, &context = io](std::string const& why) {
            boost::asio::post(context, [weak, id, why] {
                if (auto const self = weak.lock()) self->server_gone(id, why);
            });
        });
}

void IndexServer::Impl::from_server(LinkId id, ByteView frame) {
    auto const found = server_links.find(id);
    if (stopped || found == server_links.end()) return;
    auto message = decode_between_servers(frame);
    if (!message) {
        ++bad_server_frames;
        last_refusal = "The server at " + found->second->remote().text() +
                       " sent a message that this one does not understand (" + to_string(message.error()) +
                       "): is it of another version of Praline?";
        spdlog::warn("{}", last_refusal);
        drop_link(id);
        tell_replica(LinkDown{id});
    } else {
        tell_replica(MessageArrived{id, message->envelope, std::move(message->message)});
    }
    settle();
}

void IndexServer::Impl::server_gone(LinkId id, std::string const& why) {
    if (stopped || server_links.erase(id) == 0) return;
    spdlog::info("A link to another server is closed: {}", why);
    tell_replica(LinkDown{id});
    settle();
}

void IndexServer::Impl::drop_link(LinkId id) {
    auto const found = server_links.find(id);
    if (found == server_links.end()) return;
    auto const link = std::move(found->second);
    server_links.erase(found);
    boost::asio::post(io, [link] { link->close(); });
}

void IndexServer::Impl::on(Connect const& action) {
    dial(io, action.endpoint, key, key.public_key(), options.links,
         [weak = weak_from_this(), endpoint = action.endpoint](Dialled const& result) {
             if (auto const self = weak.lock()) self->dialled(endpoint, result);
         });
}

bool IndexServer::Impl::expects(Endpoint endpoint) const {
    return options.join == endpoint || std::any_of(known_members.begin(), known_members.end(),
                                                   [&](Member const& one) { return one.endpoint == endpoint; });
}

void IndexServer::Impl::dialled(Endpoint endpoint, Dialled const& result) {
    if (stopped) {
        if (result.link) result.link->close();
        return;
    }
    if (result.link && result.link->proof().group) {
        dial_troubles.erase(endpoint);
        welcome_server(result.link, true);
        return settle();
    }
    std::string sentence = "The server at " + endpoint.text() + " cannot be reached: " + result.problem;
    if (result.seen_key && *result.seen_key != key.public_key())
        sentence = "The server at " + endpoint.text() + " is of another group: its key is " + result.seen_key->hex() +
                   ". Give both the same group secret (--group-secret).";
    if (expects(endpoint)) {
        if (dial_troubles[endpoint] != sentence) spdlog::warn("{}", sentence);
        dial_troubles[endpoint] = sentence;
        if (dial_troubles.size() > members_max) dial_troubles.erase(dial_troubles.begin());
    }
    if (result.link) result.link->close();
    tell_replica(ConnectFailed{endpoint});
    settle();
}

void IndexServer::Impl::on(CloseLink const& action) {
    auto const found = server_links.find(action.link);
    if (found == server_links.end()) return;
    last_refusal = "The link to the server at " + found->second->remote().text() + " was closed: " + action.why;
    spdlog::log(action.turned_away ? spdlog::level::warn : spdlog::level::info, "{}", last_refusal);
    drop_link(action.link);
}

void IndexServer::Impl::on(Send const& action) {
    auto const found = server_links.find(action.link);
    if (found != server_links.end()) found->second->send(encode(action.envelope, action.message));
}

}  // namespace praline::index
