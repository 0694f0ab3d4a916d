#include "node/net/overlay_host.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include "node/base/text.hpp"
#include "node/net/endpoints.hpp"
#include "node/net/peer_listener.hpp"
#include "unit/node/net/run_until.hpp"

namespace overlay_host_test {
using namespace praline;
using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr Endpoint any_port{0x7F000001, 0};

/// One node: overlay, UDP socket and port, without a search engine above it.
struct Node {
    explicit Node(boost::asio::io_context& context, net::OverlayHostLimits limits = {}) : io{context} {
        datagrams.open(any_port);
        overlay::Config config;
        config.mode = overlay::Mode::ultrapeer;
        config.listen = listener.endpoint();
        host = std::make_unique<net::OverlayHost>(io, datagrams, any_port, config, Rng{1}, limits,
                                                  [this](overlay::Action const& action) { take(action); });
        host->on_call_failed([this](Endpoint to, std::string const& why) { failed_calls.emplace_back(to, why); });
        host->feed(overlay::Start{});
    }
    void take(overlay::Action const& action) {
        if (auto const* const up = std::get_if<overlay::LinkUp>(&action)) links_up.push_back(up->peer);
        if (auto const* const down = std::get_if<overlay::LinkDown>(&action)) {
            links_down.push_back(down->peer);
            byes += down->reason == overlay::CloseReason::bye_received ? 1 : 0;
        }
    }
    void call(Endpoint to) { host->feed(overlay::UserConnect{to}); }

    boost::asio::io_context& io;
    std::vector<PeerId> links_up, links_down;
    unsigned byes = 0;
    std::vector<std::pair<Endpoint, std::string>> failed_calls;
    net::DatagramSocket datagrams{io, {}};
    std::unique_ptr<net::OverlayHost> host;
    net::PeerListener listener{
        io, any_port, {}, [this](net::Protocol, tcp::socket socket, Endpoint remote, Bytes read) {
            if (host) host->adopt(std::move(socket), remote, std::move(read));
        }};
};

/// A port that the test answers by hand.
struct Port {
    explicit Port(boost::asio::io_context& context) : io{context} {}
    [[nodiscard]] Endpoint endpoint() const { return net::from_asio(acceptor.local_endpoint()); }
    tcp::socket accept() {
        std::optional<tcp::socket> accepted;
        acceptor.async_accept([&](error_code error, tcp::socket socket) {
            REQUIRE_FALSE(error);
            accepted = std::move(socket);
        });
        run_until(io, [&] { return accepted.has_value(); });
        return std::move(*accepted);
    }
    boost::asio::io_context& io;
    tcp::acceptor acceptor{io, net::to_asio(any_port)};
};

/// Up to the empty line.
std::string read_block(boost::asio::io_context& io, tcp::socket& socket) {
    std::string text;
    bool read = false;
    boost::asio::async_read_until(socket, boost::asio::dynamic_buffer(text), "\r\n\r\n",
                                  [&](error_code error, std::size_t) {
                                      CHECK_FALSE(error);
                                      read = true;
                                  });
    run_until(io, [&] { return read; });
    return text;
}

void wait_for_end(boost::asio::io_context& io, tcp::socket& socket) {
    bool ended = false;
    std::array<char, 4096> bytes{};
    std::function<void()> read = [&] {
        socket.async_read_some(boost::asio::buffer(bytes), [&](error_code error, std::size_t) {
            ended = bool{error};
            if (!ended) read();
        });
    };
    read();
    run_until(io, [&] { return ended; });
}

}  // namespace

TEST_CASE("two overlays link over sockets, exchange messages and part with a Bye") {
    boost::asio::io_context io;
    Node here{io}, there{io};
    here.call(there.listener.endpoint());
    run_until(io, [&] { return !here.links_up.empty() && !there.links_up.empty(); });
    auto const of = [](Node& node) { return node.host->core().link(node.links_up[0]); };
    CHECK(of(here)->listening() == there.listener.endpoint());
    CHECK(of(there)->remote.address == here.listener.endpoint().address);
    // Each greets the other by a ping, and a ping is answered.
    run_until(io, [&] { return of(here)->messages_in >= 2 && of(there)->messages_in >= 2; });
    CHECK(here.failed_calls.empty());

    bool done = false;
    here.host->shut_down([&] { done = true; });
    run_until(io, [&] { return done && !there.links_down.empty(); });
    CHECK(here.links_down == here.links_up);
    CHECK(there.links_down == there.links_up);
    CHECK(there.host->core().links().empty());
}

