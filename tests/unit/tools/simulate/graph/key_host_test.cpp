// One strategy object a node, requests carried one by one: the counts must be those of the graph host.
#include "tools/simulate/graph/key_host.hpp"

#include <deque>
#include <map>
#include <memory>

#include <catch2/catch.hpp>

#include "search/strategy/key.hpp"
#include "tools/simulate/world/topology.hpp"
#include "unit/tools/simulate/samples.hpp"

namespace graph_key_host_test {
using namespace praline;
using namespace praline::simulate;
using namespace praline::simulate::world;
using namespace praline::simulate::graph;
using namespace praline::search::strategy;
namespace qrp = praline::search::qrp;

namespace {

class Network {
public:
    Network(Graph const& graph, unsigned htl) : graph_{graph} {
        KeyLimits limits;
        limits.htl = limits.htl_max = static_cast<std::uint8_t>(htl);
        for (Node node = 0; node < graph.nodes(); ++node) nodes_.push_back(std::make_unique<KeyRouting>(limits));
    }
    struct Result {
        bool found = false, flooded = false;
        std::uint64_t messages = 0, reach = 0;
        std::uint32_t hops = 0;
    };
    Result search(Node source, std::string const& text, std::set<Node> const& holders) {
        wire::Query words;
        words.text = text;
        auto const query = wire::routed(std::move(words));
        QueryContext context{Guid{}, Ttl{0}, Hops{0}, std::nullopt, query, std::make_shared<qrp::QueryTerms>()};
        context.guid.bytes[0] = ++name_;
        came_from_.clear();
        result_ = {};
        at(source, [&](KeyRouting& one, RoutingView const& view, ForwardPlans& out) { one.start(context, view, out); });
        while (!on_the_way_.empty()) {
            Message const message = std::exchange(on_the_way_.front(), {});
            on_the_way_.pop_front();
            at(message.to, [&](KeyRouting& one, RoutingView const& view, ForwardPlans& out) {
                if (message.back) return one.key_returned(*message.back, peer_of(message.to, message.from), view, out);
                ++result_.messages;
                QueryContext here = message.context;
                here.from = peer_of(message.to, message.from);
                here.key_request = message.key_request;
                here.again = message.to == source || !came_from_.emplace(message.to, message.from).second;
                here.answered_here = !here.again && holders.contains(message.to);
                one.relay(here, view, out);
                if (here.answered_here) hit(context.guid, message.to, source);
            });
        }
        result_.reach = came_from_.size();
        nodes_[source]->stop_querying(context.guid);
        for (auto const& node : nodes_) forget_requests(*node);
        return result_;
    }
    [[nodiscard]] KeyRouting const& node(Node number) const { return *nodes_[number]; }

private:
    struct Message {
        Node from, to;
        QueryContext context;
        std::optional<wire::KeyItem> key_request;
        std::optional<KeyReturn> back;
    };
    [[nodiscard]] PeerId peer_of(Node node, Node neighbour) const {
        auto const all = graph_.neighbours(node);
        return PeerId{static_cast<std::uint32_t>(std::find(all.begin(), all.end(), neighbour) - all.begin()) + 1};
    }
    [[nodiscard]] Node node_of(Node node, PeerId peer) const { return graph_.neighbours(node)[peer.value() - 1]; }
    template <class Decide>
    void at(Node node, Decide decide) {
        std::vector<Neighbour> neighbours;
        for (Node const next : graph_.neighbours(node))
            neighbours.push_back(Neighbour{peer_of(node, next), 255, nullptr, true});
        ForwardPlans out;
        decide(*nodes_[node], RoutingView{neighbours, now_, rng_}, out);
        for (ForwardPlan const& plan : out)
            for (Hop const& copy : plan.next_hops)
                if (copy.key_request)
                    on_the_way_.push_back({node, node_of(node, copy.to), plan.context, copy.key_request, {}});
                else
                    result_.flooded = true;
        KeyReturns returns;
        nodes_[node]->take_returns(returns);
        for (KeyReturn const& one : returns) on_the_way_.push_back({node, node_of(node, one.to), {}, {}, one});
    }
    void hit(Guid const& guid, Node node, Node source) {
        result_.found = true;
        while (node != source) {
            ++result_.hops;
            Node const before = came_from_.at(node);
            nodes_[before]->hit_passed(guid, peer_of(before, node));
            node = before;
        }
        nodes_[source]->results(guid, 1);
    }
    /// What passed is over long before the next search.
    void forget_requests(KeyRouting& node) {
        ForwardPlans out;
        node.tick(RoutingView{{}, now_ + std::chrono::hours{1}, rng_}, out);
    }

