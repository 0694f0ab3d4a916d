#include "index/client/server_connections.hpp"

#include <stdexcept>
#include <utility>

#include "index/wire/codec.hpp"
#include "node/log/log.hpp"
#include "node/store/key_file.hpp"

namespace praline::index::client {

ServerConnections::ServerConnections(boost::asio::io_context& io, std::string const& data_directory, Feed feed)
    : io_{io},
      feed_{std::move(feed)},
      key_{store::load_or_create_key(data_directory + "/node.key")},
      pinned_{data_directory + "/index.group"} {}

void ServerConnections::open(Open const& action) {
    links_[action.connection] = nullptr;
    link::dial(io_, action.endpoint, key_, pinned_.key(), {},
               [this, owner = owner_, id = action.connection, to = action.endpoint](link::Dialled result) {
                   if (auto const alive = owner.lock()) dialled(id, to, std::move(result));
               });
}

void ServerConnections::dialled(ConnectionId id, Endpoint to, link::Dialled result) {
    auto const place = links_.find(id);
    if (place == links_.end()) {
        if (result.link) result.link->close();
        return;
    }
    bool const another_key = pinned_.key() && result.seen_key && *result.seen_key != *pinned_.key();
    if (!result.link && !another_key) return closed(id, result.problem);
    if (auto const why = accept_key(to, result.seen_key); !why.empty()) {
        log::warn("{}", why);
        if (result.link) result.link->close();
        return closed(id, why);
    }
    place->second = std::move(result.link);
    place->second->start(
        [this, owner = owner_, id](ByteView frame) {
            if (auto const alive = owner.lock()) received(id, frame);
        },
        [this, owner = owner_, id](std::string const& why) {
            if (auto const alive = owner.lock()) closed(id, why);
        });
    feed_(Opened{id});
}

/// Why it is not accepted; empty: it is. The first one of all is kept.
std::string ServerConnections::accept_key(Endpoint to, std::optional<PublisherId> const& shown) {
    if (!shown) return "The index server at " + to.text() + " does not prove who it is.";
    if (pinned_.key()) return *shown == *pinned_.key() ? std::string{} : pinned_.refusal(to);
    try {
        pinned_.pin(*shown);
    } catch (std::runtime_error const& error) {
        trouble_ = error.what();  // the key holds until the node ends
    }
    log::info("The index group's key is {} from now on, as {} has shown it.", shown->hex(), to.text());
    return {};
}

void ServerConnections::received(ConnectionId id, ByteView frame) {
    auto const place = links_.find(id);
    if (place == links_.end()) return;
    auto message = decode_to_node(frame);
    if (!message) {
        if (auto const link = std::exchange(place->second, nullptr)) link->close();
        return closed(id, std::string{"It sent what cannot be read ("} + to_string(message.error()) + ").");
    }
    feed_(FromServer{id, std::move(*message), frame.size() + sizeof(std::uint32_t)});
}

void ServerConnections::closed(ConnectionId id, std::string const& why) {
    if (links_.erase(id) > 0) feed_(Closed{id, why});
}

void ServerConnections::close(Close const& action) {
    auto const place = links_.find(action.connection);
    if (place == links_.end()) return;
    auto const link = std::move(place->second);
    links_.erase(place);
    if (link) link->close();
}

void ServerConnections::send(ToServer const& action) {
    auto const place = links_.find(action.connection);
    if (place == links_.end() || !place->second) return;
    auto frame = encode(action.message);
    if (auto const* const search = std::get_if<Search>(&action.message))
        feed_(SentBytes{action.connection, search->request, frame.size()});
    place->second->send(std::move(frame));
}

}  // namespace praline::index::client
