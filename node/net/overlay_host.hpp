#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "node/base/bytes.hpp"
#include "node/net/datagram_socket.hpp"
#include "node/net/limits.hpp"
#include "node/overlay/overlay.hpp"

namespace praline::net {

/// Gives the overlay core its sockets, its timer and the time. Runs on the node's thread. Nothing that is fed from within
/// `Upward` may be a view: it is handled later.
class OverlayHost {
public:
    /// Actions that are not about sockets go to `upward`, in order; it may call `feed` from there.
    using Upward = std::function<void(overlay::Action const&)>;

    /// @param datagrams  the node's UDP socket, whose Gnutella datagrams go to the overlay until this is destroyed.
    /// @param bound  what the node listens at, address 0 for all: links that we make come from its address.
    OverlayHost(boost::asio::io_context& io, DatagramSocket& datagrams, Endpoint bound, overlay::Config config, Rng rng,
                OverlayHostLimits limits, Upward upward);
    ~OverlayHost();

    /// Called when a connection that we opened ended before the link was up: to whom, and why, as a sentence.
    using CallFailed = std::function<void(Endpoint to, std::string const& why)>;
    void on_call_failed(CallFailed act);

    /// Bytes a second that are sent on all links and in datagrams together; 0, as at first: no limit. Holds at once. Links
    /// take turns; handshakes and datagrams count, but do not wait. False: it is the rate already.
    bool set_send_rate(std::uint64_t bytes_per_second);

    void feed(overlay::Event event);
    /// Takes over a connection that began with "GNUTELLA CONNECT/".
    void adopt(boost::asio::ip::tcp::socket socket, Endpoint remote, Bytes read);
    [[nodiscard]] overlay::Overlay const& core() const;
    /// Says Bye; `done` is called when all links are closed.
    void shut_down(std::function<void()> done);

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace praline::net
