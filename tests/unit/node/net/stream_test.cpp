#include "node/net/stream.hpp"

#include <unistd.h>

#include <array>
#include <optional>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include "unit/node/net/run_until.hpp"

namespace stream_test {
using namespace praline;
using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

identity::Ed25519Key key_number(unsigned char number) {
    return identity::Ed25519Key::from_seed(Bytes(32, std::byte{number}));
}

/// Two sockets that are connected.
struct Sockets {
    boost::asio::io_context io;
    tcp::socket here{io}, there{io};
    Sockets() {
        tcp::acceptor acceptor{io, {boost::asio::ip::address_v4::loopback(), 0}};
        here.connect(acceptor.local_endpoint());
        acceptor.accept(there);
    }
};

/// Both ends of a stream, ready to be used.
struct Streams : Sockets {
    std::optional<net::Stream> a, b;

    explicit Streams(bool encrypted) {
        if (!encrypted) {
            a.emplace(std::move(here));
            b.emplace(std::move(there));
            return;
        }
        a.emplace(std::move(here), net::make_tls_context(key_number(1)));
        b.emplace(std::move(there), net::make_tls_context(key_number(2)));
        std::optional<error_code> of_a, of_b;
        a->async_handshake(net::TlsSide::client, [&](error_code error) { of_a = error; });
        b->async_handshake(net::TlsSide::server, [&](error_code error) { of_b = error; });
        run_until(io, [&] { return of_a && of_b; });
        REQUIRE_FALSE(*of_a);
        REQUIRE_FALSE(*of_b);
    }
};

/// The error that a read of one byte ends with.
error_code read_error(boost::asio::io_context& io, net::Stream& stream) {
    std::optional<error_code> ended;
    std::array<char, 1> byte{};
    stream.async_read_some(boost::asio::buffer(byte), [&](error_code error, std::size_t) { ended = error; });
    run_until(io, [&] { return ended.has_value(); });
    return *ended;
}

}  // namespace

TEST_CASE("what is written to a stream is read at its other end, plain or encrypted") {
    auto const encrypted = GENERATE(false, true);
    Streams streams{encrypted};
    CHECK(streams.a->is_encrypted() == encrypted);
    std::string sent(300'000, 'x'), received(sent.size(), ' ');
    for (std::size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<char>('a' + i % 23);
    std::array<boost::asio::const_buffer, 3> const parts{boost::asio::buffer(sent.data(), 0),
                                                         boost::asio::buffer(sent.data(), 100),
                                                         boost::asio::buffer(sent.data() + 100, sent.size() - 100)};
    std::optional<error_code> written, read;
    boost::asio::async_write(*streams.a, parts, [&](error_code error, std::size_t) { written = error; });
    boost::asio::async_read(*streams.b, boost::asio::buffer(received),
                            [&](error_code error, std::size_t) { read = error; });
    run_until(streams.io, [&] { return written && read; });
    CHECK_FALSE(*written);
    CHECK_FALSE(*read);
    CHECK(received == sent);
}

TEST_CASE("a coroutine may read and write a stream, plain or encrypted") {
    Streams streams{GENERATE(false, true)};
    std::string answer;
    auto const echo = [&]() -> boost::asio::awaitable<void> {
        std::array<char, 5> word{};
        co_await boost::asio::async_read(*streams.b, boost::asio::buffer(word), boost::asio::use_awaitable);
        co_await boost::asio::async_write(*streams.b, boost::asio::buffer(word), boost::asio::use_awaitable);
    };
    auto const ask = [&]() -> boost::asio::awaitable<void> {
        std::array<char, 5> word{};
        co_await boost::asio::async_write(*streams.a, boost::asio::buffer("hello", 5), boost::asio::use_awaitable);
        co_await boost::asio::async_read(*streams.a, boost::asio::buffer(word), boost::asio::use_awaitable);
        answer.assign(word.begin(), word.end());
    };
    boost::asio::co_spawn(streams.io, echo, boost::asio::detached);
    boost::asio::co_spawn(streams.io, ask, boost::asio::detached);
    run_until(streams.io, [&] { return !answer.empty(); });
    CHECK(answer == "hello");
}

TEST_CASE("an encrypted stream knows the key of the other side, a plain one none") {
    Streams encrypted{true}, plain{false};
    CHECK(encrypted.a->proved_key() == key_number(2).public_key());
    CHECK(encrypted.b->proved_key() == key_number(1).public_key());
    CHECK_FALSE(plain.a->proved_key());
}

TEST_CASE("an encrypted stream does not speak to a plain one") {
    Sockets sockets;
    net::Stream encrypted{std::move(sockets.here), net::make_tls_context(key_number(1))};
    net::Stream plain{std::move(sockets.there)};
    std::optional<error_code> ended;
    encrypted.async_handshake(net::TlsSide::client, [&](error_code error) { ended = error; });
    boost::asio::async_write(plain, boost::asio::buffer("GNUTELLA CONNECT/0.6\r\n\r\n", 24),
                             [](error_code, std::size_t) {});
    run_until(sockets.io, [&] { return ended.has_value(); });
    CHECK(*ended);
    CHECK_FALSE(encrypted.proved_key());
}

TEST_CASE("closing a stream ends what is under way, here and at its other end") {
    Streams streams{GENERATE(false, true)};
    std::optional<error_code> ended;
    std::array<char, 1> byte{};
    streams.a->async_read_some(boost::asio::buffer(byte), [&](error_code error, std::size_t) { ended = error; });
    streams.a->close();
    run_until(streams.io, [&] { return ended.has_value(); });
    CHECK(*ended == boost::asio::error::operation_aborted);
    CHECK(net::is_closed_by_peer(read_error(streams.io, *streams.b)));
    CHECK_FALSE(net::is_closed_by_peer(*ended));
}

TEST_CASE("a stream that has ended sending can still be read") {
    Streams streams{GENERATE(false, true)};
    streams.a->shut_down_sending();
    CHECK(net::is_closed_by_peer(read_error(streams.io, *streams.b)));
    boost::asio::async_write(*streams.b, boost::asio::buffer("x", 1), [](error_code, std::size_t) {});
    CHECK_FALSE(read_error(streams.io, *streams.a));
}

TEST_CASE("the descriptor of a plain stream is that of its socket") {
    Streams streams{false};
    CHECK(::write(streams.a->native_handle(), "x", 1) == 1);
    CHECK_FALSE(read_error(streams.io, *streams.b));
}

TEST_CASE("a stream may be moved between its operations") {
    Streams streams{GENERATE(false, true)};
    net::Stream moved{std::move(*streams.a)};
    streams.a.emplace(std::move(moved));
    boost::asio::async_write(*streams.b, boost::asio::buffer("x", 1), [](error_code, std::size_t) {});
    CHECK_FALSE(read_error(streams.io, *streams.a));
}

}  // namespace stream_test
