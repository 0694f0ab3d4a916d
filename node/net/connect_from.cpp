#include "node/net/connect_from.hpp"

#include <netinet/in.h>

#include <boost/asio/detail/socket_option.hpp>
#include <boost/asio/error.hpp>

#include "node/net/descriptors.hpp"
#include "node/net/endpoints.hpp"

namespace praline::net {
namespace {

/// The port is chosen with the target known, so that one address is good for more than 28,000 connections.
using BindAddressOnly = boost::asio::detail::socket_option::boolean<IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT>;

}  // namespace

void open_from(boost::asio::ip::tcp::socket& socket, Address own_address, Endpoint to,
               boost::system::error_code& error) {
    socket.open(to.address.is_v4() ? boost::asio::ip::tcp::v4() : boost::asio::ip::tcp::v6(), error);
    if (!error && !is_for_peers(socket.native_handle())) {
        socket.close(error);
        error = boost::asio::error::no_descriptors;
    }
    if (error || own_address.is_unspecified() || own_address.is_v4() != to.address.is_v4()) return;
    if (own_address.is_loopback() && !to.is_loopback()) return;
    boost::system::error_code ignored;
    socket.set_option(BindAddressOnly{true}, ignored);
    socket.bind(to_asio(Endpoint{own_address, 0}), error);
}

}  // namespace praline::net
