#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "node/base/bytes.hpp"
#include "node/base/endpoint.hpp"

namespace praline::bench {

/// A blocking Gnutella link that does the least: shakes hands, then carries raw bytes.
class RawPeer {
public:
    RawPeer(Endpoint node, bool ultrapeer, bool deflate);
    RawPeer(RawPeer&& other) noexcept;
    RawPeer(RawPeer const&) = delete;
    RawPeer& operator=(RawPeer const&) = delete;
    ~RawPeer();
    void send(ByteView bytes);
    [[nodiscard]] int socket() const { return socket_; }
    /// Bytes that came behind the handshake.
    [[nodiscard]] Bytes const& rest() const { return rest_; }

private:
    int socket_ = -1;
    Bytes rest_;
};

/// Connects to an IPv4 address, from one of this machine if it matters. Throws std::system_error.
[[nodiscard]] int connect_to(Endpoint endpoint, std::optional<Address> from = std::nullopt);
void send_all(int socket, ByteView bytes);

}  // namespace praline::bench
