#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "node/base/endpoint.hpp"

namespace praline::net {

[[nodiscard]] boost::asio::ip::tcp::endpoint to_asio(Endpoint endpoint);
/// Mapped IPv6 becomes IPv4; real IPv6 becomes 0.0.0.0.
[[nodiscard]] Endpoint from_asio(boost::asio::ip::tcp::endpoint const& endpoint);

/// Opens `acceptor` and listens. An address that was in use a moment ago may be taken again.
[[nodiscard]] boost::system::error_code listen_at(boost::asio::ip::tcp::acceptor& acceptor, Endpoint listen);

}  // namespace praline::net
