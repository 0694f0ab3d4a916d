// T16: every node on the way of a hit keeps it.
#include <algorithm>
#include <array>
#include <cmath>

#include "search/cache/hit_cache.hpp"
#include "search/strategy/key_rules.hpp"
#include "tools/reproduce/targets.hpp"
#include "tools/reproduce/work.hpp"
#include "tools/simulate/world/node_set.hpp"
#include "tools/simulate/world/topology.hpp"

namespace praline::reproduce {
namespace {

using simulate::world::Graph;
using simulate::world::Node;

constexpr std::size_t entries_each = 50;
constexpr unsigned ttl = 7, words = 1000, copies_mean = 10;

/// The rule alone: so many words, the least recently used is evicted.
class SmallCache {
public:
    bool find(std::uint32_t word) { return store_.fetch(word); }
    void store(std::uint32_t word) { store_.put(word); }

private:
    search::strategy::KeyStore store_{entries_each};
};

/// The node's own, with as many entries.
class RealCache {
public:
    RealCache() : cache_{limits()} {}
    bool find(std::uint32_t word) { return !cache_.find(query(word), Instant{}).empty(); }
    void store(std::uint32_t word) {
        wire::QueryHit hit;
        wire::HitRecord record;
        record.name = query(word).text + " song";
        hit.records.push_back(record);
        cache_.store(query(word), hit, Hops{1}, 0, search::Forwarder{PeerId{1}, Address::v4(0x0A000001)}, Instant{});
    }

private:
    static search::CacheLimits limits() {
        search::CacheLimits limits;
        limits.entries_max = entries_each;
        return limits;
    }
    static wire::Query query(std::uint32_t word) {
        wire::Query query;
        query.text = "word" + std::to_string(word);
        return query;
    }
    search::HitCache cache_;
};

/// Words in demand after Zipf, and as many copies of each as it is in demand.
class Content {
public:
    Content(Node nodes, double exponent, Rng rng) : holders_(words) {
        double sum = 0;
        for (unsigned rank = 1; rank <= words; ++rank) below_.push_back(sum += std::pow(rank, -exponent));
        for (unsigned copy = 0; copy < words * copies_mean; ++copy)
            holders_[draw(rng)].push_back(static_cast<Node>(rng.below(nodes)));
        for (auto& some : holders_) {
            if (some.empty()) some.push_back(static_cast<Node>(rng.below(nodes)));
            std::sort(some.begin(), some.end());
        }
    }
    [[nodiscard]] std::uint32_t draw(Rng& rng) const {
        double const at = static_cast<double>(rng.next() >> 11) * 0x1p-53 * below_.back();
        return static_cast<std::uint32_t>(std::lower_bound(below_.begin(), below_.end(), at) - below_.begin());
    }
    [[nodiscard]] bool has(Node node, std::uint32_t word) const {
        return std::binary_search(holders_[word].begin(), holders_[word].end(), node);
    }

private:
    std::vector<double> below_;
    std::vector<std::vector<Node>> holders_;
};

struct Cost {
    std::uint64_t messages = 0, hops = 0, found = 0, queries = 0;
    friend bool operator==(Cost const&, Cost const&) = default;
};

/// Floods in which whoever has an answer does not pass the query on, with caches and without.
template <class Cache>
class Network {
public:
    Network(Graph const& graph, Content const& content)
        : graph_{graph}, content_{content}, caches_(graph.nodes()), from_(graph.nodes()), heard_{graph.nodes()} {}

    void ask(Node source, std::uint32_t word, bool cached, Cost& cost) {
        ++cost.queries;
        if (cached && caches_[source].find(word)) {
            ++cost.found;
            return;
        }
        answering_.clear();
        heard_.clear();
        heard_.add(source);
        frontier_.assign(1, source);
        for (unsigned hop = 1; hop <= ttl && !frontier_.empty(); ++hop) one_hop(source, word, cached, hop, cost);
        if (!answering_.empty()) ++cost.found;
        if (!cached) return;
        for (Node node : answering_)
            while (node != source) {
                node = from_[node];
                caches_[node].store(word);
            }
    }

private:
    void one_hop(Node source, std::uint32_t word, bool cached, unsigned hop, Cost& cost) {
        next_.clear();
        for (Node const node : frontier_)
            for (Node const to : graph_.neighbours(node)) {
                if (node != source && to == from_[node]) continue;
                ++cost.messages;
                if (!heard_.add(to)) continue;
                from_[to] = node;
                if (!content_.has(to, word) && !(cached && caches_[to].find(word))) {
                    next_.push_back(to);
                    continue;
                }
                if (answering_.empty()) cost.hops += hop;
                answering_.push_back(to);
            }
        std::swap(frontier_, next_);
    }

