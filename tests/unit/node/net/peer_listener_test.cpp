#include "node/net/peer_listener.hpp"

#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include "node/net/endpoints.hpp"
#include "unit/node/net/run_until.hpp"

namespace peer_listener_test {
using namespace praline;
using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

struct Arrived {
    net::Protocol protocol;
    tcp::socket socket;
    Endpoint remote;
    std::string read;
};

struct Fixture {
    explicit Fixture(net::PeerListenerLimits limits = {})
        : listener{io, Endpoint{0x7F000001, 0}, limits,
                   [this](net::Protocol protocol, tcp::socket socket, Endpoint remote, Bytes read) {
                       arrived.push_back({protocol, std::move(socket), remote, std::string{as_text(read)}});
                   }} {}
    tcp::socket call(std::string const& words) {
        tcp::socket socket{io};
        socket.connect(net::to_asio(listener.endpoint()));
        boost::asio::write(socket, boost::asio::buffer(words));
        return socket;
    }
    /// Until the listener has closed the connection.
    void wait_for_end(tcp::socket& socket) {
        bool ended = false;
        std::array<char, 1> byte{};
        boost::asio::async_read(socket, boost::asio::buffer(byte), [&](error_code, std::size_t) { ended = true; });
        run_until(io, [&] { return ended; });
    }

    boost::asio::io_context io;
    std::vector<Arrived> arrived;
    net::PeerListener listener;
};

}  // namespace

TEST_CASE("a connection is handed over with its protocol, and with what was read of it") {
    auto const [words, protocol] = GENERATE(table<std::string, net::Protocol>({
        {"GNUTELLA CONNECT/0.6\r\n", net::Protocol::gnutella},
        {"GET / HTTP/1.1\r\n\r\n", net::Protocol::http},
        {"GIV 1:00112233445566778899AABBCCDDEEFF/a\n\n", net::Protocol::giv},
    }));
    Fixture here;
    auto const caller = here.call(words);
    run_until(here.io, [&] { return !here.arrived.empty(); });
    CHECK(here.arrived[0].protocol == protocol);
    CHECK(here.arrived[0].remote == net::from_asio(caller.local_endpoint()));
    std::string rest(words.size() - here.arrived[0].read.size(), ' ');
    here.arrived[0].socket.non_blocking(false);
    boost::asio::read(here.arrived[0].socket, boost::asio::buffer(rest));
    CHECK(here.arrived[0].read + rest == words);
    CHECK(here.listener.accepted() == 1);
}

TEST_CASE("first bytes may come one by one") {
    Fixture here;
    auto caller = here.call("G");
    for (char const next : std::string{"IV "}) {
        here.io.poll();
        CHECK(here.arrived.empty());
        boost::asio::write(caller, boost::asio::buffer(&next, 1));
    }
    run_until(here.io, [&] { return !here.arrived.empty(); });
    CHECK(here.arrived[0].read == "GIV ");
}

TEST_CASE("what speaks another protocol, or nothing in time, is closed") {
    auto const words = GENERATE(as<std::string>{}, "\x16\x03\x01", "\n\n", "get / HTTP/1.1\r\n", "");
    net::PeerListenerLimits limits;
    if (words.empty()) limits.first_bytes_within = std::chrono::seconds{0};
    Fixture here{limits};
    auto caller = here.call(words);
    here.wait_for_end(caller);
    CHECK(here.arrived.empty());
    CHECK(here.listener.accepted() == 1);
}

TEST_CASE("silent connections give place to newcomers of the same address") {
    net::PeerListenerLimits limits;
    limits.undecided_per_address_max = 2;
    Fixture here{limits};
    auto first = here.call(""), second = here.call("");
    auto const third = here.call("GET / HTTP/1.1\r\n\r\n");
    here.wait_for_end(first);
    run_until(here.io, [&] { return !here.arrived.empty(); });
    CHECK(here.arrived[0].remote == net::from_asio(third.local_endpoint()));
    boost::asio::write(second, boost::asio::buffer("GIV ", 4));
    run_until(here.io, [&] { return here.arrived.size() == 2; });
}

TEST_CASE("a listener that is stopped hands nothing over, and closes what is undecided") {
    Fixture here;
    auto caller = here.call("G");
    run_until(here.io, [&] { return here.listener.accepted() == 1; });
    boost::asio::write(caller, boost::asio::buffer("IV ", 3));
    here.listener.stop();
    here.wait_for_end(caller);
    CHECK(here.arrived.empty());
}

TEST_CASE("a port of peers that is taken is a sentence") {
    Fixture here;
    boost::asio::io_context io;
    auto const again = [&] { net::PeerListener second{io, here.listener.endpoint(), {}, [](auto&&...) {}}; };
    CHECK_THROWS_WITH(again(), Catch::Contains(here.listener.endpoint().text()) && Catch::Contains("--listen"));
}

}  // namespace peer_listener_test
