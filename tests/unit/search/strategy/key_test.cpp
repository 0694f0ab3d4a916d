#include "search/strategy/key.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "unit/search/strategy/samples.hpp"

namespace key_test {
using namespace praline;
using namespace praline::search::strategy;

namespace {

QueryContext asked(std::uint8_t name, std::string text = "free jazz") {
    wire::Query query;
    query.text = std::move(text);
    QueryContext one = query_as(name);
    one.query = wire::routed(std::move(query));
    return one;
}

QueryContext passing(std::uint8_t name, std::uint8_t htl, std::uint32_t from = 9) {
    QueryContext one = asked(name);
    one.from = PeerId{from};
    one.key_request = wire::KeyItem{*routing_key(one.query->query), htl};
    return one;
}

struct Node {
    explicit Node(KeyLimits limits = {}, std::uint32_t peers = 4)
        : routing{limits}, neighbours{neighbours_of_ours(peers)} {}
    KeyRouting routing;
    std::vector<Neighbour> neighbours;
    Rng rng{7};
    Instant now{std::chrono::hours{1}};

    [[nodiscard]] RoutingView view() { return RoutingView{neighbours, now, rng}; }
    ForwardPlans start(QueryContext const& query) {
        ForwardPlans out;
        routing.start(query, view(), out);
        return out;
    }
    ForwardPlans relay(QueryContext const& query) {
        ForwardPlans out;
        routing.relay(query, view(), out);
        return out;
    }
    ForwardPlans tick() {
        ForwardPlans out;
        routing.tick(view(), out);
        return out;
    }
    ForwardPlans key_returned(std::uint8_t name, PeerId from, std::uint8_t htl) {
        ForwardPlans out;
        routing.key_returned(KeyReturn{named(name), PeerId{0}, htl}, from, view(), out);
        return out;
    }
    KeyReturns returns() {
        KeyReturns out;
        routing.take_returns(out);
        return out;
    }
};

Hop const& only_copy(ForwardPlans const& out) {
    REQUIRE(out.size() == 1);
    REQUIRE(out[0].next_hops.size() == 1);
    REQUIRE(out[0].next_hops[0].key_request);
    return out[0].next_hops[0];
}

/// A flood under a new name that every neighbour gets.
void check_flood_of(ForwardPlans const& out, std::uint8_t name, std::size_t neighbours) {
    REQUIRE(out.size() == 1);
    CHECK(out[0].next_hops.size() == neighbours);
    CHECK_FALSE(out[0].next_hops.at(0).key_request);
    CHECK(bool{out[0].round_of == std::optional{named(name)}});
    CHECK(out[0].context.guid != named(name));
}

}  // namespace

TEST_CASE("a request goes to the one neighbour whose known keys are nearest") {
    Node node;
    std::uint64_t const key = *routing_key(asked(1).query->query);
    PeerId const first = only_copy(node.start(asked(1))).to;
    for (Neighbour const& one : node.neighbours)
        CHECK(key_distance(KeyRouting::start_key(first), key) <= key_distance(KeyRouting::start_key(one.peer), key));
    // A hit by another way teaches that way.
    PeerId const other = first == PeerId{1} ? PeerId{2} : PeerId{1};
    node.routing.hit_passed(named(1), other);
    Hop const copy = only_copy(node.start(asked(2)));
    CHECK(copy.to == other);
    CHECK(copy.ttl == Ttl{1});
    CHECK(bool{copy.key_request == wire::KeyItem{key, 19}});
    node.routing.neighbour_down(other);
    CHECK(node.routing.references().size() == 0);
}

TEST_CASE("what comes back is sent to the next best until hops or neighbours run out") {
    Node node;
    std::set<PeerId> tried;
    Hop copy = only_copy(node.start(asked(1)));
    for (std::uint8_t left = 18; left > 15; left = static_cast<std::uint8_t>(left - 1)) {
        tried.insert(copy.to);
        copy = only_copy(node.key_returned(1, copy.to, left));
        CHECK(copy.key_request->htl == left - 1);
        CHECK_FALSE(tried.contains(copy.to));
    }
    check_flood_of(node.key_returned(1, copy.to, 10), 1, 4);
}

TEST_CASE("no hops left is the end of a request: ours becomes a flood, another's goes back") {
    Node node;
    Hop const copy = only_copy(node.start(asked(1)));
    check_flood_of(node.key_returned(1, copy.to, 0), 1, 4);
    Hop const onward = only_copy(node.relay(passing(2, 5)));
    CHECK(node.key_returned(2, onward.to, 0).empty());
    KeyReturns const back = node.returns();
    REQUIRE(back.size() == 1);
    CHECK(back[0].guid == named(2));
    CHECK(back[0].to == PeerId{9});
    CHECK(back[0].htl == 0);
    CHECK(node.returns().empty());
}

TEST_CASE("a return from anyone but who was asked changes nothing, and nobody gives more hops than he got") {
    Node node;
    Hop const copy = only_copy(node.start(asked(1)));
    PeerId const stranger = copy.to == PeerId{1} ? PeerId{2} : PeerId{1};
    CHECK(node.key_returned(1, stranger, 3).empty());
    CHECK(node.key_returned(7, copy.to, 3).empty());
    CHECK(only_copy(node.key_returned(1, copy.to, 255)).key_request->htl == 18);
    CHECK(node.key_returned(1, copy.to, 255).empty());  // it has given it back already
}

TEST_CASE("a request that has been here, or has no way on, goes back with the hops it has left") {
    Node node;
    CHECK(node.relay(passing(1, 5)).size() == 1);
    CHECK(node.relay(passing(1, 4, 8)).empty());
    QueryContext again = passing(2, 3, 8);
    again.again = true;
    CHECK(node.relay(again).empty());
    CHECK(node.relay(passing(3, 0, 8)).empty());
    Node lonely{KeyLimits{}, 0};
    CHECK(lonely.relay(passing(4, 7, 8)).empty());
    CHECK(lonely.returns().at(0).htl == 7);
    KeyReturns const back = node.returns();
    REQUIRE(back.size() == 3);
    CHECK(back[0].htl == 4);
    CHECK(back[1].htl == 3);
    CHECK(back[2].htl == 0);
    for (KeyReturn const& one : back) CHECK(one.to == PeerId{8});
}

TEST_CASE("a request of ours that comes round to us goes back") {
    Node node;
    (void)node.start(asked(1));
    CHECK(node.relay(passing(1, 9)).empty());
    CHECK(node.returns().at(0).htl == 9);
}

TEST_CASE("a match ends a request; the hit that follows teaches those it passes") {
    Node node;
    QueryContext match = passing(1, 5);
    match.answered_here = true;
    CHECK(node.relay(match).empty());
    CHECK(node.returns().empty());

    Hop const onward = only_copy(node.relay(passing(2, 5)));
    node.routing.hit_passed(named(2), onward.to);
    REQUIRE(node.routing.references().size() == 1);
    CHECK(node.routing.references().all()[0].who == onward.to);
    CHECK(node.key_returned(2, onward.to, 4).empty());
    CHECK(node.returns().empty());
    node.routing.hit_passed(named(77), PeerId{1});  // no request of that name
    CHECK(node.routing.references().size() == 1);
}

TEST_CASE("hops that are claimed are bounded, and so is a key that is claimed for other words") {
    KeyLimits limits;
    limits.htl_max = 10;
    Node node{limits};
    CHECK(only_copy(node.relay(passing(1, 255))).key_request->htl == 9);
    QueryContext lie = passing(2, 5);
    lie.key_request->key = 12345;
    CHECK(only_copy(node.relay(lie)).key_request->key == *routing_key(lie.query->query));
    QueryContext wish = asked(3);
    wish.parameters.ttl = 200;
    CHECK(only_copy(node.start(wish)).key_request->htl == 9);
}

TEST_CASE("where no neighbour is of ours, and for a query without a key, it is a plain flood under its own name") {
    Node node;
    for (Neighbour& one : node.neighbours) one.praline = false;
    ForwardPlans const out = node.start(asked(1));
    REQUIRE(out.size() == 1);
    CHECK(out[0].context.guid == named(1));
    CHECK_FALSE(out[0].round_of);
    CHECK(out[0].next_hops.size() == 4);
    CHECK(out[0].next_hops[0].ttl == Ttl{4});
    CHECK_FALSE(node.routing.next_deadline());
    Node ours;
    CHECK(ours.start(asked(1, "\\")).at(0).next_hops.size() == 4);
    CHECK(ours.relay([] {
                  QueryContext plain = asked(2);
                  plain.ttl = Ttl{2};
                  return plain;
              }())
              .at(0)
              .next_hops.size() == 4);
}

TEST_CASE("a request that gets no answer becomes a flood; with enough results it does not") {
    for (bool const found : {false, true}) {
        Node node;
        (void)node.start(asked(1));
        REQUIRE(node.routing.next_deadline());
        CHECK(node.routing.may_query_more(named(1)));
        CHECK_FALSE(node.routing.may_query_more(named(2)));
        if (found) {
            node.routing.results(named(1), 1);
            CHECK_FALSE(node.routing.next_deadline());
        }
        node.now += std::chrono::minutes{1};
        ForwardPlans const out = node.tick();
        if (found)
            CHECK(out.empty());
        else
            check_flood_of(out, 1, 4);
        CHECK_FALSE(node.routing.next_deadline());
        CHECK_FALSE(node.routing.may_query_more(named(1)));
        CHECK(node.tick().empty());
    }
}

TEST_CASE("hits of the flood count and teach for the query that it was") {
    KeyLimits limits;
    limits.results_wanted = 3;
    Node node{limits};
    Hop const copy = only_copy(node.start(asked(1)));
    node.routing.results(named(1), 1);
    ForwardPlans const out = node.key_returned(1, copy.to, 0);  // fewer than wanted
    check_flood_of(out, 1, 4);
    node.routing.hit_passed(out[0].context.guid, PeerId{3});
    REQUIRE(node.routing.references().size() == 1);
    CHECK(node.routing.references().all()[0].key == *routing_key(asked(1).query->query));
    node.routing.stop_querying(named(1));
    node.routing.hit_passed(out[0].context.guid, PeerId{2});
    CHECK(node.routing.references().all()[0].who == PeerId{3});
}

TEST_CASE(
    "when the neighbour that has a request goes down, the next best gets it; when the asker goes, it is forgotten") {
    Node node;
    Hop const ours = only_copy(node.start(asked(1)));
    node.routing.neighbour_down(ours.to);
    std::erase_if(node.neighbours, [&](Neighbour const& one) { return one.peer == ours.to; });
    REQUIRE(node.routing.next_deadline());
    CHECK(*node.routing.next_deadline() <= node.now);
    CHECK(only_copy(node.tick()).to != ours.to);
    node.routing.stop_querying(named(1));

    (void)node.relay(passing(2, 5));
    node.routing.neighbour_down(PeerId{9});
    CHECK_FALSE(node.routing.next_deadline());
    Hop const last = only_copy(node.relay(passing(3, 5)));
    node.routing.neighbour_down(last.to);
    node.neighbours.clear();
    CHECK(node.tick().empty());
    CHECK(node.returns().at(0).htl == 4);
    CHECK_FALSE(node.routing.next_deadline());
}

TEST_CASE("requests of others are forgotten after a while, and the oldest when there are too many") {
    KeyLimits limits;
    limits.passing_max = 2;
    Node node{limits};
    PeerId const first = only_copy(node.relay(passing(1, 5))).to;
    PeerId const second = only_copy(node.relay(passing(2, 5))).to;
    (void)node.relay(passing(3, 5));
    CHECK(node.key_returned(1, first, 4).empty());
    CHECK(node.key_returned(2, second, 4).size() == 1);
    node.now += std::chrono::minutes{1};
    CHECK(node.tick().empty());
    CHECK(node.returns().empty());
    CHECK_FALSE(node.routing.next_deadline());
}

namespace {

/// Nodes in a ring with a few chords, and their messages, carried in order.
struct Ring {
    static constexpr std::uint32_t count = 24;
    struct Message {
        std::uint32_t from, to;
        QueryContext context;
        std::optional<wire::KeyItem> key_request;
        std::optional<KeyReturn> back;
    };
    std::vector<std::unique_ptr<KeyRouting>> nodes;
    std::set<std::uint32_t> holders;
    std::deque<Message> on_the_way;
    std::map<std::pair<Guid, std::uint32_t>, std::uint32_t> came_from;
    Rng rng{5};
    std::uint64_t requests = 0, floods = 0, found = 0;

