#include "search/strategy/dynamic.hpp"

#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "unit/search/strategy/samples.hpp"

namespace dynamic_test {
using namespace praline;
using namespace praline::search::strategy;
namespace qrp = praline::search::qrp;

namespace {

struct Node {
    explicit Node(std::uint32_t peers, bool probes = true, DynamicLimits limits = {}) : dynamic{limits} {
        for (std::uint32_t peer = 1; peer <= peers; ++peer) {
            Neighbour neighbour{PeerId{peer}};
            neighbour.ext_probes = probes;
            neighbour.degree = 11;  // horizons 1, 11, 111, 1111
            neighbours.push_back(neighbour);
        }
    }
    Dynamic dynamic;
    std::vector<Neighbour> neighbours;
    Rng rng{7};
    Instant now{std::chrono::hours{1}};

    [[nodiscard]] RoutingView view() { return RoutingView{neighbours, now, rng}; }
    std::vector<Hop> start(QueryContext const& query) {
        ForwardPlans out;
        dynamic.start(query, view(), out);
        return copies(out, query.guid);
    }
    /// At the next deadline.
    std::vector<Hop> tick(Guid const& guid) {
        REQUIRE(dynamic.next_deadline());
        now = *dynamic.next_deadline();
        ForwardPlans out;
        dynamic.tick(view(), out);
        return copies(out, guid);
    }
    static std::vector<Hop> copies(ForwardPlans const& out, Guid const& guid) {
        std::vector<Hop> all;
        for (ForwardPlan const& plan : out) {
            CHECK(plan.context.guid == guid);
            CHECK_FALSE(plan.round_of);
            all.insert(all.end(), plan.next_hops.begin(), plan.next_hops.end());
        }
        return all;
    }
};

}  // namespace

TEST_CASE("three neighbours are probed two hops far, then one at a time, each after the hops of the last") {
    Node node{30};
    Instant const began = node.now;
    std::vector<Hop> const probes = node.start(query_as(1));
    REQUIRE(probes.size() == 3);
    std::set<PeerId> reached;
    for (Hop const& copy : probes) {
        CHECK(copy.ttl == Ttl{2});
        reached.insert(copy.to);
    }
    CHECK(node.dynamic.may_query_more(named(1)));
    CHECK(node.dynamic.next_deadline() == began + std::chrono::milliseconds{4800});
    for (int i = 0; i < 27; ++i) {
        Instant const before = node.now;
        std::vector<Hop> const next = node.tick(named(1));
        REQUIRE(next.size() == 1);
        reached.insert(next[0].to);
        if (i > 0) CHECK(node.now > before);
        if (node.dynamic.next_deadline())
            CHECK(*node.dynamic.next_deadline() - node.now == std::chrono::milliseconds{2400} * next[0].ttl.value());
    }
    CHECK(reached.size() == 30);  // each once before any is asked again
}

TEST_CASE("results end it; those of another query do not") {
    Node node{10};
    (void)node.start(query_as(1));
    (void)node.start(query_as(2));
    node.dynamic.results(named(1), 149);
    CHECK(node.dynamic.may_query_more(named(1)));
    node.dynamic.results(named(1), 1);
    CHECK_FALSE(node.dynamic.may_query_more(named(1)));
    CHECK(node.dynamic.may_query_more(named(2)));
    node.dynamic.stop_querying(named(2));
    CHECK_FALSE(node.dynamic.may_query_more(named(2)));
    CHECK_FALSE(node.dynamic.next_deadline());
}

TEST_CASE("the more was found the less far the next goes") {
    Node rare{10}, common{10};
    (void)rare.start(query_as(1));
    (void)common.start(query_as(1));
    common.dynamic.results(named(1), 100);
    CHECK(rare.tick(named(1)).at(0).ttl == Ttl{3});    // 150 · 33 / 10 each
    CHECK(common.tick(named(1)).at(0).ttl == Ttl{1});  // 50 · 33 / 100 / 10 each
}

TEST_CASE("how many are wanted depends on who asks for what, and on what the search says") {
    auto const enough = [](QueryContext const& query) {
        Node node{10};
        (void)node.start(query);
        for (std::size_t found = 0;; ++found) {
            if (!node.dynamic.may_query_more(query.guid)) return found;
            node.dynamic.results(query.guid, 1);
        }
    };
    QueryContext query = query_as(1);
    CHECK(enough(query) == 150);
    query.from = PeerId{99};
    CHECK(enough(query) == 50);
    auto terms = std::make_shared<qrp::QueryTerms>();
    terms->urns.push_back(5);
    query.terms = terms;
    CHECK(enough(query) == 6);
    query.parameters.results_wanted = 20;
    CHECK(enough(query) == 20);
}

TEST_CASE("the search may ask for less reach, never for more than the limit or the neighbour allows") {
    Node node{6};
    node.neighbours[0].max_ttl = 3;
    QueryContext query = query_as(1);
    query.parameters.ttl = 255;
    std::map<PeerId, int> furthest;
    for (Hop const& copy : node.start(query)) furthest[copy.to] = copy.ttl.value();
    while (node.dynamic.may_query_more(named(1)))
        for (Hop const& copy : node.tick(named(1))) {
            CHECK(copy.ttl.value() > furthest[copy.to]);
            furthest[copy.to] = copy.ttl.value();
        }
    for (auto const& [peer, ttl] : furthest) CHECK(ttl == (peer == PeerId{1} ? 3 : 4));
    query.parameters.ttl = 1;
    for (Hop const& copy : node.start(query)) CHECK(copy.ttl == Ttl{1});
}

TEST_CASE("strangers that take no probes are asked once, in the end all of them: a flood, little by little") {
    Node node{5, false};
    std::multiset<PeerId> reached;
    for (Hop const& copy : node.start(query_as(1))) reached.insert(copy.to);
    CHECK(reached.size() == 2);
    while (node.dynamic.may_query_more(named(1)))
        for (Hop const& copy : node.tick(named(1))) reached.insert(copy.to);
    CHECK(reached == std::multiset<PeerId>{PeerId{1}, PeerId{2}, PeerId{3}, PeerId{4}, PeerId{5}});

    Node lonely{1, false};
    std::vector<Hop> const all = lonely.start(query_as(1));
    REQUIRE(all.size() == 1);
    CHECK(all[0].ttl == Ttl{4});
    CHECK_FALSE(lonely.dynamic.may_query_more(named(1)));
    Node nobody{0};
    CHECK(nobody.start(query_as(1)).empty());
    CHECK_FALSE(nobody.dynamic.may_query_more(named(1)));
}

TEST_CASE("a neighbour that comes while it goes on is asked, one that leaves is not") {
    Node node{4};
    (void)node.start(query_as(1));
    node.neighbours.clear();
    node.neighbours.push_back(Neighbour{PeerId{9}});
    CHECK(node.tick(named(1)).at(0).to == PeerId{9});
    CHECK_FALSE(node.dynamic.may_query_more(named(1)));
}

TEST_CASE("it ends after ten minutes of waiting, however many neighbours there are") {
    Node node{2000};
    Instant const began = node.now;
    (void)node.start(query_as(1));
    std::size_t hops = 2;
    while (node.dynamic.may_query_more(named(1)))
        for (Hop const& copy : node.tick(named(1))) hops += copy.ttl.value();
    CHECK(hops >= 250);
    CHECK(hops <= 253);
    CHECK(node.now - began <= std::chrono::minutes{10});
}

TEST_CASE("dynamic searches that go on are bounded, the oldest gives way") {
    DynamicLimits limits;
    limits.searches_max = 2;
    Node node{10, true, limits};
    for (std::uint8_t name = 1; name <= 3; ++name) (void)node.start(query_as(name));
    CHECK_FALSE(node.dynamic.may_query_more(named(1)));
    CHECK(node.dynamic.may_query_more(named(2)));
    CHECK(node.dynamic.may_query_more(named(3)));
    (void)node.start(query_as(3));  // again: still one
    CHECK(node.dynamic.may_query_more(named(2)));
}

TEST_CASE("a passing query is relayed as a flood by a dynamic searcher too") {
    Node node{3};
    QueryContext query = query_as(1);
    query.ttl = Ttl{2};
    query.from = PeerId{9};
    ForwardPlans out;
    node.dynamic.relay(query, node.view(), out);
    REQUIRE(out.size() == 1);
    CHECK(out[0].next_hops.size() == 3);
    CHECK(out[0].next_hops[0].ttl == Ttl{2});
    CHECK_FALSE(node.dynamic.next_deadline());
}

}  // namespace dynamic_test
