#include "search/strategy/biased_walk.hpp"

#include <cstdlib>
#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "unit/search/strategy/samples.hpp"

namespace biased_walk_test {
using namespace praline;
using namespace praline::search::strategy;

namespace {

QueryContext asked(std::optional<wire::WalkerItem> walker = std::nullopt) {
    QueryContext query = query_as(0, 3);
    query.walker = walker;
    return query;
}

wire::WalkerItem at_step(std::uint32_t step, bool keep_state = true) {
    return wire::WalkerItem{0, step, 1024, 0, keep_state, true};
}

Neighbour neighbour(std::uint32_t peer, std::uint16_t degree) {
    return Neighbour{PeerId{peer}, 4, nullptr, true, degree};
}

struct Node {
    BiasedWalk walk;
    std::vector<Neighbour> neighbours;
    std::optional<Neighbour> back;
    Rng rng{7};

    [[nodiscard]] RoutingView view() { return RoutingView{neighbours, Instant{}, rng, back}; }
    ForwardPlans start(QueryContext const& query) {
        ForwardPlans out;
        walk.start(query, view(), out);
        return out;
    }
    PeerId relay(wire::WalkerItem const& walker) {
        ForwardPlans out;
        walk.relay(asked(walker), view(), out);
        return out.at(0).next_hops.at(0).to;
    }
    /// How often each neighbour is taken by first walkers of many queries.
    std::map<std::uint32_t, int> firsts(int queries, bool keep_state = true) {
        std::map<std::uint32_t, int> count;
        for (int i = 0; i < queries; ++i) {
            QueryContext query = asked(at_step(1, keep_state));
            query.guid.bytes[0] = static_cast<std::uint8_t>(i);
            query.guid.bytes[1] = static_cast<std::uint8_t>(i >> 8);
            ForwardPlans out;
            walk.relay(query, view(), out);
            ++count[out.at(0).next_hops.at(0).to.value()];
        }
        return count;
    }
};

std::size_t biased(std::vector<std::uint64_t> const& attractions, std::span<std::uint64_t> used,
                   std::optional<std::size_t> came_by, Rng& rng) {
    return biased_link(
        attractions.size(), [&](std::size_t link) { return attractions[link]; }, used, came_by, rng);
}

}  // namespace

TEST_CASE("few walkers leave, marked as biased, by the best connected neighbours") {
    Node node;
    for (std::uint32_t peer = 1; peer <= 20; ++peer)
        node.neighbours.push_back(neighbour(peer, static_cast<std::uint16_t>(peer)));
    ForwardPlans const out = node.start(asked());
    REQUIRE(out.at(0).next_hops.size() == 8);
    std::set<std::uint32_t> taken;
    int best = 0;
    for (Hop const& copy : out[0].next_hops) {
        CHECK(copy.walker->biased);
        taken.insert(copy.to.value());
        best += copy.to.value() > 10 ? 1 : 0;
    }
    CHECK(taken.size() == 8);
    CHECK(best >= 6);
}

TEST_CASE("the best connected neighbour is nearly always first, chance lets others be it too") {
    Node node;
    node.neighbours = {neighbour(1, 5), neighbour(2, 50), neighbour(3, 5), neighbour(4, 5)};
    auto const count = node.firsts(1600);
    CHECK(count.size() == 4);
    CHECK(count.at(2) > 1450);
    CHECK(count.at(2) < 1590);
}

TEST_CASE("among equals each is as likely") {
    Node node;
    for (std::uint32_t peer = 1; peer <= 4; ++peer) node.neighbours.push_back(neighbour(peer, 9));
    for (auto const& [peer, times] : node.firsts(4000)) CHECK(std::abs(times - 1000) < 150);
}

TEST_CASE("capacity counts by its order of magnitude, and who is busy is passed over") {
    Node node;
    node.neighbours = {neighbour(1, 10), neighbour(2, 10), neighbour(3, 10)};
    node.neighbours[0].capacity_kbits = 100;
    node.neighbours[1].capacity_kbits = 100'000;
    CHECK(node.firsts(320).at(2) > 280);
    node.neighbours[1].load = 230;
    CHECK(node.firsts(320).at(3) > 280);  // of unknown capacity: the usual one
    node.neighbours[2].load = 150;        // little room, but not busy
    CHECK(node.firsts(320).at(1) > 280);
    for (Neighbour& neighbour : node.neighbours) neighbour.load = 255;
    CHECK(node.firsts(320).size() == 3);  // somebody has to take it
}

TEST_CASE("attraction grows with links and capacity, shrinks with load, and never overflows") {
    CHECK(attraction(2, 1000, 0) > attraction(1, 1000, 0));
    CHECK(attraction(0, 0, 0) == attraction(1, 1000, 0));
    CHECK(attraction(9, 64, 0) < attraction(9, 128, 0));
    CHECK(attraction(9, 64, 10) < attraction(9, 64, 9));
    CHECK(attraction(9, 64, 192) == 0);
    CHECK(attraction(9, 64, 191) > 0);
    CHECK(attraction(0xFFFFFFFF, 0xFFFFFFFF, 0) == std::uint64_t{0xFFFFFFFF} * 32 * 256);
}

TEST_CASE("a walker goes back only where there is nowhere else to go") {
    Node node;
    node.back = neighbour(9, 1000);
    CHECK(node.relay(at_step(1)) == PeerId{9});
    node.neighbours = {neighbour(1, 1), neighbour(2, 2)};
    node.walk.stop_querying(Guid{});
    std::multiset<std::uint32_t> taken;
    for (int i = 0; i < 40; ++i) taken.insert(node.relay(at_step(1)).value());
    CHECK(taken.count(9) == 0);
    CHECK(taken.count(1) == 20);
    CHECK(taken.count(2) == 20);
}

TEST_CASE("a link that a walker came by is used up for the others too") {
    Node node;
    node.neighbours = {neighbour(1, 1), neighbour(2, 2), neighbour(3, 3)};
    node.back = std::nullopt;
    auto const take = [&](std::uint32_t from) {
        node.back = node.neighbours[from - 1];
        std::vector<Neighbour> const all = node.neighbours;
        std::erase_if(node.neighbours, [&](Neighbour const& one) { return one.peer == PeerId{from}; });
        PeerId const to = node.relay(at_step(1));
        node.neighbours = all;
        return to.value();
    };
    std::uint32_t const first = take(3);  // 3 and this one are used now
    std::uint32_t const second = take(3);
    CHECK(std::set{first, second} == std::set<std::uint32_t>{1, 2});
}

TEST_CASE("without state each link is as likely as it is attractive") {
    Node node;
    node.neighbours = {neighbour(1, 1), neighbour(2, 2), neighbour(3, 7)};
    auto const count = node.firsts(10'000, false);
    CHECK(std::abs(count.at(1) - 1000) < 150);
    CHECK(std::abs(count.at(2) - 2000) < 200);
    CHECK(std::abs(count.at(3) - 7000) < 250);
    for (Neighbour& neighbour : node.neighbours) neighbour.load = 255;
    for (auto const& [peer, times] : node.firsts(3000, false)) CHECK(std::abs(times - 1000) < 150);
}

TEST_CASE("every link is used once before any is used again, also across words of bits") {
    constexpr std::size_t links = 130;
    std::vector<std::uint64_t> attractions(links);
    for (std::size_t link = 0; link < links; ++link) attractions[link] = link % 7;
    std::vector<std::uint64_t> used(words_for(links));
    Rng rng{3};
    for (int round = 0; round < 3; ++round) {
        std::set<std::size_t> seen;
        for (std::size_t i = 0; i < links; ++i) seen.insert(biased(attractions, used, std::nullopt, rng));
        CHECK(seen.size() == links);
    }
    std::vector<std::uint64_t> one(1);
    CHECK(biased({5}, one, 0, rng) == 0);
    CHECK(biased({5}, one, 0, rng) == 0);
}

TEST_CASE("strangers get a flood") {
    Node node;
    node.neighbours = {neighbour(1, 3), neighbour(2, 3)};
    for (Neighbour& neighbour : node.neighbours) neighbour.praline = false;
    ForwardPlans const out = node.start(asked());
    REQUIRE(out.at(0).next_hops.size() == 2);
    CHECK_FALSE(out[0].next_hops[0].walker);
}

}  // namespace biased_walk_test