    Graph const& graph_;
    std::vector<std::unique_ptr<KeyRouting>> nodes_;
    std::deque<Message> on_the_way_;
    std::map<Node, Node> came_from_;
    Rng rng_{4};
    Instant now_{};
    Result result_;
    std::uint8_t name_ = 0;
};

}  // namespace

TEST_CASE("key requests of strategy objects take the same way as those of the graph host, and teach the same") {
    Rng choices{8};
    for (std::string const topology : {"grid:8x6", "random:80:140", "power-law:100:40:0.8"}) {
        Graph const graph = make_topology(topology, 3);
        for (unsigned const htl : {4U, 20U, 200U}) {
            Network network{graph, htl};
            KeyHost host{graph};
            GraphHost floods{graph};
            std::map<std::string, std::set<Node>> holders;
            for (int item = 0; item < 4; ++item)
                holders["item" + std::to_string(item)] = samples::some_nodes(graph, 2, 0, choices);
            for (int i = 0; i < 40; ++i) {
                std::string const text = "item" + std::to_string(choices.below(4));
                auto const source = static_cast<Node>(choices.below(graph.nodes()));
                if (holders[text].contains(source)) continue;
                auto const theirs = network.search(source, text, holders[text]);
                Outcome const ours =
                    host.request(source, key_of_text(text), htl, 0, samples::node_set_of(graph, holders[text]), floods);
                CAPTURE(topology, htl, i);
                CHECK(ours.found == theirs.found);
                CHECK(ours.messages == theirs.messages);
                CHECK(ours.reach == theirs.reach);
                CHECK(ours.hops == theirs.hops);
                CHECK(theirs.flooded != theirs.found);
            }
            for (Node node = 0; node < graph.nodes(); ++node) {
                auto const mine = host.references(node).all(), other = network.node(node).references().all();
                REQUIRE(mine.size() == other.size());
                for (std::size_t at = 0; at < mine.size(); ++at) {
                    CHECK(mine[at].key == other[at].key);
                    CHECK(mine[at].who == other[at].who);
                }
            }
        }
    }
}

TEST_CASE("what a key request does not find a flood does, at the price of both; and what is forgotten is not known") {
    Graph const graph = make_topology("grid:10x10", 1);
    KeyHost host{graph};
    GraphHost floods{graph};
    auto const holders = samples::node_set_of(graph, {99});
    Outcome const missed = host.request(0, 5, 3, 0, holders, floods);
    CHECK_FALSE(missed.found);
    CHECK(missed.messages == 3);
    Outcome const both = host.request(0, 5, 3, 255, holders, floods);
    CHECK(both.found);
    CHECK(both.hops == 18);
    CHECK(both.waited_hops > 18);
    CHECK(both.messages == 3 + floods.flood(0, 255, holders).messages);
    CHECK(host.references(0).size() == 1);  // the neighbour by which the hit came
    host.forget();
    Outcome const first = host.request(0, 5, 255, 0, holders, floods);
    REQUIRE(first.found);
    CHECK(host.request(0, 5, 255, 0, holders, floods).messages == first.hops);
    host.forget();
    CHECK(host.references(0).size() == 0);
    CHECK(host.request(0, 5, 255, 0, holders, floods).messages == first.messages);
}

}  // namespace graph_key_host_test
