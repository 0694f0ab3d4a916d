#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>

#include "node/base/bytes.hpp"
#include "node/base/endpoint.hpp"
#include "node/net/limits.hpp"

namespace praline::net {

/// What shares the one UDP port of a node.
enum class DatagramProtocol : std::uint8_t {
    gnutella,  ///< pings and pongs of host caches, answers out of band; and whatever is none of the others
    dht,       ///< a Gnutella header with a function byte of its own
};
inline constexpr std::size_t datagram_protocols = 2;

/// Tells protocols apart by the header that both begin with. Says nothing about the rest: what is cut off or garbage is for
/// the decoder of Gnutella to refuse.
/// @threads any: pure.   @source node/wire/protocol/messages.md
[[nodiscard]] DatagramProtocol recognise_datagram(ByteView datagram);

/// The node's UDP socket, shared by the protocols that have registered.
/// Datagrams may be lost, here as on their way: what does not fit into the queue, or cannot be sent, is dropped.
/// @threads the io_context's one.
class DatagramSocket {
public:
    /// The bytes live as long as the call. It may send, register, close and destroy the socket.
    using Receive = std::function<void(Endpoint from, ByteView datagram)>;

    DatagramSocket(boost::asio::io_context& io, DatagramLimits limits);
    ~DatagramSocket();
    DatagramSocket(DatagramSocket const&) = delete;
    DatagramSocket& operator=(DatagramSocket const&) = delete;

    /// Throws std::runtime_error with a sentence when the port cannot be had. Port 0: any free one.
    void open(Endpoint listen);
    /// Who gets the datagrams of a protocol; replaces the one before. Null: nobody. Those of a protocol that nobody has
    /// registered go to Gnutella, which drops and counts them.
    void on(DatagramProtocol protocol, Receive receive);
    /// Sends at once, or as soon as the system has room. Does nothing when the socket is not open.
    void send(Endpoint to, ByteView datagram);
    /// Where it is bound; nowhere when it is closed.
    [[nodiscard]] Endpoint endpoint() const;
    [[nodiscard]] std::size_t queued() const;
    /// Datagrams of ours that were given up: the queue was full, or the system refused them.
    [[nodiscard]] std::uint64_t dropped() const;
    /// What waits in the queue is dropped.
    void close();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace praline::net
