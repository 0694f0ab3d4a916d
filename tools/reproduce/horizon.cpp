// T13 and T14: how far a query goes in a tree of ultrapeers, and what routing tables save on its last hop.
#include <algorithm>
#include <deque>

#include "search/qrp/table_builder.hpp"
#include "search/strategy/dynamic_rules.hpp"
#include "search/strategy/flood.hpp"
#include "search/strategy/key_rules.hpp"
#include "tools/reproduce/overlays.hpp"
#include "tools/reproduce/targets.hpp"
#include "tools/reproduce/work.hpp"
#include "tools/simulate/world/generators.hpp"
#include "tools/simulate/world/limits.hpp"
#include "tools/simulate/world/node_set.hpp"

namespace praline::reproduce {
namespace {

using search::qrp::QueryRoutingTable;
using search::qrp::QueryTerms;
using search::strategy::Neighbour;
using search::strategy::QueryContext;
using simulate::world::Graph;
using simulate::world::Link;
using simulate::world::Node;

/// Node 0 asks through one connection; behind it every node has `degree` links, `levels` deep.
Graph tree(std::uint32_t degree, unsigned levels) {
    std::vector<Link> links{{0, 1}};
    Node next = 2;
    std::vector<Node> level{1};
    for (unsigned depth = 1; depth < levels; ++depth) {
        std::vector<Node> below;
        for (Node const parent : level)
            for (std::uint32_t child = 1; child < degree; ++child) {
                links.emplace_back(parent, next);
                below.push_back(next++);
            }
        level = std::move(below);
    }
    return {next, std::move(links)};
}

/// Tables of nodes that share a few words each out of many.
struct Words {
    static constexpr std::uint32_t different = 2000, each_node = 20;
    std::vector<QueryRoutingTable> tables;
    std::vector<std::vector<std::uint32_t>> words;  // sorted

