#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "node/base/bytes.hpp"
#include "node/base/endpoint.hpp"
#include "node/net/first_bytes.hpp"
#include "node/net/limits.hpp"

namespace praline::net {

/// The one listening port for peers: accepts, waits for the first bytes, hands the connection over with the protocol that they
/// are of. Silent connections never keep others out, however many and from however many addresses; and it stops accepting
/// before peers have taken the last descriptors.
/// @threads the io_context's one.
class PeerListener {
public:
    /// Gets the connection and what was read of it. Called for gnutella, http and giv, never after `stop`; the rest is closed here.
    using Handler = std::function<void(Protocol, boost::asio::ip::tcp::socket, Endpoint remote, Bytes read)>;

    /// Throws std::runtime_error with a sentence when the port cannot be had. Port 0: any free one.
    PeerListener(boost::asio::io_context& io, Endpoint listen, PeerListenerLimits limits, Handler handler);
    ~PeerListener();
    [[nodiscard]] Endpoint endpoint() const;
    /// Connections accepted from other machines or processes so far: above zero proves that we can be reached.
    [[nodiscard]] std::uint64_t accepted() const;
    /// Closes what has not been handed over too.
    void stop();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace praline::net
