#include "transfer/download/calls.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/write.hpp>

#include "unit/node/net/run_until.hpp"

namespace praline::download::calls_test {

namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;

Guid servent_of(std::uint8_t number) {
    Guid guid;
    guid.bytes[0] = number;
    return guid;
}

Bytes bytes_of(std::string_view text) {
    Bytes bytes(text.size());
    std::memcpy(bytes.data(), text.data(), text.size());
    return bytes;
}

std::string giv(Guid const& servent) { return "GIV 7:" + servent.hex() + "/a name\r\n\r\n"; }

/// The waits of one node, and connections made to it.
struct Bench {
    explicit Bench(std::size_t givs_max = 4)
        : calls{io,
                [this](Guid const& servent, std::uint32_t) {
                    asked.push_back(servent);
                    return can_be_asked;
                },
                {std::chrono::minutes{5}, std::chrono::minutes{5}},
                givs_max} {}

    ~Bench() {
        calls.stop();
        for (auto& socket : silent) socket.close();
        io.restart();
        io.run_for(std::chrono::seconds{30});
    }
    Bench(Bench const&) = delete;
    Bench& operator=(Bench const&) = delete;

    std::shared_ptr<Calls::Wait> wait(Guid const& servent) {
        auto const one = std::make_shared<Calls::Wait>(io);
        asio::co_spawn(io, calls.wait_for(one, servent, 7), [this](std::exception_ptr const& failure) {
            REQUIRE_FALSE(failure);
            ++ended;
        });
        io.poll();
        return one;
    }
    /// Somebody connects; what he sends is `text`, of which the first bytes were read already. @return his end
    Tcp::socket call(std::string const& text, std::size_t read_before = 4) {
        Tcp::acceptor listener{io, {asio::ip::address_v4::loopback(), 0}};
        Tcp::socket his{io};
        his.connect(listener.local_endpoint());
        auto ours = listener.accept();
        asio::write(his, asio::buffer(text.substr(read_before)));
        asio::co_spawn(io, calls.take(std::move(ours), bytes_of(text.substr(0, read_before))),
                       [this](std::exception_ptr const& failure) {
                           REQUIRE_FALSE(failure);
                           ++taken;
                       });
        return his;
    }
    void run_until(std::function<bool()> const& so) { ::run_until(io, so); }

    asio::io_context io;
    std::vector<Guid> asked;
    bool can_be_asked = true;
    std::size_t ended = 0, taken = 0;
    std::vector<Tcp::socket> silent;  ///< they say nothing as long as this lives
    Calls calls;
};

}  // namespace

TEST_CASE("a call goes to whoever waits for that servent, with what came behind the GIV") {
    Bench bench;
    auto const other = bench.wait(servent_of(1));
    auto const wanted = bench.wait(servent_of(2));
    auto const his = bench.call(giv(servent_of(2)) + "more");
    bench.run_until([&] { return bench.taken == 1 && bench.ended == 1; });
    CHECK(bench.asked == std::vector{servent_of(1), servent_of(2)});
    CHECK(wanted->has_called());
    CHECK_FALSE(other->has_called());
    auto const socket = wanted->take_socket();
    CHECK(socket.remote_endpoint() == his.local_endpoint());
    CHECK(wanted->take_read() == bytes_of("more"));
}

TEST_CASE("a call nobody waits for, or that says nothing, is closed") {
    Bench bench;
    auto const wait = bench.wait(servent_of(1));
    for (auto const& text :
         {giv(servent_of(9)), std::string{"GIV nonsense\r\n\r\n"}, "GIV " + std::string(4096, 'x')}) {
        auto const his = bench.call(text);
        bench.run_until([&, before = bench.taken] { return bench.taken > before; });
    }
    CHECK_FALSE(wait->has_called());
    CHECK(bench.ended == 0);
}

TEST_CASE("each of two that wait for one servent needs a call of its own") {
    Bench bench;
    auto const first = bench.wait(servent_of(1)), second = bench.wait(servent_of(1));
    auto const one = bench.call(giv(servent_of(1)));
    bench.run_until([&] { return bench.taken == 1; });
    CHECK(first->has_called() != second->has_called());
    auto const two = bench.call(giv(servent_of(1)));
    bench.run_until([&] { return bench.taken == 2 && bench.ended == 2; });
    CHECK(first->has_called());
    CHECK(second->has_called());
}

TEST_CASE("where nobody can be asked nothing is waited for") {
    Bench bench;
    bench.can_be_asked = false;
    auto const wait = bench.wait(servent_of(1));
    CHECK(bench.ended == 1);
    CHECK_FALSE(wait->was_asked());
}

TEST_CASE("beyond the limit a connection that has not said who it is keeps no further one") {
    Bench bench{1};
    auto const wait = bench.wait(servent_of(1));
    bench.silent.push_back(bench.call("GIV 7:", 4));
    bench.io.restart();
    bench.io.poll();
    REQUIRE(bench.taken == 0);
    auto const refused = bench.call(giv(servent_of(1)));
    bench.run_until([&] { return bench.taken == 1; });
    CHECK_FALSE(wait->has_called());
    bench.calls.stop();
    bench.run_until([&] { return bench.ended == 1; });
    CHECK_FALSE(wait->has_called());
}

}  // namespace praline::download::calls_test
