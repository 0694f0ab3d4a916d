#include "search/strategy/flood.hpp"

#include <catch2/catch.hpp>

namespace flood_test {
using namespace praline;
using namespace praline::search::strategy;
namespace qrp = praline::search::qrp;

namespace {

Asked asked(std::uint8_t ttl, std::string const& word) {
    auto terms = std::make_shared<qrp::QueryTerms>();
    terms->words.push_back(qrp::hash_product(word));
    return Asked{Guid{}, Ttl{ttl}, Hops{1}, std::nullopt, nullptr, nullptr, terms};
}

struct Around {
    Around() { table.set_product(qrp::hash_product("linux")); }
    qrp::QueryRoutingTable table{1U << 16};
    std::vector<Candidate> candidates{{PeerId{1}, 4, nullptr}, {PeerId{2}, 3, &table}, {PeerId{3}, 0, nullptr}};
    Rng rng{1};
    Surroundings surroundings{candidates, Instant{}, rng};
    Spreads out;
};

std::vector<std::pair<std::uint32_t, unsigned>> copies(Spreads const& out) {
    std::vector<std::pair<std::uint32_t, unsigned>> all;
    for (Spread const& spread : out)
        for (Copy const& copy : spread.copies) all.emplace_back(copy.to.value(), copy.ttl.value());
    return all;
}

using Copies = std::vector<std::pair<std::uint32_t, unsigned>>;

}  // namespace

TEST_CASE("a flood starts with the default TTL, bounded by its limit and each neighbour's") {
    Around around;
    Flood flood{FloodLimits{3, 5}};
    flood.start(asked(0, "linux"), around.surroundings, around.out);
    CHECK(copies(around.out) == Copies{{1, 3}, {2, 3}});
    around.out.clear();
    flood.start(asked(200, "linux"), around.surroundings, around.out);
    CHECK(copies(around.out) == Copies{{1, 4}, {2, 3}});
}

TEST_CASE("a flood passes on to all, but on the last hop not to those whose table rules a match out") {
    Around around;
    Flood flood;
    flood.relay(asked(2, "absent"), around.surroundings, around.out);
    CHECK(copies(around.out) == Copies{{1, 2}, {2, 2}, {3, 2}});
    around.out.clear();
    flood.relay(asked(1, "absent"), around.surroundings, around.out);
    CHECK(copies(around.out) == Copies{{1, 1}, {3, 1}});
    around.out.clear();
    flood.relay(asked(1, "linux"), around.surroundings, around.out);
    CHECK(copies(around.out) == Copies{{1, 1}, {2, 1}, {3, 1}});
    CHECK_FALSE(flood.next_deadline());
}

TEST_CASE("a flood with nobody to ask says nothing") {
    Around around;
    Flood flood;
    flood.start(asked(0, "linux"), Surroundings{{}, Instant{}, around.rng}, around.out);
    CHECK(around.out.empty());
}

}  // namespace flood_test
