#include "search/engine/neighbourhood.hpp"

#include "unit/search/engine/router_fixture.hpp"

namespace neighbourhood_test {
using namespace praline;
using namespace praline::search;
using namespace praline::search::test;

TEST_CASE("neighbours stand in order of their ids, are found by them, and no more are kept than may be") {
    Neighbourhood all;
    for (std::uint32_t number : {7U, 2U, 9U, 4U}) CHECK(all.add(ultra(number), 4) != nullptr);
    CHECK(all.add(ultra(1), 4) == nullptr);
    std::vector<std::uint32_t> order;
    for (Neighbour const& one : all.all()) order.push_back(one.peer.value());
    CHECK(order == std::vector<std::uint32_t>{2, 4, 7, 9});
    for (std::uint32_t const number : order) CHECK(all.find(peer(number))->peer == peer(number));
    CHECK(all.find(peer(1)) == nullptr);
    CHECK(all.find(peer(3)) == nullptr);
    CHECK(all.find(peer(10)) == nullptr);
    all.remove(peer(4));
    all.remove(peer(5));
    CHECK(all.find(peer(4)) == nullptr);
    CHECK(all.all().size() == 3);
}

TEST_CASE("a query may go to ultrapeers that take it, but not back where it came from") {
    Neighbourhood all;
    auto quiet = ultra(3);
    quiet.hops_flow = 2;
    for (auto const& one : {ultra(1), ultra(2), quiet, leaf(4)}) all.add(one, 9);
    auto const peers = [&](std::optional<PeerId> from, std::uint8_t hops) {
        std::vector<std::uint32_t> numbers;
        for (Neighbour const& one : all.candidates(from, Hops{hops})) numbers.push_back(one.peer.value());
        return numbers;
    };
    CHECK(peers({}, 0) == std::vector<std::uint32_t>{1, 2, 3});
    CHECK(peers(peer(1), 1) == std::vector<std::uint32_t>{2, 3});
    CHECK(peers(peer(4), 2) == std::vector<std::uint32_t>{1, 2});
    CHECK(all.reverse_path(peer(1), Hops{1})->peer == peer(1));
    CHECK_FALSE(all.reverse_path(peer(3), Hops{2}));  // it takes no such query
    CHECK_FALSE(all.reverse_path(peer(4), Hops{0}));  // a leaf relays nothing
    CHECK_FALSE(all.reverse_path(peer(9), Hops{0}));
    CHECK_FALSE(all.reverse_path({}, Hops{0}));
}

TEST_CASE("a change of role is noticed once") {
    Neighbourhood all;
    CHECK_FALSE(all.set_ultrapeer(false));
    CHECK(all.set_ultrapeer(true));
    CHECK_FALSE(all.set_ultrapeer(true));
    CHECK(all.is_ultrapeer());
}

}  // namespace neighbourhood_test
