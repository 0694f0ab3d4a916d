// One strategy object a node, messages carried one by one: the counts must be those of the graph host.
#include <algorithm>

#include <catch2/catch.hpp>

#include "search/strategy/automatic.hpp"
#include "search/strategy/biased_walk.hpp"
#include "search/strategy/dynamic.hpp"
#include "search/strategy/expanding_ring.hpp"
#include "search/strategy/random_walk.hpp"
#include "tools/simulate/graph/graph_host.hpp"
#include "tools/simulate/world/topology.hpp"
#include "unit/tools/simulate/samples.hpp"

namespace strategy_host_test {
using namespace praline;
using namespace praline::simulate;
using namespace praline::simulate::world;
using namespace praline::simulate::graph;
using namespace praline::search::strategy;
namespace qrp = praline::search::qrp;

namespace {

std::vector<std::string> const topologies{"grid:8x6", "random:80:140", "power-law:100:40:0.8", "two-tier:12:4:5"};

struct Message {
    Node from, to;
    QueryContext context;
    Hop copy;
};

/// A network of nodes that each run the strategy under test.
class Network {
public:
    template <class Make>
    Network(Graph const& topology, std::set<Node> where, Rng& random, Make make)
        : graph{topology}, holders{std::move(where)}, rng{random} {
        for (Node node = 0; node < graph.nodes(); ++node) nodes.push_back(make());
    }

    [[nodiscard]] Neighbour neighbour(Node node) const {
        Neighbour neighbour{PeerId{node}, 255, nullptr, true, static_cast<std::uint16_t>(graph.degree(node))};
        neighbour.ext_probes = true;
        return neighbour;
    }
    /// Calls `decide` with what node `at` sees of a query that came from `from`, and takes what it decides.
    template <class Decide>
    void at(Node node, std::optional<Node> from, Decide decide) {
        std::vector<Neighbour> neighbours;
        for (Node const next : graph.neighbours(node))
            if (next != from) neighbours.push_back(neighbour(next));
        RoutingView const view{neighbours, now, rng, from ? std::optional{neighbour(*from)} : std::nullopt};
        ForwardPlans out;
        decide(*nodes[node], view, out);
        for (ForwardPlan const& plan : out)
            for (Hop const& copy : plan.next_hops)
                on_the_way.push_back(Message{node, copy.to.value(), plan.context, copy});
    }
    void start(Node source, unsigned ttl) {
        context.guid = Guid::random(rng);
        context.ttl = Ttl{static_cast<std::uint8_t>(ttl)};
        context.terms = std::make_shared<qrp::QueryTerms>();
        at(source, std::nullopt,
           [&](Strategy& one, RoutingView const& view, ForwardPlans& out) { one.start(context, view, out); });
    }
    /// All copies under way arrive. Duplicate copies of a flood go no further, as the overlay drops them, but for those
    /// that the same neighbour sends with a higher TTL.
    void one_hop(Node source) {
        auto const arriving = std::exchange(on_the_way, {});
        ++hop;
        for (Message const& message : arriving) {
            ++messages;
            Heard const now_heard{message.from, message.copy.ttl.value()};
            auto const [known, fresh] = heard.emplace(std::pair{message.context.guid, message.to}, now_heard);
            bool const again = !fresh && known->second.from == message.from && known->second.ttl < now_heard.ttl;
            if (again) known->second = now_heard;
            if (message.to != source) reached.insert(message.to);
            if (!message.copy.walker && ((!fresh && !again) || message.to == source)) continue;
            QueryContext here = message.context;
            here.from = PeerId{message.from};
            here.walker = message.copy.walker;
            here.ttl = Ttl{static_cast<std::uint8_t>(message.copy.ttl.value() - 1)};
            here.answered_here = holders.contains(message.to) && !again;
            if (here.answered_here && first_hit == 0) first_hit = hop;
            if (here.answered_here) hits.push_back(here.guid);
            if (!here.walker && here.ttl == Ttl{0}) continue;
            at(message.to, message.from,
               [&](Strategy& one, RoutingView const& view, ForwardPlans& out) { one.relay(here, view, out); });
            WalkerChecks asking;
            nodes[message.to]->take_checks(asking);
            for (WalkerCheck const& check : asking) checks.push_back({check, message.to, message.from});
        }
    }
    /// All questions of walkers get their answer at once. @return how many.
    std::uint64_t answer_checks(Strategy const& asker) {
        auto const asking_now = std::exchange(checks, {});
        for (auto const& asking : asking_now) {
            bool const go_on = asker.wants_more(asking.check.guid);
            at(asking.at, asking.from, [&](Strategy& node, RoutingView const& view, ForwardPlans& out) {
                node.check_answered(asking.check, go_on, view, out);
            });
        }
        return asking_now.size();
    }
    struct Heard {
        Node from;
        std::uint8_t ttl;
    };
    struct Asking {
        WalkerCheck check;
        Node at, from;
    };

