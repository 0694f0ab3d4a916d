#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>

#include "node/base/endpoint.hpp"

namespace praline::net {

[[nodiscard]] boost::asio::ip::address to_asio(Address const& address);
[[nodiscard]] boost::asio::ip::tcp::endpoint to_asio(Endpoint const& endpoint);
[[nodiscard]] boost::asio::ip::udp::endpoint to_asio_udp(Endpoint const& endpoint);
/// The zone of a link-local address is lost.
[[nodiscard]] Address from_asio(boost::asio::ip::address const& address);
[[nodiscard]] Endpoint from_asio(boost::asio::ip::tcp::endpoint const& endpoint);
[[nodiscard]] Endpoint from_asio(boost::asio::ip::udp::endpoint const& endpoint);

/// Of the addresses of a name the first of IPv4, else the first: most of the network is IPv4. @pre there is one.
[[nodiscard]] Endpoint preferred(boost::asio::ip::tcp::resolver::results_type const& found);

/// Opens `acceptor` and listens. An address that was in use a moment ago may be taken again.
/// One of IPv6 takes no IPv4 connections.
[[nodiscard]] boost::system::error_code listen_at(boost::asio::ip::tcp::acceptor& acceptor, Endpoint listen);

}  // namespace praline::net
