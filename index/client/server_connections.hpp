#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>

#include "index/client/client_core.hpp"
#include "index/client/client_files.hpp"
#include "index/link/framed_link.hpp"
#include "index/link/keys.hpp"

/// A node's connections to index servers: opened and closed as the core says, frames in, messages out. A server that shows
/// another key than the group's is refused.   @threads the io_context's one.
namespace praline::index::client {

class ServerConnections {
public:
    /// Is given `Opened`, `Closed`, `FromServer` and `SentBytes`; also from within `send`.
    using Feed = std::function<void(ClientEvent)>;
    /// Throws std::runtime_error with a sentence: the directory, or a file in it.
    /// @param data_directory  keeps node.key and index.group in it.
    ServerConnections(boost::asio::io_context& io, std::string const& data_directory, Feed feed);
    /// @param owner  keeps this alive; nothing is fed after its end.
    void start(std::weak_ptr<void> owner) { owner_ = std::move(owner); }

    void open(Open const& action);
    /// Feeds nothing.
    void close(Close const& action);
    void send(ToServer const& action);

    /// Public key of this node.
    [[nodiscard]] PublisherId publisher() const { return key_.public_key(); }
    /// The key of the group, once a server has shown one.
    [[nodiscard]] std::optional<PublisherId> const& group_key() const { return pinned_.key(); }
    /// Why the group's key could not be written down, as a sentence; empty: it could, or there is none.
    [[nodiscard]] std::string const& trouble() const { return trouble_; }

private:
    void dialled(ConnectionId id, Endpoint to, link::Dialled result);
    [[nodiscard]] std::string accept_key(Endpoint to, std::optional<PublisherId> const& shown);
    void received(ConnectionId id, ByteView frame);
    void closed(ConnectionId id, std::string const& why);

    boost::asio::io_context& io_;
    Feed feed_;
    std::weak_ptr<void> owner_;
    link::Ed25519Key key_;
    PinnedKey pinned_;
    std::map<ConnectionId, link::FramedLinkPtr> links_;  ///< null: being opened
    std::string trouble_;
};

}  // namespace praline::index::client
