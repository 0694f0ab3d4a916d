#include "node/net/listener.hpp"

#include <sys/resource.h>

#include <memory>
#include <optional>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <catch2/catch.hpp>

#include "node/net/endpoints.hpp"
#include "unit/node/net/run_until.hpp"

namespace listener_test {
using namespace praline;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr Endpoint any_port{0x7F000001, 0};

struct Listening {
    explicit Listening(net::ListenerOptions options = {}, Endpoint listen = any_port) : listener{io, options} {
        REQUIRE_FALSE(listener.open(listen));
    }
    void start() {
        listener.start([this](net::AcceptedConnection connection) { arrived.push_back(std::move(connection)); });
    }
    tcp::socket call() {
        tcp::socket socket{io};
        socket.connect(net::to_asio(listener.endpoint()));
        return socket;
    }

    boost::asio::io_context io;
    net::Listener listener;
    std::vector<net::AcceptedConnection> arrived;
};

/// Whether the other side has closed the connection.
bool is_closed(boost::asio::io_context& io, tcp::socket& socket) {
    std::optional<error_code> ended;
    std::array<char, 1> byte{};
    boost::asio::async_read(socket, boost::asio::buffer(byte), [&](error_code error, std::size_t) { ended = error; });
    run_until(io, [&] { return ended.has_value(); });
    return bool{*ended};
}

/// The number of files that this process may have open, until the end of the scope.
class FewDescriptors {
public:
    explicit FewDescriptors(rlim_t limit) {
        REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
        set(limit);
    }
    ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    void set(rlim_t limit) {
        rlimit low = before_;
        low.rlim_cur = limit;
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &low) == 0);
    }

private:
    rlimit before_{};
};

}  // namespace

TEST_CASE("a listener hands over who connects, and says where it listens") {
    auto const listen = GENERATE(as<std::string>{}, "127.0.0.1", "::1");
    Listening here{{}, Endpoint{*Address::parse(listen), 0}};
    CHECK(here.listener.endpoint().port != 0);
    auto const early = here.call();
    here.start();
    auto const late = here.call();
    run_until(here.io, [&] { return here.arrived.size() == 2; });
    CHECK(here.arrived[0].remote == net::from_asio(early.local_endpoint()));
    CHECK(here.arrived[1].remote == net::from_asio(late.local_endpoint()));
    CHECK(here.listener.accepted() == 2);
}

TEST_CASE("an address that is taken is an error") {
    Listening first;
    boost::asio::io_context io;
    net::Listener second{io, {}};
    CHECK(second.open(first.listener.endpoint()) == boost::asio::error::address_in_use);
}

TEST_CASE("a connection over the limit of its address is closed, until one of the others is") {
    Listening here{{.connections_of_address_max = 2}};
    here.start();
    auto const first = here.call(), second = here.call();
    auto third = here.call();
    CHECK(is_closed(here.io, third));
    CHECK(here.listener.refused() == 1);
    REQUIRE(here.arrived.size() == 2);
    here.arrived.pop_back();
    auto const fourth = here.call();
    run_until(here.io, [&] { return here.arrived.size() == 2; });
    CHECK(here.arrived.back().remote == net::from_asio(fourth.local_endpoint()));
    CHECK(here.listener.refused() == 1);
}

TEST_CASE("a listener without a descriptor tries again") {
    Listening here{{.retry_after = 1ms}};
    auto const caller = here.call();
    {
        // The lowest number that is free is the next to be given out.
        auto const next = tcp::socket{here.io, tcp::v4()}.native_handle();
        FewDescriptors few{static_cast<rlim_t>(next)};
        here.start();
        for (int turns = 0; turns < 5; ++turns) here.io.run_one();
        CHECK(here.arrived.empty());
    }
    run_until(here.io, [&] { return !here.arrived.empty(); });
    CHECK(here.listener.accepted() == 1);
}

TEST_CASE("a listener for peers leaves the last descriptors to the user") {
    Listening here{{.retry_after = 1ms, .for_peers = true}};
    auto refused = here.call();
    {
        auto const next = tcp::socket{here.io, tcp::v4()}.native_handle();
        FewDescriptors few{static_cast<rlim_t>(next) + 2};
        here.start();
        CHECK(is_closed(here.io, refused));
        CHECK(here.arrived.empty());
    }
    auto const caller = here.call();
    run_until(here.io, [&] { return !here.arrived.empty(); });
    CHECK(here.arrived.front().remote == net::from_asio(caller.local_endpoint()));
}

TEST_CASE("a closed listener takes no connection, not even one that has arrived") {
    Listening here;
    here.start();
    auto caller = here.call();
    auto const endpoint = here.listener.endpoint();
    here.listener.close();
    CHECK(is_closed(here.io, caller));
    CHECK(here.arrived.empty());
    tcp::socket second{here.io};
    error_code error;
    second.connect(net::to_asio(endpoint), error);
    CHECK(error == boost::asio::error::connection_refused);
}

TEST_CASE("a listener may be destroyed by its own handler") {
    boost::asio::io_context io;
    auto listener = std::make_unique<net::Listener>(io, net::ListenerOptions{});
    REQUIRE_FALSE(listener->open(any_port));
    auto const endpoint = listener->endpoint();
    listener->start([&](net::AcceptedConnection) { listener.reset(); });
    tcp::socket first{io}, second{io};
    first.connect(net::to_asio(endpoint));
    second.connect(net::to_asio(endpoint));
    run_until(io, [&] { return !listener; });
    CHECK(is_closed(io, second));
}

}  // namespace listener_test
