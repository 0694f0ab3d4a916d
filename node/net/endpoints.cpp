#include "node/net/endpoints.hpp"

namespace praline::net {
namespace asio = boost::asio;
using asio::ip::tcp;

tcp::endpoint to_asio(Endpoint endpoint) {
    return {asio::ip::address_v4{endpoint.address}, endpoint.port};
}

Endpoint from_asio(tcp::endpoint const& endpoint) {
    auto const address = endpoint.address();
    if (address.is_v4()) return {address.to_v4().to_uint(), endpoint.port()};
    if (address.to_v6().is_v4_mapped()) {
        return {asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_uint(), endpoint.port()};
    }
    return {0, endpoint.port()};
}

boost::system::error_code listen_at(tcp::acceptor& acceptor, Endpoint listen) {
    boost::system::error_code error;
    acceptor.open(tcp::v4(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address{true}, error);
    if (!error) acceptor.bind(to_asio(listen), error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    return error;
}

}  // namespace praline::net
