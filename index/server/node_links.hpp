#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include <boost/asio/io_context.hpp>

#include "index/link/framed_link.hpp"
#include "index/server/address_shares.hpp"
#include "index/wire/client_messages.hpp"

/// The connections of nodes: frames in, messages out.
namespace praline::index::server {

/// @threads the io_context's one.
class NodeLinks {
public:
    /// Is told of each connection; none of it is called after `stop`.
    struct Host {
        std::function<void(SessionId, std::optional<PublisherId> key, Endpoint remote)> opened;
        std::function<void(SessionId, ByteView frame)> arrived;
        std::function<void(SessionId)> closed;  ///< by the other side, or it broke
    };
    NodeLinks(boost::asio::io_context& io, Host host);
    /// @param owner  keeps this alive; callbacks that come after its end do nothing.
    void start(std::weak_ptr<void> owner) { owner_ = std::move(owner); }

    void welcome(link::FramedLinkPtr link);
    void send(SessionId to, ToNode const& message);
    /// What was sent still goes out. `Host::closed` is not called.
    void close(SessionId session);
    void stop();
    [[nodiscard]] std::uint64_t bytes_sent() const { return bytes_sent_; }

private:
    void broken(SessionId id);

    boost::asio::io_context& io_;
    Host host_;
    std::weak_ptr<void> owner_;
    std::map<SessionId, link::FramedLinkPtr> links_;
    std::uint64_t last_session_ = 0;
    std::uint64_t bytes_sent_ = 0;
};

}  // namespace praline::index::server
