#include "tools/bench/raw_peer.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace praline::bench {

namespace {

sockaddr_in address_of(Address const& host, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(host.v4_number().value());
    address.sin_port = htons(port);
    return address;
}

}  // namespace

int connect_to(Endpoint endpoint, std::optional<Address> from) {
    int const socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto here = from ? address_of(*from, 0) : sockaddr_in{};
    if (from && ::bind(socket, reinterpret_cast<sockaddr*>(&here), sizeof here) != 0)
        throw std::system_error{errno, std::generic_category(), "bind"};
    auto address = address_of(endpoint.address, endpoint.port);
    if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        throw std::system_error{errno, std::generic_category(), "connect"};
    }
    int const on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
}

void send_all(int socket, ByteView bytes) {
    while (!bytes.empty()) {
        auto const count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) throw std::system_error{errno, std::generic_category(), "send"};
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
}

RawPeer::RawPeer(Endpoint node, bool ultrapeer, bool deflate) : socket_{connect_to(node)} {
    std::string hello =
        "GNUTELLA CONNECT/0.6\r\nUser-Agent: praline-bench/0.1\r\nX-Query-Routing: 0.2\r\nX-Degree: 32\r\nX-Max-TTL: "
        "4\r\n"
        "X-Dynamic-Querying: 0.1\r\nPong-Caching: 0.1\r\nGGEP: 0.5\r\nVendor-Message: 0.2\r\nX-Ultrapeer: ";
    hello += ultrapeer ? "True\r\n" : "False\r\n";
    if (deflate) hello += "Accept-Encoding: deflate\r\n";
    send(as_view(hello + "\r\n"));
    std::string reply;
    std::array<char, 4096> buffer{};
    while (reply.find("\r\n\r\n") == std::string::npos) {
        auto const count = ::recv(socket_, buffer.data(), buffer.size(), 0);
        if (count <= 0) throw std::system_error{errno, std::generic_category(), "the handshake ended early"};
        reply.append(buffer.data(), static_cast<std::size_t>(count));
    }
    if (reply.find(" 200 ") == std::string::npos)
        throw std::system_error{ECONNREFUSED, std::generic_category(), reply.substr(0, reply.find('\r'))};
    send(as_view("GNUTELLA/0.6 200 OK\r\n\r\n"));
    auto const body = as_view(reply).subspan(reply.find("\r\n\r\n") + 4);
    rest_.assign(body.begin(), body.end());
}

RawPeer::RawPeer(RawPeer&& other) noexcept : socket_{std::exchange(other.socket_, -1)}, rest_{std::move(other.rest_)} {}
RawPeer::~RawPeer() {
    if (socket_ >= 0) ::close(socket_);
}
void RawPeer::send(ByteView bytes) { send_all(socket_, bytes); }

}  // namespace praline::bench
