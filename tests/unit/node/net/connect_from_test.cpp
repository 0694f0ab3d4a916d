#include "node/net/connect_from.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

namespace connect_from_test {
using namespace praline;
using boost::asio::ip::tcp;

namespace {

/// Where a connection to `to` would come from; nothing is connected.
std::string origin(Address own_address, Endpoint to) {
    boost::asio::io_context io;
    tcp::socket socket{io};
    boost::system::error_code error;
    net::open_from(socket, own_address, to, error);
    if (error) return error.message();
    CHECK(socket.is_open());
    return socket.local_endpoint().address().to_string();
}

constexpr Address loopback_five = Address::v4(0x7F000005);
constexpr Endpoint neighbour{0x7F000009, 6346};
constexpr Endpoint far_away{0xC6336401, 6346};

}  // namespace

TEST_CASE("a connection comes from the address that we listen at") {
    CHECK(origin(loopback_five, neighbour) == "127.0.0.5");
}

TEST_CASE("a node that listens everywhere lets the system choose where its connections come from") {
    CHECK(origin({}, neighbour) == "0.0.0.0");
}

TEST_CASE("a node that listens on loopback alone can still reach other networks") {
    CHECK(origin(loopback_five, far_away) == "0.0.0.0");
}

TEST_CASE("an address that is not ours is an error, not another address") {
    boost::asio::io_context io;
    tcp::socket socket{io};
    boost::system::error_code error;
    net::open_from(socket, Address::v4(0xC6336401), far_away, error);
    CHECK(error);
}

}  // namespace connect_from_test
