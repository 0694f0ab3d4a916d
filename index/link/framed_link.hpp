#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>

#include "index/link/keys.hpp"
#include "node/base/bytes.hpp"
#include "node/base/endpoint.hpp"

/// Frames over TLS 1.3 over TCP: the shell that servers and nodes share. Asio and OpenSSL stay behind the .cpp.
namespace praline::index::link {

/// What the other side's certificate proved.
struct Proof {
    std::optional<PublisherId> key;  ///< empty: it showed none (a node that only asks)
    bool group = false;              ///< the key is our own: it knows the group's secret
};

struct LinkLimits {
    std::size_t queue_bytes_max = 16U << 20;  ///< waiting to be sent; over it the link is closed as too slow
    std::uint32_t handshake_ms_max = 5000;    ///< TCP and TLS together
    std::uint32_t handshakes_max =
        256;  ///< of one listener, at once; then the oldest of the address with most is evicted
    std::uint32_t handshakes_of_address_max =
        32;  ///< then its own oldest is evicted; many honest nodes may share one address
    std::uint32_t links_of_address_max = 256;  ///< of one listener
};

/// One open connection. Who drops the last pointer without close() breaks it off at once; nothing is called back then.
/// @threads the io_context's one.
class FramedLink {
public:
    virtual ~FramedLink() = default;
    /// @param on_frame   a frame without its length; the bytes live as long as the call.
    /// @param on_closed  once, never after close(): a sentence why.
    /// Both are kept until the link is closed, so they must not own it.
    virtual void start(std::function<void(ByteView)> on_frame, std::function<void(std::string const&)> on_closed) = 0;
    /// Queues what `encode` made; what is sent within one event goes out together. After a failure it does nothing.
    virtual void send(Bytes frame) = 0;
    /// Sends what is queued, for two seconds at most, then closes; nothing is called back any more.
    virtual void close() = 0;
    [[nodiscard]] virtual std::size_t queued_bytes() const = 0;
    [[nodiscard]] virtual std::uint64_t bytes_in() const = 0;
    [[nodiscard]] virtual std::uint64_t bytes_out() const = 0;  ///< before encryption
    [[nodiscard]] virtual Endpoint remote() const = 0;
    [[nodiscard]] virtual Proof const& proof() const = 0;
};
using FramedLinkPtr = std::shared_ptr<FramedLink>;

struct Dialled {
    FramedLinkPtr link;  ///< null: `problem` says why
    std::string problem;
    std::optional<PublisherId> seen_key;  ///< what the other side showed, also when it was not the one expected
};

/// Shows the certificate of `own`. `done` is called once, never before this returns. @param expected  the key that the other side must show; empty: any.
void dial(boost::asio::io_context& io, Endpoint to, Ed25519Key const& own, std::optional<PublisherId> expected,
          LinkLimits const& limits, std::function<void(Dialled)> done);

}  // namespace praline::index::link
