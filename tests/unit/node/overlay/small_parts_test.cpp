#include <catch2/catch.hpp>

#include "node/overlay/buffers.hpp"
#include "node/overlay/link_credit.hpp"
#include "node/overlay/recent_addresses.hpp"

namespace small_parts_test {
using namespace praline;
using namespace praline::overlay;
using namespace std::chrono_literals;

namespace {

SharedBytes bytes_of(std::size_t count, std::byte value) { return std::make_shared<Bytes const>(count, value); }

}  // namespace

TEST_CASE("buffers hold their parts in order, and join to the same bytes") {
    Buffers buffers;
    CHECK(buffers.empty());
    CHECK(buffers.joined().empty());
    Buffers::MessageHeader header{};
    header[0] = std::byte{1};
    auto const body = bytes_of(5, std::byte{2});
    buffers.add(header, body);
    buffers.add(header, nullptr);
    buffers.add(bytes_of(3, std::byte{3}));
    buffers.add(bytes_of(0, std::byte{4}));
    Bytes expected(header.begin(), header.end());
    expected.insert(expected.end(), 5, std::byte{2});
    expected.insert(expected.end(), header.begin(), header.end());
    expected.insert(expected.end(), 3, std::byte{3});
    CHECK(buffers.size() == expected.size());
    CHECK(buffers.joined() == expected);
    std::size_t parts = 0;
    buffers.for_each([&](ByteView part) { parts += part.empty() ? 100U : 1U; });
    CHECK(parts == 4);
    Buffers const moved = std::move(buffers);
    CHECK(moved.joined() == expected);
    CHECK(body.use_count() == 2);
}

TEST_CASE("bytes of nothing leave room for the first message") {
    Buffers buffers;
    buffers.add(bytes_of(0, std::byte{1}));
    buffers.add(bytes_of(2, std::byte{2}));
    CHECK(buffers.joined() == Bytes(2, std::byte{2}));
}

TEST_CASE("a query that has made many hops gets half of a link's credit, a ping that looks for hosts a quarter") {
    Limits limits;
    limits.queries_burst = 80;
    limits.queries_per_second = 1;
    auto const taken = [&](auto take) {
        LinkCredit credit;
        int count = 0;
        while (count < 1000 && take(credit)) ++count;
        return count;
    };
    auto const query = [&](Hops hops) {
        return taken([&](LinkCredit& credit) { return credit.take_query(limits, Instant{}, 1, hops); });
    };
    CHECK(query(Hops{0}) == 80);
    CHECK(query(Hops{4}) == 60);
    CHECK(query(Hops{8}) == 40);
    CHECK(query(Hops{200}) == 40);
    int const alive = taken([&](LinkCredit& credit) { return credit.take_ping(limits, Instant{}, 1, true); });
    CHECK(alive == 80 + static_cast<int>(limits.requests_burst));
    CHECK(taken([&](LinkCredit& credit) { return credit.take_ping(limits, Instant{}, 1, false); }) == 20);
    CHECK(taken([&](LinkCredit& credit) { return credit.take_query(limits, Instant{}, 0, Hops{0}); }) == 1000);
}

TEST_CASE("Hops Flow follows what is left of a credit, and is lifted late") {
    Limits limits;
    limits.queries_burst = 80;
    LinkCredit credit;
    std::uint8_t announced = LinkCredit::no_hops_flow;
    auto const after = [&](int queries, Instant now) {
        for (int i = 0; i < queries; ++i) (void)credit.take_query(limits, now, 10, Hops{0});
        return announced = credit.hops_flow(limits, now, 10, announced);
    };
    CHECK(after(39, Instant{}) == LinkCredit::no_hops_flow);
    CHECK(after(1, Instant{}) == limits.hops_flow_busy);
    CHECK(after(20, Instant{}) == limits.hops_flow_swamped);
    CHECK(after(0, Instant{} + 3s) == limits.hops_flow_swamped);  // 50 are left: not yet
    Instant const lifted = credit.lifted_at(limits, 10);
    CHECK(lifted == Instant{} + 4s);
    CHECK(after(0, lifted) == LinkCredit::no_hops_flow);
    credit.owe(limits, lifted, 10, 1000);
    CHECK(after(0, lifted) == limits.hops_flow_swamped);
}

TEST_CASE("an address is served once in a time; when there are too many the oldest is evicted or the new one refused") {
    using enum RecentAddresses::WhenFull;
    auto const address = [](std::uint32_t number) { return AddressPrefix{Address::v4(0x0A000000U + number)}; };
    for (auto const when_full : {evict_oldest, refuse}) {
        RecentAddresses recent;
        auto const admit = [&](std::uint32_t number, Duration at) {
            return recent.admit(address(number), Instant{} + at, 10s, 3, when_full);
        };
        for (std::uint32_t i = 0; i < 3; ++i) REQUIRE(admit(i, 0s));
        CHECK_FALSE(admit(1, 9s));
        CHECK(admit(7, 9s) == (when_full == evict_oldest));
        CHECK(recent.size() == 3);
        CHECK(admit(1, 10s));
    }
    RecentAddresses none;
    CHECK_FALSE(none.admit(address(1), Instant{}, 10s, 0, evict_oldest));
}

}  // namespace small_parts_test
