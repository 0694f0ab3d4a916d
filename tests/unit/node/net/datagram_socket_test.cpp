#include "node/net/datagram_socket.hpp"

#include <string>
#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/udp.hpp>
#include <catch2/catch.hpp>

#include "node/net/endpoints.hpp"
#include "unit/node/net/run_until.hpp"

namespace datagram_socket_test {
using namespace praline;
using boost::asio::ip::udp;
using net::DatagramProtocol;

namespace {

constexpr Endpoint any_port{0x7F000001, 0};

/// A header with this function byte, and nothing behind it.
Bytes message(unsigned char function, std::size_t bytes = 23) {
    Bytes datagram(bytes, std::byte{7});
    if (bytes > 16) datagram[16] = std::byte{function};
    return datagram;
}

struct Received {
    std::vector<std::pair<Endpoint, Bytes>> all;
    [[nodiscard]] net::DatagramSocket::Receive receiver() {
        return [this](Endpoint from, ByteView datagram) {
            all.emplace_back(from, Bytes(datagram.begin(), datagram.end()));
        };
    }
};

struct Pair {
    explicit Pair(net::DatagramLimits limits = {}) : here{io, limits}, there{io, limits} {
        here.open(any_port);
        there.open(any_port);
    }
    boost::asio::io_context io;
    net::DatagramSocket here, there;
    Received arrived;
};

}  // namespace

TEST_CASE("a DHT message is known by its function byte; all else counts as Gnutella") {
    CHECK(net::recognise_datagram(message(0x44)) == DatagramProtocol::dht);
    CHECK(net::recognise_datagram(message(0x44, 60)) == DatagramProtocol::dht);
    CHECK(net::recognise_datagram(message(0x44, 22)) == DatagramProtocol::gnutella);
    CHECK(net::recognise_datagram(message(0x00)) == DatagramProtocol::gnutella);
    CHECK(net::recognise_datagram({}) == DatagramProtocol::gnutella);
}

TEST_CASE("a datagram reaches the protocol that it is of, with the address that it came from") {
    Pair pair;
    Received dht;
    pair.there.on(DatagramProtocol::gnutella, pair.arrived.receiver());
    pair.there.on(DatagramProtocol::dht, dht.receiver());
    pair.here.send(pair.there.endpoint(), message(0x44));
    pair.here.send(pair.there.endpoint(), message(0x01));
    run_until(pair.io, [&] { return pair.arrived.all.size() + dht.all.size() == 2; });
    REQUIRE(dht.all.size() == 1);
    CHECK(dht.all[0] == std::pair{pair.here.endpoint(), message(0x44)});
    CHECK(pair.arrived.all[0] == std::pair{pair.here.endpoint(), message(0x01)});
}

TEST_CASE("a datagram of a protocol that nobody has registered goes to Gnutella") {
    Pair pair;
    Received dht;
    pair.there.on(DatagramProtocol::gnutella, pair.arrived.receiver());
    pair.there.on(DatagramProtocol::dht, dht.receiver());
    pair.there.on(DatagramProtocol::dht, nullptr);
    pair.here.send(pair.there.endpoint(), message(0x44));
    run_until(pair.io, [&] { return !pair.arrived.all.empty(); });
    CHECK(dht.all.empty());
}

TEST_CASE("a datagram over the limit is cut, and those that follow arrive") {
    Pair pair{{.bytes_max = 30, .received_at_once_max = 1}};
    pair.there.on(DatagramProtocol::gnutella, pair.arrived.receiver());
    pair.here.send(pair.there.endpoint(), message(1, 31));
    pair.here.send(pair.there.endpoint(), message(1, 30));
    pair.here.send(pair.there.endpoint(), {});
    run_until(pair.io, [&] { return pair.arrived.all.size() == 3; });
    CHECK(pair.arrived.all[0].second.size() == 30);
    CHECK(pair.arrived.all[1].second.size() == 30);
    CHECK(pair.arrived.all[2].second.empty());
}

TEST_CASE("a port where nothing listens does not end the socket") {
    Pair pair;
    pair.there.on(DatagramProtocol::gnutella, pair.arrived.receiver());
    auto const gone = [&] {
        net::DatagramSocket third{pair.io, {}};
        third.open(any_port);
        return third.endpoint();
    }();
    for (int times = 0; times < 3; ++times) pair.there.send(gone, message(1));
    pair.io.poll();
    pair.here.send(pair.there.endpoint(), message(1));
    run_until(pair.io, [&] { return !pair.arrived.all.empty(); });
}

TEST_CASE("a receiver may close the socket") {
    Pair pair;
    pair.there.on(DatagramProtocol::gnutella, [&](Endpoint, ByteView) {
        pair.arrived.all.emplace_back();
        pair.there.close();
    });
    pair.here.send(pair.there.endpoint(), message(1));
    pair.here.send(pair.there.endpoint(), message(1));
    run_until(pair.io, [&] { return !pair.arrived.all.empty(); });
    pair.here.close();
    pair.io.run();
    CHECK(pair.arrived.all.size() == 1);
    pair.there.send(any_port, message(1));
    CHECK(pair.there.dropped() == 0);
}

TEST_CASE("what the system refuses is counted") {
    Pair pair;
    pair.here.send(Endpoint{Address{}, 0}, message(1));
    CHECK(pair.here.dropped() == 1);
    CHECK(pair.here.queued() == 0);
}

TEST_CASE("a port that is taken is a sentence") {
    Pair pair;
    net::DatagramSocket second{pair.io, {}};
    CHECK_THROWS_WITH(second.open(pair.here.endpoint()),
                      Catch::Contains(pair.here.endpoint().text()) && Catch::Contains("--listen"));
}

}  // namespace datagram_socket_test
