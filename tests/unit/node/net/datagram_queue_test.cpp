#include "node/net/datagram_queue.hpp"

#include <catch2/catch.hpp>

namespace datagram_queue_test {
using namespace praline;

namespace {

boost::asio::ip::udp::endpoint const somewhere{boost::asio::ip::address_v4::loopback(), 9};

}  // namespace

TEST_CASE("datagrams leave the queue in the order in which they came") {
    net::DatagramQueue queue{{3, 100}};
    for (unsigned char number = 1; number <= 3; ++number)
        CHECK(queue.push(somewhere, Bytes(number, std::byte{number})));
    for (unsigned char number = 1; number <= 3; ++number) {
        CHECK(queue.front().to == somewhere);
        CHECK(queue.front().datagram == Bytes(number, std::byte{number}));
        queue.pop();
    }
    CHECK(queue.empty());
}

TEST_CASE("one datagram or one byte too many is not taken, until another has left") {
    auto const limits = GENERATE(net::DatagramQueue::Limits{2, 100}, net::DatagramQueue::Limits{100, 20});
    net::DatagramQueue queue{limits};
    CHECK(queue.push(somewhere, Bytes(10)));
    CHECK(queue.push(somewhere, Bytes(10)));
    CHECK_FALSE(queue.push(somewhere, Bytes(10)));
    CHECK(queue.size() == 2);
    queue.pop();
    CHECK(queue.push(somewhere, Bytes(10)));
    queue.clear();
    CHECK(queue.push(somewhere, Bytes(10)));
    CHECK(queue.size() == 1);
}

}  // namespace datagram_queue_test
