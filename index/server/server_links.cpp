#include "index/server/server_links.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

#include "index/wire/codec.hpp"
#include "index/wire/limits.hpp"
#include "node/log/log.hpp"

namespace praline::index::server {

using replica::LinkId;

ServerLinks::ServerLinks(boost::asio::io_context& io, link::Ed25519Key const& key, Options options, OnEvent on_event,
                         std::function<void()> settle)
    : io_{io}, key_{key}, options_{std::move(options)}, on_event_{std::move(on_event)}, settle_{std::move(settle)} {}

void ServerLinks::welcome(link::FramedLinkPtr link, bool outgoing) {
    replica::LinkId const id{++last_link_};
    links_[id] = link;
    on_event_(replica::LinkUp{id, outgoing});
    link->start(
        [this, owner = owner_, id](ByteView frame) {
            if (auto const alive = owner.lock()) arrived(id, frame);
        },
        [this, owner = owner_, id](std::string const& why) {
            // Not at once: a link may break while it is written to.
            if (auto const alive = owner.lock())
                boost::asio::post(io_, [this, owner, id, why] {
                    if (auto const still_alive = owner.lock()) broken(id, why);
                });
        });
}

void ServerLinks::arrived(replica::LinkId id, ByteView frame) {
    auto const found = links_.find(id);
    if (stopped_ || found == links_.end()) return;
    auto message = decode_between_servers(frame);
    if (!message) {
        ++bad_frames_;
        last_refusal_ = "The server at " + found->second->remote().text() +
                        " sent a message that this one does not understand (" + to_string(message.error()) +
                        "): is it of another version of Praline?";
        log::warn("{}", last_refusal_);
        drop(id);
        on_event_(replica::LinkDown{id});
    } else {
        on_event_(replica::MessageArrived{id, message->envelope, std::move(message->message)});
    }
    settle_();
}

void ServerLinks::broken(replica::LinkId id, std::string const& why) {
    if (stopped_ || links_.erase(id) == 0) return;
    log::info("A link to another server is closed: {}", why);
    on_event_(replica::LinkDown{id});
    settle_();
}

void ServerLinks::drop(replica::LinkId id) {
    auto const found = links_.find(id);
    if (found == links_.end()) return;
    auto const link = std::move(found->second);
    links_.erase(found);
    // The link may be the one whose frame is just being read.
    boost::asio::post(io_, [link] { link->close(); });
}

void ServerLinks::on(replica::Connect const& action) {
    link::dial(io_, action.endpoint, key_, key_.public_key(), options_.limits,
               [this, owner = owner_, endpoint = action.endpoint](link::Dialled const& result) {
                   if (auto const alive = owner.lock()) dialled(endpoint, result);
               });
}

/// A server should be there: not being reached is trouble. One that was forgotten is looked for without.
bool ServerLinks::expects(Endpoint endpoint) const {
    return options_.join == endpoint || std::find(expected_.begin(), expected_.end(), endpoint) != expected_.end();
}

void ServerLinks::dialled(Endpoint endpoint, link::Dialled const& result) {
    if (stopped_) {
        if (result.link) result.link->close();
        return;
    }
    if (result.link && result.link->proof().group) {
        dial_troubles_.erase(endpoint);
        welcome(result.link, true);
        return settle_();
    }
    std::string sentence = "The server at " + endpoint.text() + " cannot be reached: " + result.problem;
    if (result.seen_key && *result.seen_key != key_.public_key())
        sentence = "The server at " + endpoint.text() + " is of another group: its key is " + result.seen_key->hex() +
                   ". Give both the same group secret (--group-secret).";
    if (expects(endpoint)) {
        if (dial_troubles_[endpoint] != sentence) log::warn("{}", sentence);
        dial_troubles_[endpoint] = sentence;
        if (dial_troubles_.size() > members_max) dial_troubles_.erase(dial_troubles_.begin());
    }
    if (result.link) result.link->close();
    on_event_(replica::ConnectFailed{endpoint});
    settle_();
}

void ServerLinks::on(replica::CloseLink const& action) {
    auto const found = links_.find(action.link);
    if (found == links_.end()) return;
    last_refusal_ = "The link to the server at " + found->second->remote().text() + " was closed: " + action.why;
    log::write(action.turned_away ? log::Level::warn : log::Level::info, last_refusal_);
    drop(action.link);
}

void ServerLinks::on(replica::Send const& action) {
    auto const found = links_.find(action.link);
    if (found != links_.end()) found->second->send(encode(action.envelope, action.message));
}

void ServerLinks::members_changed(std::vector<Member> const& members) {
    expected_.clear();
    for (auto const& member : members) expected_.push_back(member.endpoint);
    last_refusal_.clear();
    std::erase_if(dial_troubles_, [this](auto const& one) { return !expects(one.first); });
}

void ServerLinks::stop() {
    stopped_ = true;
    for (auto const& [id, link] : links_) link->close();
    links_.clear();
}

std::string ServerLinks::unreachable() const {
    return dial_troubles_.empty() ? std::string{} : dial_troubles_.begin()->second;
}

}  // namespace praline::index::server