    Ring() {
        KeyLimits limits;
        limits.htl = limits.htl_max = 255;
        while (nodes.size() < count) nodes.push_back(std::make_unique<KeyRouting>(limits));
    }
    [[nodiscard]] static std::vector<Neighbour> neighbours_of(std::uint32_t node) {
        std::set<std::uint32_t> all{(node + 1) % count, (node + count - 1) % count};
        if (node % 2 == 0) all.insert((node + 8) % count), all.insert((node + 16) % count);
        std::vector<Neighbour> neighbours;
        for (std::uint32_t const one : all) neighbours.push_back(Neighbour{PeerId{one}, 4, nullptr, true});
        return neighbours;
    }
    template <class Decide>
    void at(std::uint32_t node, Decide decide) {
        auto const neighbours = neighbours_of(node);
        ForwardPlans out;
        decide(*nodes[node], RoutingView{neighbours, Instant{}, rng}, out);
        for (ForwardPlan const& plan : out)
            for (Hop const& copy : plan.next_hops)
                if (copy.key_request)
                    on_the_way.push_back({node, copy.to.value(), plan.context, copy.key_request, {}});
                else
                    ++floods;
        KeyReturns returns;
        nodes[node]->take_returns(returns);
        for (KeyReturn const& one : returns) on_the_way.push_back({node, one.to.value(), {}, {}, one});
    }
    void hit(Guid const& guid, std::uint32_t node, std::uint32_t source) {
        ++found;
        while (node != source) {
            std::uint32_t const before = came_from.at({guid, node});
            nodes[before]->hit_passed(guid, PeerId{node});
            node = before;
        }
        nodes[source]->results(guid, 1);
    }
    void search(std::uint8_t name, std::uint32_t source) {
        requests = 0;
        at(source,
           [&](KeyRouting& one, RoutingView const& view, ForwardPlans& out) { one.start(asked(name), view, out); });
        while (!on_the_way.empty()) {
            Message const message = std::exchange(on_the_way.front(), {});
            on_the_way.pop_front();
            at(message.to, [&](KeyRouting& one, RoutingView const& view, ForwardPlans& out) {
                if (message.back) return one.key_returned(*message.back, PeerId{message.from}, view, out);
                ++requests;
                QueryContext here = message.context;
                here.from = PeerId{message.from};
                here.key_request = message.key_request;
                here.again =
                    message.to == source || !came_from.emplace(std::pair{here.guid, message.to}, message.from).second;
                here.answered_here = !here.again && holders.contains(message.to);
                one.relay(here, view, out);
                if (here.answered_here) hit(here.guid, message.to, source);
            });
        }
    }
};

}  // namespace

TEST_CASE("with hops enough a request comes to every node, and what it found it finds again by a way as short") {
    for (std::uint32_t holder = 1; holder < Ring::count; ++holder) {
        Ring ring;
        ring.holders = {holder};
        ring.search(1, 0);
        CHECK(ring.found == 1);
        CHECK(ring.floods == 0);
        std::uint64_t const first = ring.requests;
        ring.search(2, 0);
        CHECK(ring.found == 2);
        CHECK(ring.requests <= first);
        CHECK(ring.requests < Ring::count);  // no try fails any more
    }
    Ring empty;
    empty.search(1, 0);
    CHECK(empty.found == 0);
    CHECK(empty.floods == 4);
    std::set<std::uint32_t> visited;
    for (auto const& [at, from] : empty.came_from) visited.insert(at.second);
    CHECK(visited.size() == Ring::count - 1);
}

TEST_CASE("random events: what is kept stays bounded, copies go to neighbours only and hops only fall") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Rng chance{seed};
        KeyLimits limits;
        limits.passing_max = 6;
        limits.searches_max = 3;
        limits.references_max = 8;
        Node node{limits, 5};
        for (int step = 0; step < 2000; ++step) {
            auto const name = static_cast<std::uint8_t>(1 + chance.below(12));
            auto const peer = PeerId{static_cast<std::uint32_t>(1 + chance.below(6))};
            auto const htl = static_cast<std::uint8_t>(chance.below(256));
            ForwardPlans out;
            switch (chance.below(8)) {
                case 0: out = node.start(asked(name)); break;
                case 1:
                case 2: out = node.relay(passing(name, htl, peer.value())); break;
                case 3: out = node.key_returned(name, peer, htl); break;
                case 4: node.routing.hit_passed(named(name), peer); break;
                case 5: node.routing.results(named(name), 1); break;
                case 6:
                    chance.below(8) == 0 ? node.routing.neighbour_down(peer) : node.routing.stop_querying(named(name));
                    break;
                default:
                    node.now += std::chrono::seconds{chance.below(20)};
                    out = node.tick();
                    break;
            }
            CHECK(node.routing.references().size() <= 8);
            for (ForwardPlan const& plan : out)
                for (Hop const& copy : plan.next_hops) {
                    if (copy.key_request) CHECK(copy.key_request->htl < limits.htl_max);
                    CHECK(copy.to.value() <= 5);
                    CHECK(bool{!copy.key_request || copy.to != plan.context.from});
                }
            CHECK(node.returns().size() <= 6);
        }
        node.now += std::chrono::hours{1};
        (void)node.tick();
        CHECK_FALSE(node.routing.next_deadline());
    }
}

}  // namespace key_test
