#include "node/net/rate_limiter.hpp"

#include <memory>
#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <catch2/catch.hpp>

#include "unit/node/net/run_until.hpp"

namespace rate_limiter_test {
using namespace praline;
namespace asio = boost::asio;

namespace {

/// Takes until it has so much; empty result: not yet.
asio::awaitable<void> take_all(net::RateShare& share, std::size_t bytes, std::optional<std::size_t>& taken) {
    std::size_t got = 0;
    while (got < bytes) {
        auto const granted = co_await share.take(bytes - got);
        if (granted == 0) break;
        share.use(granted);
        got += granted;
    }
    taken = got;
}

}  // namespace

TEST_CASE("without a limit a share waits for nothing") {
    asio::io_context io;
    net::RateLimiter limiter{io};
    net::RateShare share{limiter};
    CHECK_FALSE(share.is_limited());
    std::optional<std::size_t> taken;
    asio::co_spawn(io, take_all(share, 1 << 30, taken), asio::detached);
    io.poll();
    CHECK(taken == std::size_t{1} << 30);
    bool called = false;
    share.when_granted(1 << 30, [&] { called = true; });
    CHECK(called);
}

TEST_CASE("several shares of a limit all come to their bytes") {
    asio::io_context io;
    net::RateLimiter limiter{io};
    CHECK(limiter.set_rate(10 << 20));
    CHECK_FALSE(limiter.set_rate(10 << 20));
    net::RateShare one{limiter}, two{limiter}, three{limiter};
    std::optional<std::size_t> first, second;
    bool third = false;
    asio::co_spawn(io, take_all(one, 1 << 20, first), asio::detached);
    asio::co_spawn(io, take_all(two, 1 << 20, second), asio::detached);
    three.when_granted(1 << 19, [&] { third = true; });
    CHECK(three.is_waiting());
    CHECK_FALSE(third);
    run_until(io, [&] { return first && second && third; });
    CHECK(first == 1 << 20);
    CHECK(second == 1 << 20);
    CHECK_FALSE(three.is_waiting());
}

TEST_CASE("who waits goes on when the limit is lifted or raised") {
    asio::io_context io;
    net::RateLimiter limiter{io};
    limiter.set_rate(1);
    net::RateShare share{limiter};
    std::optional<std::size_t> taken;
    asio::co_spawn(io, take_all(share, 100 << 20, taken), asio::detached);
    io.poll();
    CHECK(share.is_waiting());
    SECTION("lifted") { limiter.set_rate(0); }
    SECTION("raised") { limiter.set_rate(std::uint64_t{100} << 30); }
    run_until(io, [&] { return taken.has_value(); });
    CHECK(taken == 100 << 20);
}

TEST_CASE("a wait ends with the connection that leaves") {
    asio::io_context io;
    net::RateLimiter limiter{io};
    limiter.set_rate(1);
    net::RateShare share{limiter}, called{limiter};
    std::optional<std::size_t> taken;
    bool granted = false;
    asio::co_spawn(io, take_all(share, 1000, taken), asio::detached);
    called.when_granted(1000, [&] { granted = true; });
    io.poll();
    share.leave();
    called.leave();
    run_until(io, [&] { return taken.has_value(); });
    CHECK(taken == 0);
    CHECK_FALSE(share.is_waiting());
    CHECK_FALSE(called.is_waiting());
    limiter.set_rate(0);
    io.poll();
    CHECK_FALSE(granted);
}

TEST_CASE("a share outlives its limiter, and ends with the coroutine that waits when the io_context does") {
    std::optional<std::size_t> taken;
    std::weak_ptr<net::RateShare> share;
    {
        asio::io_context io;
        std::optional<net::RateLimiter> limiter{std::in_place, io};
        limiter->set_rate(1);
        auto const made = std::make_shared<net::RateShare>(*limiter);
        share = made;
        limiter.reset();
        asio::co_spawn(
            io,
            [](std::shared_ptr<net::RateShare> own, std::optional<std::size_t>& got) -> asio::awaitable<void> {
                got = co_await own->take(1000);
            }(made, taken),
            asio::detached);
        io.poll();
        CHECK(made->is_waiting());
    }
    CHECK(share.expired());
    CHECK_FALSE(taken);
}

TEST_CASE("what was granted and not used goes to the others") {
    asio::io_context io;
    net::RateLimiter limiter{io};
    limiter.set_rate(1);  // a grant of some hundred bytes takes minutes here, unless it is given back
    net::RateShare two{limiter};
    {
        net::RateShare one{limiter};
        limiter.set_rate(0);
        limiter.set_rate(std::uint64_t{1} << 30);
        std::optional<std::size_t> taken;
        asio::co_spawn(
            io, [&]() -> asio::awaitable<void> { taken = co_await one.take(1000); }, asio::detached);
        run_until(io, [&] { return taken.has_value(); });
        CHECK(taken == 1000);
        limiter.set_rate(1);
    }
    bool granted = false;
    two.when_granted(1, [&] { granted = true; });
    CHECK(granted);
}

}  // namespace rate_limiter_test
