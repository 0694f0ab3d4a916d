#include "tools/simulate/run.hpp"

#include <algorithm>
#include <cmath>

#include "tools/simulate/chance.hpp"
#include "tools/simulate/full_ask.hpp"
#include "tools/simulate/parallel.hpp"
#include "tools/simulate/workload.hpp"

namespace praline::simulate {
namespace {

/// What all threads share.
struct RunSetup {
    Graph const& graph;
    RunOptions const& options;
    NetworkModel const* model;
    Watch* watch;

    [[nodiscard]] bool go_on() const { return watch == nullptr || watch->go_on(); }
    void asked() const {
        if (watch != nullptr) watch->asked();
    }
};

/// One thread's share of a run without items.
class Worker {
public:
    Worker(RunSetup const& setting, Node replicas)
        : setting_{setting},
          replicas_{replicas},
          hosts_{setting.graph, setting.model},
          holders_{setting.graph.nodes()} {}

    void operator()(std::uint64_t query) {
        if (!setting_.go_on()) return;
        Rng rng = stream_of(setting_.options.seed, Purpose::query, query);
        Node const source = place(rng);
        hosts_.number_query(query);
        tally_.add(ask_at_scale({hosts_, setting_.options, source, holders_, rng}));
        setting_.asked();
    }
    [[nodiscard]] Tally const& tally() const { return tally_; }

private:
    [[nodiscard]] Node any_node(Rng& rng) const { return static_cast<Node>(rng.below(setting_.graph.nodes())); }

    /// Gives out the replicas. @return the source.
    Node place(Rng& rng) {
        holders_.clear();
        for (Node placed = 0; placed < replicas_;)
            if (holders_.add(any_node(rng))) ++placed;
        for (;;)
            if (Node const source = any_node(rng); !holders_.has(source)) return source;
    }

    RunSetup const& setting_;
    Node replicas_;
    Hosts hosts_;
    Marks holders_;
    Tally tally_;
};

/// One thread's share of a run with items: whole trials.
class TrialWorker {
public:
    TrialWorker(RunSetup const& setting, std::vector<Tally>& tallies)
        : setting_{setting}, tallies_{tallies}, hosts_{setting.graph, setting.model}, holders_{setting.graph.nodes()} {}

    void operator()(std::uint64_t trial) {
        RunOptions const& options = setting_.options;
        WorkloadOptions const& workload = options.workload;
        if (!setting_.go_on()) return;
        Catalogue catalogue{options, setting_.graph.nodes(), stream_of(options.seed, Purpose::placement, trial)};
        hosts_.forget();
        std::uint64_t const begin = trial * options.queries / workload.trials,
                            end = (trial + 1) * options.queries / workload.trials;
        // Queries of all trials have numbers of their own, those of the warm-up too.
        std::uint64_t number = begin + trial * workload.warm_up;
        Tally& tally = tallies_[trial];
        for (std::uint64_t left = workload.warm_up + (end - begin); left > 0 && setting_.go_on(); --left, ++number) {
            Outcome const outcome = ask(catalogue, number);
            if (left <= end - begin) tally.add(outcome);
            setting_.asked();
        }
        tally.end_trial();
    }

private:
    Outcome ask(Catalogue& catalogue, std::uint64_t number) {
        Rng rng = stream_of(setting_.options.seed, Purpose::query, number);
        Wanted const wanted = catalogue.next(rng);
        holders_.clear();
        for (Node const holder : catalogue.holders(wanted.item)) holders_.add(holder);
        hosts_.number_query(number);
        Outcome const outcome = ask_at_scale({hosts_, setting_.options, wanted.source, holders_, rng, wanted.item});
        if (!outcome.found) return outcome;
        bool const copies =
            setting_.options.workload.copying == Copying::path || setting_.options.workload.copying == Copying::random;
        std::vector<Node> const way = copies ? hosts_.graph.way_of_find() : std::vector<Node>{};
        catalogue.found(wanted, way, copies ? hosts_.graph.visited() : std::span<Node const>{}, rng);
        return outcome;
    }

    RunSetup const& setting_;
    std::vector<Tally>& tallies_;
    Hosts hosts_;
    Marks holders_;
};

Tally run_trials(RunSetup const& setting) {
    RunOptions const& options = setting.options;
    std::uint32_t const trials = options.workload.trials;
    if (trials == 0 || trials > options.queries)
        throw BadInput{"there must be a query for each of " + std::to_string(trials) + " trials"};
    std::vector<Tally> tallies(trials);
    in_parallel<1>(trials, options.threads, [&] { return TrialWorker{setting, tallies}; });
    Tally total;
    for (Tally const& tally : tallies)
        if (tally.queries() > 0) total.add(tally);
    return total;
}

}  // namespace

Node replicas_for(double replication, Node nodes) {
    if (!(replication > 0) || !(replication < 1))
        throw BadInput{"the replication is a share: more than 0, less than 1"};
    auto const replicas = static_cast<Node>(std::lround(replication * nodes));
    if (replicas == 0)
        throw BadInput{"with this replication not one of " + std::to_string(nodes) + " nodes holds a match"};
    if (replicas >= nodes) throw BadInput{"with this replication every node holds a match and none is left to ask"};
    return replicas;
}

Tally run(Graph const& graph, RunOptions const& options, Watch* watch) {
    std::optional<NetworkModel> model;
    if (options.keeps_books()) model.emplace(options.network, graph.nodes(), options.seed);
    RunSetup const setting{graph, options, model ? &*model : nullptr, watch};
    if (options.workload.items > 0) return run_trials(setting);
    Node const replicas = replicas_for(options.replication, graph.nodes());
    Tally total;
    auto const workers = in_parallel(options.queries, options.threads, [&] { return Worker{setting, replicas}; });
    for (Worker const& worker : workers) total.add(worker.tally());
    return total;
}

}  // namespace praline::simulate
