#include "node/net/pending_connections.hpp"

#include <vector>

#include <catch2/catch.hpp>

#include "unit/node/net/run_until.hpp"

namespace pending_connections_test {
using namespace praline;
using namespace std::chrono_literals;

namespace {

constexpr Endpoint from_one{0x0A000001, 1000}, from_another{0x0A000002, 1000};

struct Fixture {
    explicit Fixture(net::PendingConnections::Limits limits) : pending{io, limits} {}
    net::PendingConnections::Id add(Endpoint remote) {
        auto const number = closed.size();
        closed.push_back(0);
        return pending.add(remote, [this, number] { ++closed[number]; });
    }

    boost::asio::io_context io;
    std::vector<int> closed;  ///< how often each was
    net::PendingConnections pending;
};

}  // namespace

TEST_CASE("a connection that has shown what it is stays open") {
    Fixture here{{2, 2, 1ms}};
    auto const id = here.add(from_one);
    CHECK(here.pending.remove(id));
    CHECK_FALSE(here.pending.remove(id));
    here.io.run();
    CHECK(here.closed == std::vector{0});
    CHECK(here.pending.size() == 0);
}

TEST_CASE("a connection that stays silent is closed at its deadline, and holds its place until it has ended") {
    Fixture here{{2, 2, 1ms}};
    auto const id = here.add(from_one);
    here.io.run();
    CHECK(here.closed == std::vector{1});
    CHECK(here.pending.size() == 1);
    CHECK(here.pending.remove(id));
    CHECK(here.pending.evicted() == 0);
}

TEST_CASE("one connection too many evicts the oldest of the address with most") {
    Fixture here{{4, 3, 1h}};
    auto const first = here.add(from_one);
    for (int more = 0; more < 3; ++more) here.add(from_one);
    CHECK(here.closed == std::vector{1, 0, 0, 0});
    here.add(from_another);
    here.add(from_another);
    CHECK(here.closed == std::vector{1, 1, 0, 0, 0, 0});
    CHECK(here.pending.evicted() == 2);
    CHECK_FALSE(here.pending.remove(first));
    here.pending.close_all();
    CHECK(here.closed == std::vector{1, 1, 1, 1, 1, 1});
    CHECK(here.pending.size() == 0);
    CHECK(here.pending.evicted() == 2);
}

TEST_CASE("where nothing may be pending, the newcomer itself is closed") {
    Fixture here{{0, 1, 1h}};
    auto const id = here.add(from_one);
    CHECK(here.closed == std::vector{1});
    CHECK_FALSE(here.pending.remove(id));
}

}  // namespace pending_connections_test
