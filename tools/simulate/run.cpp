#include "tools/simulate/run.hpp"

#include <cmath>

#include "tools/simulate/chance.hpp"
#include "tools/simulate/graph_host.hpp"
#include "tools/simulate/limits.hpp"
#include "tools/simulate/parallel.hpp"

namespace praline::simulate {
namespace {

constexpr unsigned flood_ttl_default = 7;

/// One thread's share of a run.
class Worker {
public:
    Worker(Graph const& graph, RunOptions const& options, Node replicas)
        : graph_{graph}, options_{options}, replicas_{replicas}, host_{graph}, holders_{graph.nodes()} {}

    void operator()(std::uint64_t query) {
        Rng rng = stream_of(options_.seed, Purpose::query, query);
        Node const source = place(rng);
        tally_.add(ask(source, rng));
    }
    [[nodiscard]] Tally const& tally() const { return tally_; }

private:
    [[nodiscard]] Node any_node(Rng& rng) const { return static_cast<Node>(rng.below(graph_.nodes())); }

    /// Gives out the replicas. @return the source.
    Node place(Rng& rng) {
        holders_.clear();
        for (Node placed = 0; placed < replicas_;)
            if (holders_.add(any_node(rng))) ++placed;
        for (;;)
            if (Node const source = any_node(rng); !holders_.has(source)) return source;
    }

    Outcome ask(Node source, Rng& rng) {
        switch (options_.strategy) {
            case StrategyName::flood: return host_.flood(source, options_.effective_ttl(), holders_);
            case StrategyName::expanding_ring:
                return host_.expanding_ring(source, {1, 2, options_.effective_ttl(), 1}, holders_);
            case StrategyName::random_walk:
                return host_.random_walk(
                    source, Walk{options_.walkers, {options_.check_every, options_.steps_max}, options_.state}, holders_, rng);
        }
        return {};
    }

    Graph const& graph_;
    RunOptions const& options_;
    Node replicas_;
    GraphHost host_;
    Marks holders_;
    Tally tally_;
};

}  // namespace

char const* to_string(StrategyName strategy) {
    switch (strategy) {
        case StrategyName::flood: return "flood";
        case StrategyName::expanding_ring: return "expanding-ring";
        case StrategyName::random_walk: return "random-walk";
    }
    return "";
}

StrategyName strategy_named(std::string const& name) {
    for (auto const one : {StrategyName::flood, StrategyName::expanding_ring, StrategyName::random_walk})
        if (name == to_string(one)) return one;
    throw BadInput{"strategy " + name + " is not known; it may be flood, expanding-ring or random-walk"};
}

unsigned RunOptions::effective_ttl() const {
    if (ttl != 0) return ttl;
    return strategy == StrategyName::flood ? flood_ttl_default : ttl_max;
}

Node replicas_for(double replication, Node nodes) {
    if (!(replication > 0) || !(replication < 1)) throw BadInput{"the replication is a share: more than 0, less than 1"};
    auto const replicas = static_cast<Node>(std::lround(replication * nodes));
    if (replicas == 0) throw BadInput{"with this replication not one of " + std::to_string(nodes) + " nodes holds a match"};
    if (replicas >= nodes) throw BadInput{"with this replication every node holds a match and none is left to ask"};
    return replicas;
}

Tally run(Graph const& graph, RunOptions const& options) {
    Node const replicas = replicas_for(options.replication, graph.nodes());
    Tally total;
    auto const workers =
        in_parallel(options.queries, options.threads, [&] { return Worker{graph, options, replicas}; });
    for (Worker const& worker : workers) total.add(worker.tally());
    return total;
}

}  // namespace praline::simulate
