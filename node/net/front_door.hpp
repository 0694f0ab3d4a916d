#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "node/base/bytes.hpp"
#include "node/base/endpoint.hpp"
#include "node/net/endpoints.hpp"
#include "node/net/first_bytes.hpp"
#include "node/net/limits.hpp"

namespace praline::net {

/// The one listening port: accepts, waits for the first octets, hands the connection to whoever speaks that protocol.
/// Silent connections never keep others out, however many and from however many addresses; and it stops accepting
/// before peers have taken the last descriptors.
/// Runs on the node's thread.
class FrontDoor {
public:
    /// Gets the connection and what was read of it. Called for gnutella, http and giv; the rest is closed here.
    using Handler = std::function<void(Protocol, boost::asio::ip::tcp::socket, Endpoint remote, Bytes read)>;

    /// Throws std::runtime_error with a sentence when the port cannot be had. Port 0: any free one.
    FrontDoor(boost::asio::io_context& io, Endpoint listen, FrontDoorLimits limits, Handler handler);
    ~FrontDoor();
    [[nodiscard]] Endpoint endpoint() const;
    /// Connections accepted from other machines or processes so far: above zero proves that we can be reached.
    [[nodiscard]] std::uint64_t accepted() const;
    void stop();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace praline::net
