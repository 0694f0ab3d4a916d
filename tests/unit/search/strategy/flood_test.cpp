#include "search/strategy/flood.hpp"

#include <catch2/catch.hpp>

namespace flood_test {
using namespace praline;
using namespace praline::search::strategy;
namespace qrp = praline::search::qrp;

namespace {

QueryContext asked(std::uint8_t ttl, std::string const& word) {
    auto terms = std::make_shared<qrp::QueryTerms>();
    terms->words.push_back(qrp::hash_product(word));
    return QueryContext{Guid{}, Ttl{ttl}, Hops{1}, std::nullopt, nullptr, terms};
}

struct Around {
    Around() { table.set_product(qrp::hash_product("linux")); }
    qrp::QueryRoutingTable table{1U << 16};
    std::vector<Neighbour> neighbours{{PeerId{1}, 4, nullptr}, {PeerId{2}, 3, &table}, {PeerId{3}, 0, nullptr}};
    Rng rng{1};
    RoutingView surroundings{neighbours, Instant{}, rng};
    ForwardPlans out;
};

std::vector<std::pair<std::uint32_t, unsigned>> copies(ForwardPlans const& out) {
    std::vector<std::pair<std::uint32_t, unsigned>> all;
    for (ForwardPlan const& plan : out)
        for (Hop const& copy : plan.next_hops) all.emplace_back(copy.to.value(), copy.ttl.value());
    return all;
}

using Copies = std::vector<std::pair<std::uint32_t, unsigned>>;

}  // namespace

TEST_CASE("a flood starts with the default TTL, bounded by its limit and each neighbour's") {
    Around view;
    Flood flood{FloodLimits{3, 5}};
    flood.start(asked(0, "linux"), view.surroundings, view.out);
    CHECK(copies(view.out) == Copies{{1, 3}, {2, 3}});
    view.out.clear();
    flood.start(asked(200, "linux"), view.surroundings, view.out);
    CHECK(copies(view.out) == Copies{{1, 4}, {2, 3}});
}

TEST_CASE("a flood passes on to all, but on the last hop not to those whose table rules a match out") {
    Around view;
    Flood flood;
    flood.relay(asked(2, "absent"), view.surroundings, view.out);
    CHECK(copies(view.out) == Copies{{1, 2}, {2, 2}, {3, 2}});
    view.out.clear();
    flood.relay(asked(1, "absent"), view.surroundings, view.out);
    CHECK(copies(view.out) == Copies{{1, 1}, {3, 1}});
    view.out.clear();
    flood.relay(asked(1, "linux"), view.surroundings, view.out);
    CHECK(copies(view.out) == Copies{{1, 1}, {2, 1}, {3, 1}});
    CHECK_FALSE(flood.next_deadline());
}

TEST_CASE("a flood with nobody to ask says nothing") {
    Around view;
    Flood flood;
    flood.start(asked(0, "linux"), RoutingView{{}, Instant{}, view.rng}, view.out);
    CHECK(view.out.empty());
}

}  // namespace flood_test
