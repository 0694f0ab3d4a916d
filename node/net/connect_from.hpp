#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "node/base/endpoint.hpp"

namespace praline::net {

/// Opens `socket` for a connection to `to` that comes from `own_address`, the one we listen at: others hold addresses
/// against each other, and with several on a machine the kernel would choose another. The unspecified
/// address, one of the other family, or a loopback address towards any other network: the kernel chooses.
void open_from(boost::asio::ip::tcp::socket& socket, Address own_address, Endpoint to,
               boost::system::error_code& error);

}  // namespace praline::net