    Graph const& graph;
    std::set<Node> holders;
    Rng& rng;
    std::vector<std::unique_ptr<Strategy>> nodes;
    Instant now{};
    QueryContext context;
    std::vector<Message> on_the_way;
    std::map<std::pair<Guid, Node>, Heard> heard;
    std::set<Node> reached;
    std::vector<Guid> hits;
    std::vector<Asking> checks;
    std::uint64_t messages = 0, hop = 0, first_hit = 0;
};

}  // namespace

TEST_CASE("a flood of strategy objects costs and reaches what the graph host says") {
    Rng rng{1};
    for (auto const& topology : topologies) {
        Graph const graph = make_topology(topology, 11);
        GraphHost host{graph};
        for (unsigned ttl = 1; ttl <= 7; ++ttl) {
            auto const source = static_cast<Node>(rng.below(graph.nodes()));
            auto const holders = samples::some_nodes(graph, 2, source, rng);
            Network network{graph, holders, rng, [] { return std::make_unique<Flood>(FloodLimits{7, 255}); }};
            network.start(source, ttl);
            while (!network.on_the_way.empty()) network.one_hop(source);
            Outcome const outcome = host.flood(source, ttl, samples::node_set_of(graph, holders));
            CHECK(outcome.messages == network.messages);
            CHECK(outcome.reach == network.reached.size());
            CHECK(outcome.found == !network.hits.empty());
            CHECK(outcome.hops == network.first_hit);
        }
    }
}

TEST_CASE("expanding rings of strategy objects cost and reach what the graph host says") {
    Rng rng{2};
    for (auto const& topology : topologies) {
        Graph const graph = make_topology(topology, 12);
        GraphHost host{graph};
        for (unsigned ttl_last = 1; ttl_last <= 12; ++ttl_last) {
            auto const source = static_cast<Node>(rng.below(graph.nodes()));
            auto const holders = samples::some_nodes(graph, 1, source, rng);
            RingLimits limits;
            limits.ttl_max = static_cast<std::uint8_t>(ttl_last);
            limits.results_wanted = 1;
            Network network{graph, holders, rng, [&] { return std::make_unique<ExpandingRing>(limits); }};
            Strategy& asker = *network.nodes[source];
            network.start(source, 0);
            for (;;) {
                while (!network.on_the_way.empty()) network.one_hop(source);
                for (Guid const& guid : std::exchange(network.hits, {})) asker.results(guid, 1);
                auto const due = asker.next_deadline();
                if (!due) break;
                network.now = *due;
                network.at(source, std::nullopt,
                           [](Strategy& one, RoutingView const& view, ForwardPlans& out) { one.tick(view, out); });
            }
            Outcome const outcome =
                host.expanding_ring(source, RingSchedule{1, 2, ttl_last, 1}, samples::node_set_of(graph, holders));
            // A node cannot see that a ring has reached everybody; on a match both stop at the same one.
            if (outcome.found) CHECK(outcome.messages == network.messages);
            CHECK(outcome.messages <= network.messages);
            CHECK(outcome.reach == network.reached.size());
            CHECK(outcome.found == (network.first_hit != 0));
        }
    }
}

TEMPLATE_TEST_CASE("walkers of strategy objects take the same steps as those of the graph host, with and without state",
                   "", RandomWalk, BiasedWalk) {
    Rng choices{3};
    for (auto const& topology : topologies) {
        Graph const graph = make_topology(topology, 13);
        GraphHost host{graph};
        for (int i = 0; i < 24; ++i) {
            WalkLimits limits;
            limits.walkers = 1 + static_cast<std::uint32_t>(choices.below(12));
            limits.steps_max = 5 + static_cast<std::uint32_t>(choices.below(60));
            limits.check_every = static_cast<std::uint32_t>(choices.below(6));
            limits.keep_state = i % 2 == 0;
            auto const source = static_cast<Node>(choices.below(graph.nodes()));
            auto const holders = samples::some_nodes(graph, 1, source, choices);
            Rng one{static_cast<std::uint64_t>(i)}, other = one;

            Network network{graph, holders, one, [&] { return std::make_unique<TestType>(limits); }};
            Strategy& asker = *network.nodes[source];
            network.start(source, 0);
            std::uint64_t checks = 0;
            while (!network.on_the_way.empty()) {
                network.one_hop(source);
                for (Guid const& guid : std::exchange(network.hits, {})) asker.results(guid, 1);
                checks += network.answer_checks(asker);
            }
            Walk const walk{limits.walkers,
                            {limits.check_every, limits.steps_max},
                            limits.keep_state,
                            std::is_same_v<TestType, BiasedWalk>};
            Outcome const outcome = host.random_walk(source, walk, samples::node_set_of(graph, holders), other);
            CAPTURE(topology, i);
            CHECK(outcome.messages == network.messages);
            CHECK(outcome.reach == network.reached.size());
            CHECK(outcome.checks == checks);
            CHECK(outcome.found == (network.first_hit != 0));
            CHECK(outcome.hops == network.first_hit);
        }
    }
}

TEST_CASE("a dynamic query of strategy objects widens as that of the graph host does") {
    Rng choices{4};
    std::size_t widened = 0;
    for (auto const& topology : topologies) {
        Graph const graph = make_topology(topology, 14);
        GraphHost host{graph};
        for (int i = 0; i < 24; ++i) {
            DynamicLimits limits;
            limits.ttl_max = 1 + static_cast<std::uint8_t>(choices.below(7));
            limits.results_wanted = 1 + choices.below(6);
            limits.probes = choices.below(4);
            limits.hops_waited_max = 1 + static_cast<std::uint32_t>(choices.below(40));
            limits.hosts_max = 1 + choices.below(500);
            auto const source = static_cast<Node>(choices.below(graph.nodes()));
            auto const holders = samples::some_nodes(graph, 1 + choices.below(8), source, choices);
            Rng one{static_cast<std::uint64_t>(i)}, other = one;

            Network network{graph, holders, one, [&] { return std::make_unique<Dynamic>(limits); }};
            Strategy& asker = *network.nodes[source];
            network.start(source, 0);
            std::uint64_t rounds = 0;
            for (;; ++rounds) {
                while (!network.on_the_way.empty()) network.one_hop(source);
                for (Guid const& guid : std::exchange(network.hits, {})) asker.results(guid, 1);
                auto const due = asker.next_deadline();
                if (!due) break;
                network.now = *due;
                network.at(source, std::nullopt, [](Strategy& strategy, RoutingView const& view, ForwardPlans& out) {
                    strategy.tick(view, out);
                });
            }
            widened += rounds;
            DynamicRules rules;
            rules.ttl_max = limits.ttl_max;
            rules.results_wanted = limits.results_wanted;
            rules.probes = limits.probes;
            rules.hops_waited_max = limits.hops_waited_max;
            rules.hosts_max = limits.hosts_max;
            Outcome const outcome = host.dynamic(source, rules, samples::node_set_of(graph, holders), other, false);
            CAPTURE(topology, i, rounds);
            CHECK(outcome.messages == network.messages);
            CHECK(outcome.reach == network.reached.size());
            CHECK(outcome.found == (network.first_hit != 0));

            // What a connection is not asked for when all behind it was reached, it could not have brought.
            rules.hosts_max = std::numeric_limits<std::uint64_t>::max();
            rules.hops_waited_max = std::numeric_limits<std::uint32_t>::max();
            Outcome const brief = host.dynamic(source, rules, samples::node_set_of(graph, holders), other);
            Outcome const whole = host.dynamic(source, rules, samples::node_set_of(graph, holders), other, false);
            CHECK(brief.found == whole.found);
            if (!whole.found) CHECK(brief.reach == whole.reach);
        }
    }
    CHECK(widened > 200);
}

TEST_CASE("an automatic search of strategy objects goes through its stages as that of the graph host does") {
    Rng choices{5};
    std::size_t walked = 0, wide = 0;
    for (auto const& topology : topologies) {
        Graph const graph = make_topology(topology, 15);
        GraphHost host{graph};
        for (int i = 0; i < 24; ++i) {
            AutomaticLimits limits;
            limits.rules.few = StageWalk{1 + static_cast<std::uint32_t>(choices.below(3)),
                                         {2, 1 + static_cast<std::uint32_t>(choices.below(6))}};
            limits.rules.many = StageWalk{1 + static_cast<std::uint32_t>(choices.below(5)),
                                          {3, 1 + static_cast<std::uint32_t>(choices.below(9))}};
            DynamicLimits dynamic;
            dynamic.ttl_max = 1 + static_cast<std::uint8_t>(choices.below(7));
            dynamic.results_wanted = 1;
            auto const source = static_cast<Node>(choices.below(graph.nodes()));
            auto const holders = samples::some_nodes(graph, 1, source, choices);
            Rng one{static_cast<std::uint64_t>(i)}, other = one;

            Network network{graph, holders, one,
                            [&] { return std::make_unique<Automatic>(limits, WalkLimits{}, dynamic); }};
            Strategy& asker = *network.nodes[source];
            network.start(source, 0);
            std::uint64_t checks = 0;
            for (;;) {
                while (!network.on_the_way.empty()) {
                    network.one_hop(source);
                    for (Guid const& guid : std::exchange(network.hits, {})) asker.results(guid, 1);
                    checks += network.answer_checks(asker);
                }
                auto const due = asker.next_deadline();
                if (!due) break;
                network.now = *due;
                network.at(source, std::nullopt, [](Strategy& strategy, RoutingView const& view, ForwardPlans& out) {
                    strategy.tick(view, out);
                });
            }
            DynamicRules rules;
            rules.ttl_max = dynamic.ttl_max;
            rules.results_wanted = 1;
            Outcome const outcome =
                host.automatic(source, limits.rules, rules, samples::node_set_of(graph, holders), other, false);
            CAPTURE(topology, i);
            CHECK(outcome.messages == network.messages);
            CHECK(outcome.reach == network.reached.size());
            CHECK(outcome.checks == checks);
            CHECK(outcome.found == (network.first_hit != 0));
            wide +=
                outcome.waited_hops > limits.rules.few.rules.steps_max + limits.rules.many.rules.steps_max ? 1U : 0U;
            walked += outcome.found && outcome.hops == outcome.waited_hops ? 1U : 0U;
        }
    }
    CHECK(walked > 5);
    CHECK(wide > 10);
}

}  // namespace strategy_host_test
