#include "node/net/connect_from.hpp"

#include <netinet/in.h>

#include <boost/asio/detail/socket_option.hpp>
#include <boost/asio/error.hpp>

#include "node/net/descriptors.hpp"

namespace praline::net {
namespace {

/// The port is chosen with the target known, so that one address is good for more than 28,000 connections.
using BindAddressOnly = boost::asio::detail::socket_option::boolean<IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT>;

bool is_loopback(std::uint32_t address) { return (address >> 24) == 127; }

}  // namespace

void open_from(boost::asio::ip::tcp::socket& socket, std::uint32_t own_address, Endpoint to, boost::system::error_code& error) {
    socket.open(boost::asio::ip::tcp::v4(), error);
    if (!error && !is_for_peers(socket.native_handle())) {
        socket.close(error);
        error = boost::asio::error::no_descriptors;
    }
    if (error || own_address == 0 || (is_loopback(own_address) && !is_loopback(to.address))) return;
    boost::system::error_code ignored;
    socket.set_option(BindAddressOnly{true}, ignored);
    socket.bind({boost::asio::ip::address_v4{own_address}, 0}, error);
}

}  // namespace praline::net