    Graph const& graph_;
    Content const& content_;
    std::vector<Cache> caches_;
    std::vector<Node> from_, frontier_, next_, answering_;
    simulate::world::NodeSet heard_;
};

struct Costs {
    Cost plain, cached;
    [[nodiscard]] double traffic() const {
        return change(per_query(cached.messages, cached.queries), per_query(plain.messages, plain.queries));
    }
    [[nodiscard]] double time() const {
        return change(per_query(cached.hops, cached.found), per_query(plain.hops, plain.found));
    }

private:
    static double per_query(std::uint64_t total, std::uint64_t count) {
        return static_cast<double>(total) / static_cast<double>(count);
    }
    static double change(double with, double without) { return 100 * (with / without - 1); }
};

/// The first half of the queries only fills the caches.
template <class Cache>
Costs run(Graph const& graph, double exponent, std::uint64_t queries, Rng rng) {
    Content const content{graph.nodes(), exponent, Rng{rng.next()}};
    Network<Cache> network{graph, content};
    Costs costs;
    Cost ignored;
    for (std::uint64_t query = 0; query < queries; ++query) {
        std::uint32_t const word = content.draw(rng);
        auto source = static_cast<Node>(rng.below(graph.nodes()));
        while (content.has(source, word)) source = static_cast<Node>(rng.below(graph.nodes()));
        bool const counted = query >= queries / 2;
        network.ask(source, word, true, counted ? costs.cached : ignored);
        if (counted) network.ask(source, word, false, costs.plain);
    }
    return costs;
}

}  // namespace

Target hit_caching(Options const& options) {
    constexpr double points = 10;
    constexpr char const* overlay = "power-law:13800:1200:0.8";
    std::uint64_t const queries = options.quick ? 3000 : 12'000;
    Graph const graph = simulate::world::make_topology(overlay, options.seed);
    Target target{
        "T16", "Keeping hits on their way back",
        "Wang, Xiao, Liu, Zheng: Distributed caching and adaptive search, IEEE TPDS 2006: uniform index caching.",
        "power law overlay of " + std::to_string(graph.nodes()) + " nodes, mean degree " +
            fixed(2.0 * static_cast<double>(graph.links()) / graph.nodes(), 2) +
            ", TTL 7, 50 entries a node; whoever has an answer "
            "does not pass the query on. Their trace is not public and their time counts hops of an underlay: ours are "
            "1,000 words with Zipf 1.0, ten copies each on average and spread as demand is, time in overlay hops. " +
            std::to_string(queries) + " queries, of which the second half counts."};
    constexpr std::array exponents{1.0, 0.8, 1.2};
    auto const costs = each<Costs>(exponents.size(), options.threads, [&](std::size_t at) {
        return run<SmallCache>(graph, exponents[at], at == 0 ? queries : queries / 3, chance_of(options.seed, 16, at));
    });
    std::string const others = "this hangs on the demand: Zipf 0.8 gives " + fixed(costs[1].traffic(), 1) +
                               " % of traffic and " + fixed(costs[1].time(), 1) + " % of time, Zipf 1.2 gives " +
                               fixed(costs[2].traffic(), 1) + " and " + fixed(costs[2].time(), 1);
    Check traffic = within("traffic against plain flooding, %", -59, costs[0].traffic(), points, 1);
    traffic.remark = others;
    target.checks.push_back(traffic);
    target.checks.push_back(within("response time against plain flooding, %", -32, costs[0].time(), points, 1));
    auto const success = [](Cost const& cost) {
        return 100 * static_cast<double>(cost.found) / static_cast<double>(cost.queries);
    };
    target.checks.push_back(
        within("success with caches, against without, %", success(costs[0].plain), success(costs[0].cached), 1, 2));

    Graph const small = simulate::world::make_topology("power-law:900:120:0.8", options.seed);
    std::uint64_t const few = options.quick ? 150 : 600;
    Costs const rule = run<SmallCache>(small, 1.0, few, chance_of(options.seed, 16, 100));
    Costs const real = run<RealCache>(small, 1.0, few, chance_of(options.seed, 16, 100));
    Check same = equal("messages on " + std::to_string(small.nodes()) + " nodes with the node's own cache",
                       rule.cached.messages, real.cached.messages);
    same.remark =
        "here \"theirs\" is the rule in small that the figures above use: it stands for search/cache, which would take "
        "too long. The rule itself, "
        "not to pass on what a cache can answer, is no longer a node's: by it one link could hide all files of a name";
    target.checks.push_back(same);
    return target;
}

}  // namespace praline::reproduce
