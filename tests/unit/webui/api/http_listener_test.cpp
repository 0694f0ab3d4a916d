#include "webui/api/http_listener.hpp"

#include <array>
#include <memory>
#include <stdexcept>
#include <string>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include "node/net/endpoints.hpp"
#include "unit/node/net/run_until.hpp"

namespace http_listener_test {
using namespace praline;
using namespace praline::webui;
using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr Endpoint any_port{0x7F000001, 0};

/// Says what was asked for. Whoever has a token has proved itself, and may get an event stream.
struct Host : ConnectionHost {
    ApiResponse answer(ApiRequest const& request) override {
        ApiResponse response;
        response.body = "You asked for " + request.target;
        response.proven = request.count("Token") > 0;
        response.event_stream = request.target == "/events";
        return response;
    }
    [[nodiscard]] bool stopped() const override { return false; }
    [[nodiscard]] ApiLimits const& api_limits() const override { return limits; }
    std::string begin_stream(Connection&, ApiResponse const&) override { return "the stream begins"; }
    void end(Connection& connection) override {
        ++ended;
        listener->forget(connection);
    }

    ApiLimits limits;
    HttpListener* listener = nullptr;
    int ended = 0;
};

struct Caller {
    Caller(boost::asio::io_context& io, Endpoint to) : socket{io} {
        socket.connect(net::to_asio(to));
        listen();
    }
    void ask(std::string const& target, bool proven) {
        boost::asio::write(socket, boost::asio::buffer("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" +
                                                       (proven ? "Token: yes\r\n\r\n" : "\r\n")));
    }
    [[nodiscard]] bool has(std::string const& words) const { return text.find(words) != std::string::npos; }
    void listen() {
        socket.async_read_some(boost::asio::buffer(block), [this](error_code error, std::size_t count) {
            text.append(block.data(), count);
            ended = bool{error};
            if (!ended) listen();
        });
    }

    tcp::socket socket;
    std::array<char, 1024> block{};
    std::string text;
    bool ended = false;
};

struct Fixture {
    explicit Fixture(std::size_t connections_max) : listener{io, any_port, connections_max, "The API"} {
        host->listener = &listener;
        listener.open(host);
    }
    std::unique_ptr<Caller> call() { return std::make_unique<Caller>(io, listener.endpoint()); }
    std::unique_ptr<Caller> ask(std::string const& target, bool proven) {
        auto caller = call();
        caller->ask(target, proven);
        return caller;
    }
    void wait_for(Caller& caller, std::string const& words) {
        run_until(io, [&] { return caller.has(words); });
    }

    boost::asio::io_context io;
    HttpListener listener;
    std::shared_ptr<Host> host = std::make_shared<Host>();
};

}  // namespace

TEST_CASE("one connection asks for one thing after the other, and is forgotten at its end") {
    Fixture here{1};
    auto caller = here.ask("/one", false);
    here.wait_for(*caller, "You asked for /one");
    caller->ask("/two", false);
    here.wait_for(*caller, "You asked for /two");
    CHECK(here.host->ended == 0);
    caller->socket.shutdown(tcp::socket::shutdown_send);
    run_until(here.io, [&] { return here.host->ended == 1; });
    auto const next = here.ask("/three", false);  // the only place is free
    here.wait_for(*next, "You asked for /three");
}

TEST_CASE("with all places taken the oldest of those that have shown least gives way") {
    Fixture here{3};
    auto const proven = here.ask("/one", true);
    here.wait_for(*proven, "You asked for /one");
    auto const unproven = here.ask("/two", false);
    here.wait_for(*unproven, "You asked for /two");
    auto const silent = here.call();
    auto const fourth = here.ask("/four", true);
    here.wait_for(*fourth, "You asked for /four");
    run_until(here.io, [&] { return silent->ended; });
    CHECK_FALSE(unproven->ended);
    auto const fifth = here.ask("/five", true);
    here.wait_for(*fifth, "You asked for /five");
    run_until(here.io, [&] { return unproven->ended; });
    CHECK_FALSE(proven->ended);
    auto const sixth = here.ask("/six", true);
    here.wait_for(*sixth, "You asked for /six");
    run_until(here.io, [&] { return proven->ended; });
    CHECK_FALSE(fourth->ended);
}

TEST_CASE("event streams keep their places, and a newcomer is turned away until one ends") {
    Fixture here{2};
    auto const first = here.ask("/events", true), second = here.ask("/events", true);
    here.wait_for(*first, "the stream begins");
    here.wait_for(*second, "the stream begins");
    auto const late = here.call();
    run_until(here.io, [&] { return late->ended; });
    CHECK(late->text.empty());
    CHECK_FALSE((first->ended || second->ended));
    first->socket.close();
    run_until(here.io, [&] { return here.host->ended == 1; });
    auto const next = here.ask("/three", false);
    here.wait_for(*next, "You asked for /three");
    CHECK_FALSE(second->ended);
}

TEST_CASE("a listener that is closed ends its connections, and accepts no more") {
    Fixture here{4};
    auto const idle = here.ask("/one", true), stream = here.ask("/events", true), silent = here.call();
    here.wait_for(*idle, "You asked for /one");
    here.wait_for(*stream, "the stream begins");
    auto const endpoint = here.listener.endpoint();
    here.listener.close();
    run_until(here.io, [&] { return idle->ended && stream->ended && silent->ended; });
    CHECK(here.listener.endpoint() == endpoint);
    tcp::socket late{here.io};
    error_code error;
    late.connect(net::to_asio(endpoint), error);
    CHECK(error == boost::asio::error::connection_refused);
}

TEST_CASE("an address that is not this machine's own, and a port that is taken, are sentences") {
    Fixture here{1};
    auto const listen = [&](Endpoint at) { HttpListener second{here.io, at, 1, "The API"}; };
    CHECK_THROWS_WITH(listen({0, 0}), Catch::StartsWith("The API listens on loopback only"));
    CHECK_THROWS_WITH(listen(here.listener.endpoint()),
                      Catch::StartsWith("The API cannot listen on " + here.listener.endpoint().text()) &&
                          Catch::Contains("--api ADDR:PORT"));
}

}  // namespace http_listener_test
