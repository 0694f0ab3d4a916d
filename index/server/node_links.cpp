#include "index/server/node_links.hpp"

#include <string>
#include <utility>

#include <boost/asio/post.hpp>

#include "index/wire/codec.hpp"

namespace praline::index::server {

NodeLinks::NodeLinks(boost::asio::io_context& io, Host host) : io_{io}, host_{std::move(host)} {}

void NodeLinks::welcome(link::FramedLinkPtr link) {
    SessionId const id{++last_session_};
    links_[id] = link;
    host_.opened(id, link->proof().key, link->remote());
    if (!links_.contains(id)) return;
    link->start(
        [this, owner = owner_, id](ByteView frame) {
            if (auto const alive = owner.lock(); alive && links_.contains(id)) host_.arrived(id, frame);
        },
        [this, owner = owner_, id](std::string const&) {
            // Not at once: a link may break while it is written to.
            if (auto const alive = owner.lock())
                boost::asio::post(io_, [this, owner, id] {
                    if (auto const still_alive = owner.lock()) broken(id);
                });
        });
}

void NodeLinks::broken(SessionId id) {
    if (links_.erase(id) > 0) host_.closed(id);
}

void NodeLinks::send(SessionId to, ToNode const& message) {
    auto const found = links_.find(to);
    if (found == links_.end()) return;
    auto frame = encode(message);
    bytes_sent_ += frame.size();
    found->second->send(std::move(frame));
}

void NodeLinks::close(SessionId session) {
    auto const found = links_.find(session);
    if (found == links_.end()) return;
    auto const link = std::move(found->second);
    links_.erase(found);
    // The link may be the one whose frame is just being read.
    boost::asio::post(io_, [link] { link->close(); });
}

void NodeLinks::stop() {
    for (auto const& [id, link] : links_) link->close();
    links_.clear();
}

}  // namespace praline::index::server
