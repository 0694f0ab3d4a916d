#include "search/strategy/dynamic_rules.hpp"

#include <set>

#include <catch2/catch.hpp>

namespace dynamic_rules_test {
using namespace praline;
using namespace praline::search::strategy;

namespace {

std::vector<Connection> of_degree(std::size_t count, std::uint32_t degree, bool again = false) {
    Connection one;
    one.degree = degree;
    one.again = again;
    return std::vector<Connection>(count, one);
}

}  // namespace

TEST_CASE("the horizon is the sum of the powers, not the rounded figures of the specification's examples") {
    STATIC_REQUIRE(horizon(6, 7) == 19'531);
    STATIC_REQUIRE(horizon(32, 3) == 993);
    STATIC_REQUIRE(horizon(32, 2) == 32);
    CHECK(horizon(2, 9) == 9);
    CHECK(horizon(1, 9) == 1);
    CHECK(horizon(0, 9) == 1);
    CHECK(horizon(30, 0) == 0);
    CHECK(horizon(30, 1) == 1);
}

TEST_CASE("a horizon too large for 64 bits stays at the most there is") {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    CHECK(horizon(0xFFFFFFFF, 255) == most);
    CHECK(horizon(3, 64) == most);
    CHECK(horizon(3, 63) == most / 2);
    for (unsigned ttl = 1; ttl < 255; ++ttl) CHECK(horizon(17, ttl) <= horizon(17, ttl + 1));
}

TEST_CASE("three are probed, two hops far; one where a table matches or where one hop behind it there are too many") {
    DynamicRules const rules;
    Rng rng{1};
    auto connections = of_degree(10, 32, true);
    auto reaches = rules.probe(connections, rng);
    REQUIRE(reaches.size() == 3);
    for (Reach const& reach : reaches) CHECK(reach.ttl == 2);
    connections[7].likely = true;
    CHECK(rules.probe(connections, rng).front() == Reach{7, 1});
    DynamicRules unlimited = rules;
    unlimited.degree_max = 1000;
    for (Reach const& reach : unlimited.probe(of_degree(4, 200, true), rng)) CHECK(reach.ttl == 1);
}

TEST_CASE("who can be asked only once is mostly kept for later") {
    DynamicRules const rules;
    Rng rng{1};
    CHECK(rules.probe(of_degree(1, 32), rng).empty());
    CHECK(rules.probe(of_degree(3, 32), rng).size() == 1);
    CHECK(rules.probe(of_degree(4, 32), rng).size() == 2);
    CHECK(rules.probe(of_degree(30, 32), rng).size() == 3);
    CHECK(rules.probe({}, rng).empty());
    CHECK(rules.probe(of_degree(1, 32, true), rng).size() == 1);
}

TEST_CASE("a table that does not match rules out the neighbour, not what lies behind it") {
    DynamicRules rules;
    Rng rng{1};
    auto connections = of_degree(4, 200, true);
    for (Connection& one : connections) one.ruled_out = true;
    for (Reach const& reach : rules.probe(connections, rng)) CHECK(reach.ttl == 2);
    CHECK(rules.next(connections, 149, 1000, rng)->ttl == 2);
    rules.ttl_max = 1;
    CHECK(rules.probe(connections, rng).empty());
    CHECK_FALSE(rules.next(connections, 0, 1, rng));
}

TEST_CASE("the reach follows from popularity, from what is missing and from how many are left") {
    DynamicRules const rules;
    Rng rng{1};
    auto connections = of_degree(10, 11);                      // horizons 1, 11, 111, 1111
    CHECK(rules.next(connections, 75, 740, rng)->ttl == 2);    // 74 each
    CHECK(rules.next(connections, 75, 1109, rng)->ttl == 2);   // 110 each
    CHECK(rules.next(connections, 75, 1110, rng)->ttl == 3);   // 111 each
    CHECK(rules.next(connections, 149, 1110, rng)->ttl == 1);  // not one
    CHECK(rules.next(connections, 1, 10'000, rng)->ttl == 4);  // never more than allowed
    for (std::size_t at = 0; at < 9; ++at) connections[at].ttl_max = 0;
    CHECK(rules.next(connections, 75, 740, rng)->ttl == 4);  // the last one: 740 are needed, 111 are too few
    connections[9].ttl_max = 3;
    CHECK(rules.next(connections, 75, 740, rng)->ttl == 3);
}

TEST_CASE("while nothing is found the reach grows with the hosts asked in vain") {
    DynamicRules rules;
    rules.results_wanted = 1;
    Rng rng{1};
    auto const connections = of_degree(10, 11);
    CHECK(rules.next(connections, 0, 100, rng)->ttl == 1);
    CHECK(rules.next(connections, 0, 110, rng)->ttl == 2);
    CHECK(rules.next(connections, 0, 1110, rng)->ttl == 3);
}

TEST_CASE("it ends with enough results, with enough hosts asked, and when nobody is left") {
    DynamicRules const rules;
    Rng rng{1};
    auto connections = of_degree(2, 11);
    CHECK(rules.next(connections, 149, 100, rng));
    CHECK_FALSE(rules.next(connections, 150, 100, rng));
    CHECK(rules.next(connections, 0, 199'999, rng));
    CHECK_FALSE(rules.next(connections, 0, 200'000, rng));
    for (Connection& one : connections) one.ttl_sent = 2;
    CHECK_FALSE(rules.next(connections, 0, 100, rng));
    CHECK_FALSE(rules.any_left(connections));
}

TEST_CASE("who takes it again is asked again, further, after all others") {
    DynamicRules const rules;
    Rng rng{1};
    auto connections = of_degree(3, 11, true);
    connections[0].ttl_sent = connections[1].ttl_sent = 2;
    CHECK(rules.next(connections, 149, 23, rng) == Reach{2, 1});
    connections[2].ttl_sent = 3;
    auto const again = rules.next(connections, 149, 23, rng);
    REQUIRE(again);
    CHECK(again->connection < 2);
    CHECK(again->ttl == 3);
    connections[0].ttl_sent = connections[1].ttl_sent = connections[2].ttl_sent = 4;
    CHECK_FALSE(rules.next(connections, 0, 23, rng));
}

TEST_CASE("emptier queues are asked first, then those that are likely, then any by chance") {
    DynamicRules const rules;
    Rng rng{1};
    auto connections = of_degree(6, 11);
    connections[3].load = 10;
    connections[5].likely = true;
    for (std::size_t at : {0U, 1U, 2U, 4U}) connections[at].load = 64;
    CHECK(rules.next(connections, 0, 20, rng)->connection == 5);
    connections[5].load = 40;
    CHECK(rules.next(connections, 0, 20, rng)->connection == 3);
    connections[3].ttl_sent = connections[5].ttl_sent = 1;
    std::set<std::size_t> chosen;
    for (int i = 0; i < 200; ++i) chosen.insert(rules.next(connections, 0, 20, rng)->connection);
    CHECK(chosen == std::set<std::size_t>{0, 1, 2, 4});
}

TEST_CASE("whatever connections there are, a query comes to an end and never goes further than allowed") {
    Rng rng{9};
    for (int round = 0; round < 300; ++round) {
        DynamicRules rules;
        rules.ttl_max = static_cast<std::uint8_t>(rng.below(8));
        rules.results_wanted = 1 + rng.below(200);
        rules.hosts_max = std::numeric_limits<std::uint64_t>::max();
        std::vector<Connection> connections(rng.below(12));
        for (Connection& one : connections)
            one = Connection{static_cast<std::uint32_t>(rng.next()) >> rng.below(32),
                             0,
                             static_cast<std::uint8_t>(rng.below(9)),
                             static_cast<std::uint8_t>(rng.below(256)),
                             rng.below(2) == 0,
                             rng.below(3) == 0,
                             rng.below(3) == 0};
        std::size_t asked = 0;
        auto const ask = [&](Reach const& reach) {
            Connection& one = connections.at(reach.connection);
            REQUIRE(reach.ttl > one.ttl_sent);
            REQUIRE(reach.ttl <= std::min(rules.ttl_max, one.ttl_max));
            one.ttl_sent = reach.ttl;
            ++asked;
        };
        for (Reach const& reach : rules.probe(connections, rng)) ask(reach);
        while (auto const reach = rules.next(connections, 0, asked * 1000, rng)) ask(*reach);
        CHECK(asked <= connections.size() * 8);
        CHECK_FALSE(rules.any_left(connections));
    }
}

}  // namespace dynamic_rules_test
