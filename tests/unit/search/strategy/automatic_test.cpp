#include "search/strategy/automatic.hpp"

#include <set>

#include <catch2/catch.hpp>

#include "unit/search/strategy/samples.hpp"

namespace automatic_test {
using namespace praline;
using namespace praline::search::strategy;
namespace qrp = praline::search::qrp;

namespace {

/// A query for something by its hash, or by a word.
QueryContext asked(std::uint8_t name, bool by_hash = true) {
    auto terms = std::make_shared<qrp::QueryTerms>();
    (by_hash ? terms->urns : terms->words).push_back(qrp::hash_product("word"));
    QueryContext query = query_as(name);
    query.terms = terms;
    return query;
}

struct Node {
    explicit Node(std::uint32_t peers, std::uint32_t ours, AutomaticLimits limits = {}) : automatic{limits} {
        for (std::uint32_t peer = 1; peer <= peers; ++peer) {
            Neighbour neighbour{PeerId{peer}, 4, nullptr, peer <= ours};
            neighbour.ext_probes = true;
            neighbours.push_back(neighbour);
        }
    }
    Automatic automatic;
    std::vector<Neighbour> neighbours;
    Rng rng{7};
    Instant now{std::chrono::hours{1}};

    [[nodiscard]] RoutingView view() { return RoutingView{neighbours, now, rng}; }
    ForwardPlans start(QueryContext const& query) {
        ForwardPlans out;
        automatic.start(query, view(), out);
        return out;
    }
    /// At the next deadline.
    ForwardPlans tick() {
        REQUIRE(automatic.next_deadline());
        now = *automatic.next_deadline();
        ForwardPlans out;
        automatic.tick(view(), out);
        return out;
    }
};

std::vector<Stage> plan(std::size_t neighbours, std::size_t walking, std::size_t matching, std::size_t wanted) {
    return AutomaticRules{}.plan(AutomaticFacts{neighbours, walking, matching, wanted});
}

}  // namespace

TEST_CASE("the plan follows from who the neighbours are, what their tables say and how much is wanted") {
    using enum Stage;
    CHECK(plan(8, 8, 0, 1) == std::vector{few, many, wide});
    CHECK(plan(8, 8, 1, 1) == std::vector{near, few, many, wide});
    CHECK(plan(8, 2, 0, 8) == std::vector{few, many, wide});
    CHECK(plan(8, 1, 0, 1) == std::vector{wide});  // mostly strangers
    CHECK(plan(8, 0, 3, 1) == std::vector{wide});
    CHECK(plan(8, 8, 3, 9) == std::vector{wide});  // more than walkers bring
    CHECK(plan(0, 0, 0, 1) == std::vector{wide});
}

TEST_CASE("walkers are biased where the overlay looks even, and nowhere else") {
    AutomaticFacts facts;
    CHECK_FALSE(AutomaticRules{}.biased(facts));
    facts.degree_least = 4;
    facts.degree_most = 12;
    facts.neighbours = 2;
    CHECK_FALSE(AutomaticRules{}.biased(facts));
    facts.neighbours = 3;
    CHECK(AutomaticRules{}.biased(facts));
    facts.degree_most = 13;
    CHECK_FALSE(AutomaticRules{}.biased(facts));

    Node node{8, 8};
    for (Neighbour& neighbour : node.neighbours) neighbour.degree = 20;
    CHECK(node.start(asked(1)).at(0).next_hops.at(0).walker->biased);
    CHECK(node.tick().at(0).next_hops.at(0).walker->biased);
    CHECK(node.automatic.wants_more(named(1)));
    node.automatic.results(named(1), 6);
    CHECK_FALSE(node.automatic.wants_more(named(1)));
    node.neighbours[3].degree = 25;  // we have 8
    CHECK_FALSE(node.start(asked(2)).at(0).next_hops.at(0).walker->biased);
    node.neighbours[3].degree = 0;  // it does not say
    CHECK_FALSE(node.start(asked(3)).at(0).next_hops.at(0).walker->biased);
}

TEST_CASE("few walkers, then more with other numbers, then a wide query under a name of its own") {
    Node node{8, 8};
    ForwardPlans out = node.start(asked(1));
    REQUIRE(out.size() == 1);
    REQUIRE(out[0].next_hops.size() == 8);
    CHECK(out[0].next_hops[7].walker == wire::WalkerItem{7, 1, 64, 4, true, false});
    CHECK(node.automatic.wants_more(named(1)));
    CHECK(node.automatic.next_deadline() == node.now + std::chrono::milliseconds{64 * 300});

    out = node.tick();
    REQUIRE(out.size() == 1);
    REQUIRE(out[0].next_hops.size() == 64);
    CHECK(out[0].context.guid == named(1));
    CHECK(out[0].next_hops[0].walker == wire::WalkerItem{8, 1, 1024, 4, true, false});
    CHECK_FALSE(out[0].round_of);
    CHECK(node.automatic.next_deadline() == node.now + std::chrono::minutes{1});

    std::set<PeerId> reached;
    while (node.automatic.may_query_more(named(1))) {
        out = node.tick();
        for (ForwardPlan const& plan : out) {
            CHECK(plan.context.guid != named(1));
            CHECK(plan.round_of == named(1));
            for (Hop const& copy : plan.next_hops) {
                CHECK_FALSE(copy.walker);
                reached.insert(copy.to);
            }
        }
    }
    CHECK(reached.size() == 8);
    CHECK_FALSE(node.automatic.next_deadline());
}

TEST_CASE("enough results end every stage, and tell the walkers") {
    Node node{8, 8};
    (void)node.start(asked(1));
    node.automatic.results(named(1), 5);
    CHECK(node.automatic.wants_more(named(1)));
    node.automatic.results(named(1), 1);  // six are wanted by hash
    CHECK_FALSE(node.automatic.wants_more(named(1)));
    CHECK_FALSE(node.automatic.may_query_more(named(1)));
    CHECK_FALSE(node.automatic.next_deadline());

    (void)node.start(asked(2));
    (void)node.tick();
    Guid const wide = node.tick().at(0).context.guid;
    node.automatic.results(wide, 6);
    CHECK_FALSE(node.automatic.may_query_more(named(2)));
    CHECK_FALSE(node.automatic.wants_more(named(2)));
}

TEST_CASE("the wide query looks only for what walkers have not found") {
    Node node{30, 30};
    (void)node.start(asked(1));
    node.automatic.results(named(1), 4);
    (void)node.tick();
    Guid const wide = node.tick().at(0).context.guid;
    node.automatic.results(wide, 1);
    CHECK(node.automatic.may_query_more(named(1)));
    node.automatic.results(wide, 1);
    CHECK_FALSE(node.automatic.may_query_more(named(1)));
}

TEST_CASE("a search by words wants many results: dynamic querying under its own name at once") {
    Node node{8, 8};
    ForwardPlans const out = node.start(asked(1, false));
    REQUIRE(out.size() == 1);
    CHECK(out[0].next_hops.size() == 3);
    CHECK_FALSE(out[0].next_hops[0].walker);
    CHECK_FALSE(out[0].round_of);
    CHECK_FALSE(node.tick().at(0).round_of);
    CHECK(node.automatic.may_query_more(named(1)));
    node.automatic.results(named(1), 150);
    CHECK_FALSE(node.automatic.may_query_more(named(1)));
    QueryContext modest = asked(2, false);
    modest.parameters.results_wanted = 3;
    CHECK(node.start(modest).at(0).next_hops.at(0).walker);
}

TEST_CASE("neighbours whose tables match are asked first, one hop far") {
    Node node{8, 8};
    qrp::QueryRoutingTable matching{1024}, other{1024};
    matching.set_product(qrp::hash_product("word"));
    for (Neighbour& neighbour : node.neighbours) neighbour.table = &other;
    node.neighbours[4].table = &matching;
    QueryContext query = asked(1, false);
    query.parameters.results_wanted = 1;
    ForwardPlans const near = node.start(query);
    REQUIRE(near.size() == 1);
    REQUIRE(near[0].next_hops.size() == 1);
    CHECK(near[0].next_hops[0].to == PeerId{5});
    CHECK(near[0].next_hops[0].ttl == Ttl{1});
    CHECK(node.automatic.next_deadline() == node.now + std::chrono::milliseconds{2400});
    CHECK(node.tick().at(0).next_hops.size() == 8);
}

TEST_CASE("walkers are left out when those who took them have gone") {
    Node node{8, 8};
    (void)node.start(asked(1));
    for (Neighbour& neighbour : node.neighbours) neighbour.praline = false;
    ForwardPlans const out = node.tick();
    REQUIRE(out.size() == 1);
    CHECK(out[0].round_of == named(1));
    node.neighbours.clear();
    (void)node.tick();
    CHECK_FALSE(node.automatic.may_query_more(named(1)));
}

TEST_CASE("searches in stages are bounded, the oldest gives way; what is stopped asks nobody") {
    AutomaticLimits limits;
    limits.searches_max = 2;
    Node node{8, 8, limits};
    for (std::uint8_t name = 1; name <= 3; ++name) (void)node.start(asked(name));
    CHECK_FALSE(node.automatic.may_query_more(named(1)));
    CHECK(node.automatic.may_query_more(named(2)));
    node.automatic.stop_querying(named(2));
    CHECK_FALSE(node.automatic.may_query_more(named(2)));
    CHECK_FALSE(node.automatic.wants_more(named(2)));
    CHECK(node.automatic.may_query_more(named(3)));
}

TEST_CASE("walkers and copies that pass an automatic searcher go on as what they are") {
    Node node{3, 3};
    QueryContext walker = asked(1);
    walker.walker = wire::WalkerItem{0, 1, 64, 4, true, false};
    ForwardPlans out;
    node.automatic.relay(walker, node.view(), out);
    REQUIRE(out.size() == 1);
    CHECK(out[0].next_hops.at(0).walker->step == 2);
    walker.walker = wire::WalkerItem{0, 4, 64, 4, true, true};
    node.automatic.relay(walker, node.view(), out);
    WalkerChecks checks;
    node.automatic.take_checks(checks);
    REQUIRE(checks.size() == 1);
    REQUIRE(out.size() == 1);
    node.automatic.check_answered(checks[0], true, node.view(), out);
    REQUIRE(out.size() == 2);
    CHECK(out[1].next_hops.at(0).walker->step == 5);
    out.pop_back();
    QueryContext flood = asked(2);
    flood.ttl = Ttl{2};
    node.automatic.relay(flood, node.view(), out);
    REQUIRE(out.size() == 2);
    CHECK_FALSE(out[1].next_hops.at(0).walker);
}

}  // namespace automatic_test
