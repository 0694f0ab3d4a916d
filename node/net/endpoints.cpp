#include "node/net/endpoints.hpp"

#include <algorithm>

#include <boost/asio/ip/v6_only.hpp>

namespace praline::net {
namespace asio = boost::asio;
using asio::ip::tcp;

asio::ip::address to_asio(Address const& address) {
    if (auto const number = address.v4_number()) return asio::ip::address_v4{*number};
    return asio::ip::address_v6{address.bytes()};
}

tcp::endpoint to_asio(Endpoint const& endpoint) { return {to_asio(endpoint.address), endpoint.port}; }
asio::ip::udp::endpoint to_asio_udp(Endpoint const& endpoint) { return {to_asio(endpoint.address), endpoint.port}; }

Address from_asio(asio::ip::address const& address) {
    return address.is_v4() ? Address::v4(address.to_v4().to_uint()) : Address::v6(address.to_v6().to_bytes());
}

Endpoint from_asio(tcp::endpoint const& endpoint) { return {from_asio(endpoint.address()), endpoint.port()}; }
Endpoint from_asio(asio::ip::udp::endpoint const& endpoint) { return {from_asio(endpoint.address()), endpoint.port()}; }

Endpoint preferred(tcp::resolver::results_type const& found) {
    auto const v4 =
        std::find_if(found.begin(), found.end(), [](auto const& one) { return one.endpoint().address().is_v4(); });
    return from_asio((v4 != found.end() ? v4 : found.begin())->endpoint());
}

boost::system::error_code listen_at(tcp::acceptor& acceptor, Endpoint listen) {
    boost::system::error_code error;
    auto const where = to_asio(listen);
    acceptor.open(where.protocol(), error);
    if (!error && listen.address.is_v6()) acceptor.set_option(asio::ip::v6_only{true}, error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address{true}, error);
    if (!error) acceptor.bind(where, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    return error;
}

}  // namespace praline::net
