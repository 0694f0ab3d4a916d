#include "tools/simulate/run.hpp"

#include <cmath>

#include "tools/simulate/chance.hpp"
#include "tools/simulate/parallel.hpp"

namespace praline::simulate {
namespace {

/// One thread's share of a run.
class Worker {
public:
    Worker(Graph const& graph, RunOptions const& options, Node replicas)
        : graph_{graph}, options_{options}, replicas_{replicas}, hosts_{graph}, holders_{graph.nodes()} {}

    void operator()(std::uint64_t query) {
        Rng rng = stream_of(options_.seed, Purpose::query, query);
        Node const source = place(rng);
        tally_.add(row_of(options_.strategy).ask({hosts_, options_, source, holders_, rng}));
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

    Graph const& graph_;
    RunOptions const& options_;
    Node replicas_;
    Hosts hosts_;
    Marks holders_;
    Tally tally_;
};

}  // namespace

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