TEST_CASE("a limit holds messages back, but neither handshakes nor the end") {
    boost::asio::io_context io;
    Node here{io}, there{io};
    for (auto* const node : {&here, &there}) CHECK(node->host->set_send_rate(1));
    CHECK_FALSE(here.host->set_send_rate(1));
    here.call(there.listener.endpoint());
    run_until(io, [&] { return !here.links_up.empty() && !there.links_up.empty(); });
    auto const of = [](Node& node) { return node.host->core().link(node.links_up[0]); };
    // A ping takes half a minute at one byte a second. Those of the caller come with its handshake.
    io.run_for(std::chrono::milliseconds{200});
    CHECK(of(here)->messages_in == 0);
    CHECK(of(there)->messages_out > 0);
    SECTION("they go when the limit is lifted") {
        here.host->set_send_rate(0);
        there.host->set_send_rate(0);
        run_until(io, [&] { return of(here)->messages_in >= 2 && of(there)->messages_in >= 2; });
    }
    SECTION("a node says Bye without waiting") {
        bool done = false;
        here.host->shut_down([&] { done = true; });
        run_until(io, [&] { return done && !there.links_down.empty(); });
        CHECK(there.byes == 1);
    }
    SECTION("a link that is lost waits for nothing more") {
        there.host.reset();
        run_until(io, [&] { return !here.links_down.empty(); });
        here.host->set_send_rate(0);
        io.run_for(std::chrono::milliseconds{50});
    }
}

TEST_CASE("a handshake that comes in pieces is one") {
    boost::asio::io_context io;
    Node node{io};
    tcp::socket caller{io};
    caller.connect(net::to_asio(node.listener.endpoint()));
    caller.set_option(tcp::no_delay{true});
    std::string const hello = "GNUTELLA CONNECT/0.6\r\nX-Ultrapeer: True\r\n\r\n";
    for (char const& byte : hello) {
        boost::asio::write(caller, boost::asio::buffer(&byte, 1));
        io.poll();
    }
    CHECK(read_block(io, caller).starts_with("GNUTELLA/0.6 200"));
    boost::asio::write(caller, boost::asio::buffer(std::string{"GNUTELLA/0.6 200 OK\r\n\r\n"}));
    run_until(io, [&] { return !node.links_up.empty(); });
    caller.close();
    run_until(io, [&] { return !node.links_down.empty(); });
}

TEST_CASE("a refused caller gets the whole refusal before the connection is closed") {
    boost::asio::io_context io;
    Node node{io};
    tcp::socket caller{io};
    caller.connect(net::to_asio(node.listener.endpoint()));
    boost::asio::write(
        caller,
        boost::asio::buffer(std::string{"GNUTELLA CONNECT/0.6\r\nX-Ultrapeer: True\r\nX-Auth-Challenge: x\r\n\r\n"}));
    CHECK(read_block(io, caller).starts_with("GNUTELLA/0.6 403"));
    wait_for_end(io, caller);
    CHECK(node.links_up.empty());
}

TEST_CASE("a call that fails says whom and why") {
    boost::asio::io_context io;
    Node node{io};
    auto const why = [&](Endpoint to) {
        run_until(io, [&] { return !node.failed_calls.empty(); });
        CHECK(node.failed_calls[0].first == to);
        return node.failed_calls[0].second;
    };
    SECTION("nobody listens") {
        Endpoint closed;
        {
            Port const port{io};
            closed = port.endpoint();
        }
        node.call(closed);
        CHECK(why(closed) ==
              closed.text() + " refuses connections: no program listens there, or a firewall is in the way.");
    }
    SECTION("another program listens") {
        Port port{io};
        node.call(port.endpoint());
        {
            auto socket = port.accept();
            CHECK(read_block(io, socket).starts_with("GNUTELLA CONNECT/0.6"));
        }
        CHECK_THAT(why(port.endpoint()), Catch::Contains("is no Gnutella node or has no room"));
    }
    SECTION("the handshake is refused") {
        Port port{io};
        node.call(port.endpoint());
        auto socket = port.accept();
        (void)read_block(io, socket);
        boost::asio::write(socket, boost::asio::buffer(std::string{"GNUTELLA/0.6 503 Too many\x07 leaves\r\n\r\n"}));
        CHECK(why(port.endpoint()) == port.endpoint().text() + " refused the handshake: 503 Too many  leaves.");
        wait_for_end(io, socket);
    }
    CHECK(node.links_up.empty());
}

TEST_CASE("datagrams go to the overlay, and its answers to their sender") {
    boost::asio::io_context io;
    Node node{io};
    net::DatagramSocket asker{io, {}};
    asker.open(any_port);
    std::vector<Endpoint> answers;
    asker.on(net::DatagramProtocol::gnutella, [&](Endpoint from, ByteView) { answers.push_back(from); });
    Bytes ping(23, std::byte{1});  // GUID, function 0, TTL 1, hops 0, no payload
    ping[16] = std::byte{0};
    ping[18] = ping[19] = ping[20] = ping[21] = ping[22] = std::byte{0};
    // A datagram may be lost: it is sent until it is answered.
    run_until(io, [&] {
        if (answers.empty()) asker.send(node.datagrams.endpoint(), ping);
        return !answers.empty();
    });
    CHECK(answers[0] == node.datagrams.endpoint());
}

TEST_CASE("a host that is destroyed closes its links and calls nobody") {
    boost::asio::io_context io;
    Node here{io}, there{io};
    here.call(there.listener.endpoint());
    run_until(io, [&] { return !here.links_up.empty() && !there.links_up.empty(); });
    here.host.reset();
    run_until(io, [&] { return !there.links_down.empty(); });
    CHECK(here.links_down.empty());
    CHECK(here.failed_calls.empty());
}

}  // namespace overlay_host_test
