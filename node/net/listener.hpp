#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include "node/base/endpoint.hpp"

namespace praline::net {

/// A connection that a `Listener` has accepted.
struct AcceptedConnection {
    boost::asio::ip::tcp::socket socket;
    Endpoint remote;
    std::shared_ptr<void> place;  ///< counts as a connection of its address until the last copy is dropped
};

struct ListenerOptions {
    std::chrono::milliseconds retry_after{1000};  ///< until accepting goes on when there are too few descriptors
    bool for_peers = false;                       ///< leaves the last descriptors to the user, see `is_for_peers`
    std::optional<std::size_t>
        connections_of_address_max{};  ///< one more is refused; an address of IPv6 counts by its /64
};

/// Accepts TCP connections at one address until it is closed. When there are too few file descriptors it says so once in the
/// log, and tries again after a while; those that connect in the meantime are kept by the system.
/// @threads the io_context's one.
class Listener {
public:
    /// Called from the io_context, never after `close`; it may close or destroy the listener. It is kept until the system has
    /// confirmed the end, so it must not own the listener.
    using Handler = std::function<void(AcceptedConnection)>;

    Listener(boost::asio::io_context& io, ListenerOptions options);
    ~Listener();
    Listener(Listener const&) = delete;
    Listener& operator=(Listener const&) = delete;

    /// Takes the address; connections wait in the system's queue until `start`. Port 0: any free one.
    [[nodiscard]] boost::system::error_code open(Endpoint listen);
    /// Begins to accept. @pre `open` went well, and this was not called before.
    void start(Handler handler);
    /// Where it listens, with the port that it got; nowhere when it is closed.
    [[nodiscard]] Endpoint endpoint() const;
    /// Connections handed over so far.
    [[nodiscard]] std::uint64_t accepted() const;
    /// Connections closed at once, because their address had as many as it may.
    [[nodiscard]] std::uint64_t refused() const;
    /// Connections that were handed over stay.
    void close();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace praline::net