    Words(Node nodes, Rng rng) {
        for (Node node = 0; node < nodes; ++node) {
            search::qrp::TableBuilder builder;
            std::vector<std::uint32_t> own;
            for (std::uint32_t i = 0; i < each_node; ++i) {
                own.push_back(static_cast<std::uint32_t>(rng.below(different)));
                builder.add(text(own.back()));
            }
            std::sort(own.begin(), own.end());
            words.push_back(std::move(own));
            tables.push_back(search::qrp::fitted(builder.finest(), search::qrp::own_slots_min));
        }
    }
    /// Have nothing in common, so that beginnings of words, which tables hold too, do not match everything.
    [[nodiscard]] static std::string text(std::uint32_t word) {
        std::string out;
        std::uint64_t left = search::strategy::key_of_number(word);
        for (int letter = 0; letter < 8; ++letter, left /= 26) out += static_cast<char>('a' + left % 26);
        return out;
    }
    [[nodiscard]] bool has(Node node, std::uint32_t word) const {
        return std::binary_search(words[node].begin(), words[node].end(), word);
    }
};

struct Spread {
    std::uint64_t copies = 0, last_hop = 0, matches = 0;
};

/// Carries the copies that `Flood`, as every node runs it, decides on, with or without tables.
Spread flood(Graph const& graph, Words const& words, std::uint32_t word, Node source, unsigned ttl, bool tables) {
    wire::Query query;
    query.text = Words::text(word);
    QueryContext context{Guid{},       Ttl{0},  Hops{0},
                         std::nullopt, nullptr, std::make_shared<QueryTerms const>(QueryTerms::of(query))};
    search::strategy::Flood strategy{
        search::strategy::FloodLimits{static_cast<std::uint8_t>(ttl), simulate::world::ttl_max}};
    struct Arrival {
        Node at, from;
        unsigned left;
    };
    std::deque<Arrival> arrivals{{source, source, ttl}};
    simulate::world::NodeSet heard{graph.nodes()};
    Rng unused{0};
    Spread result;
    while (!arrivals.empty()) {
        Arrival const here = arrivals.front();
        arrivals.pop_front();
        if (!heard.add(here.at)) continue;
        if (here.at != source && words.has(here.at, word)) ++result.matches;
        if (here.left == 0) continue;
        std::vector<Neighbour> neighbours;
        for (Node const next : graph.neighbours(here.at))
            if (here.at == source || next != here.from)
                neighbours.push_back(
                    Neighbour{PeerId{next}, simulate::world::ttl_max, tables ? &words.tables[next] : nullptr});
        search::strategy::ForwardPlans out;
        context.ttl = Ttl{static_cast<std::uint8_t>(here.left)};
        search::strategy::RoutingView const view{neighbours, Instant{}, unused};
        here.at == source ? strategy.start(context, view, out) : strategy.relay(context, view, out);
        for (auto const& plan : out)
            for (search::strategy::Hop const& hop : plan.next_hops) {
                ++result.copies;
                result.last_hop += here.left == 1 ? 1 : 0;
                arrivals.push_back({hop.to.value(), here.at, here.left - 1});
            }
    }
    return result;
}

void check_tree(std::uint32_t degree, unsigned ttl, double theirs, Options const& options, std::vector<Check>& checks) {
    constexpr std::uint64_t queries = 8;
    Graph const graph = tree(degree, ttl);
    Rng rng = chance_of(options.seed, 14, degree);
    Words const words{graph.nodes(), Rng{rng.next()}};
    Spread plain, filtered;
    for (std::uint64_t query = 0; query < queries; ++query) {
        auto const word = static_cast<std::uint32_t>(rng.below(Words::different));
        for (bool const tables : {false, true}) {
            Spread const one = flood(graph, words, word, 0, ttl, tables);
            Spread& sum = tables ? filtered : plain;
            sum.copies += one.copies, sum.last_hop += one.last_hop, sum.matches += one.matches;
        }
    }
    std::string const begin = "tree of degree " + std::to_string(degree) + ", TTL " + std::to_string(ttl) + ", ";
    auto const share = [](std::uint64_t part, std::uint64_t whole) {
        return 100 * static_cast<double>(part) / static_cast<double>(whole);
    };
    checks.push_back(within(begin + "% reached on the last hop", theirs, share(plain.last_hop, plain.copies), 1, 2));
    Check saved = between(begin + "% of copies that tables save", "nearly all of the last hop", theirs - 8, theirs,
                          100 - share(filtered.copies, plain.copies), 2);
    saved.remark = "of " + std::to_string(plain.last_hop) + " copies on the last hop " +
                   std::to_string(filtered.last_hop) +
                   " are sent, as 1 % of the nodes have the word and 65,536 slots let a few others through";
    checks.push_back(saved);
    checks.push_back(equal(begin + "nodes with a match that are reached", plain.matches, filtered.matches));
}

/// Share of the nodes reached that are reached on the last hop, where links close circles.
double last_hop_share(Node nodes, std::uint32_t degree, unsigned ttl, std::uint64_t sources, Options const& options) {
    Rng rng = chance_of(options.seed, 14, degree + 1000);
    Graph const graph = simulate::world::two_tier_graph(nodes, degree, 0, Rng{rng.next()}).largest_component();
    simulate::graph::GraphHost host{graph};
    simulate::world::NodeSet const nobody{graph.nodes()};
    std::uint64_t near = 0, all = 0;
    for (std::uint64_t count = 0; count < sources; ++count) {
        auto const source = static_cast<Node>(rng.below(graph.nodes()));
        near += host.flood(source, ttl - 1, nobody).reach;
        all += host.flood(source, ttl, nobody).reach;
    }
    return 100 * static_cast<double>(all - near) / static_cast<double>(all);
}

}  // namespace

Target horizons(Options const&) {
    Target target{"T13", "Hosts that a dynamic query reaches through one connection",
                  "Dynamic querying, Gnutella Developer Forum 2003: the sum of (degree - 1)^i for i below the TTL.",
                  "the node's own formula (search/strategy/dynamic_rules.hpp), and a flood over such a tree, carried "
                  "copy by copy. "
                  "The specification's examples 23,436 and 1,024 do not follow from its formula; its formula is what "
                  "is checked."};
    struct Example {
        std::uint32_t degree;
        unsigned ttl;
        std::uint64_t hosts;
    };
    for (Example const one : {Example{6, 7, 19'531}, Example{32, 3, 993}, Example{32, 2, 32}}) {
        std::string const begin = "degree " + std::to_string(one.degree) + ", TTL " + std::to_string(one.ttl) + ", ";
        target.checks.push_back(equal(begin + "formula", one.hosts, search::strategy::horizon(one.degree, one.ttl)));
        Graph const graph = tree(one.degree, one.ttl);
        simulate::graph::GraphHost host{graph};
        target.checks.push_back(
            equal(begin + "flood", one.hosts, host.flood(0, one.ttl, simulate::world::NodeSet{graph.nodes()}).reach));
    }
    return target;
}

Target last_hop_filter(Options const& options) {
    Target target{"T14", "What routing tables save on the last hop between ultrapeers",
                  "Ultrapeer query routing, Gnutella Developer Forum 2003: \"80 %\" and \"almost 97 %\" of the nodes "
                  "are reached on the last hop.",
                  "the node's own flood and its own tables of 65,536 slots, filled with 20 of 2,000 words a node; on "
                  "trees through one "
                  "connection, and on random graphs where each node has as many links."};
    check_tree(6, 7, 80.0, options, target.checks);
    check_tree(32, 3, 96.8, options, target.checks);
    std::uint64_t const sources = options.quick ? 10 : 100;
    Node const nodes = options.quick ? 50'000 : 100'000;
    target.checks.push_back(at_most("random graph, degree 6, TTL 7, % on the last hop", "lower than 80", 80,
                                    last_hop_share(nodes, 6, 7, sources, options), 2));
    target.checks.push_back(at_most("random graph, degree 32, TTL 3, % on the last hop", "lower than 96.8", 96.8,
                                    last_hop_share(nodes, 32, 3, sources, options), 2));
    return target;
}

}  // namespace praline::reproduce
