#include "tools/simulate/run.hpp"

#include <algorithm>
#include <cmath>

#include "tools/simulate/full_ask.hpp"
#include "tools/simulate/world/chance.hpp"
#include "tools/simulate/world/parallel.hpp"
#include "tools/simulate/world/workload.hpp"

namespace praline::simulate {
namespace {

/// What all threads share.
struct RunSetup {
    world::Graph const& graph;
    world::RunOptions const& options;
    world::Share share;
    world::NetworkModel const* model;
    Watch* watch;

    [[nodiscard]] bool go_on() const { return watch == nullptr || watch->go_on(); }
    void asked() const {
        if (watch != nullptr) watch->asked();
    }
};

/// One thread's share of a run without items.
class Worker {
public:
    Worker(RunSetup const& setting, world::Node replicas)
        : setting_{setting},
          replicas_{replicas},
          hosts_{setting.graph, setting.model},
          holders_{setting.graph.nodes()} {}

    void operator()(std::uint64_t unit) {
        if (!setting_.go_on()) return;
        std::uint64_t const query = setting_.share.begin + unit;
        Rng rng = world::stream_of(setting_.options.seed, world::Purpose::query, query);
        world::Node const source = place(rng);
        hosts_.number_query(query);
        tally_.add(ask_at_scale({hosts_, setting_.options, source, holders_, rng}));
        setting_.asked();
    }
    [[nodiscard]] report::Tally const& tally() const { return tally_; }

private:
    [[nodiscard]] world::Node any_node(Rng& rng) const {
        return static_cast<world::Node>(rng.below(setting_.graph.nodes()));
    }

    /// Gives out the replicas. @return the source.
    world::Node place(Rng& rng) {
        holders_.clear();
        for (world::Node placed = 0; placed < replicas_;)
            if (holders_.add(any_node(rng))) ++placed;
        for (;;)
            if (world::Node const source = any_node(rng); !holders_.has(source)) return source;
    }

    RunSetup const& setting_;
    world::Node replicas_;
    Hosts hosts_;
    world::NodeSet holders_;
    report::Tally tally_;
};

/// One thread's share of a run with items: whole trials.
class TrialWorker {
public:
    TrialWorker(RunSetup const& setting, std::vector<report::Tally>& tallies)
        : setting_{setting}, tallies_{tallies}, hosts_{setting.graph, setting.model}, holders_{setting.graph.nodes()} {}

    void operator()(std::uint64_t unit) {
        std::uint64_t const trial = setting_.share.begin + unit;
        world::RunOptions const& options = setting_.options;
        world::WorkloadOptions const& workload = options.workload;
        if (!setting_.go_on()) return;
        world::Catalogue catalogue{options, setting_.graph.nodes(),
                                   world::stream_of(options.seed, world::Purpose::placement, trial)};
        hosts_.forget();
        std::uint64_t const begin = trial * options.queries / workload.trials,
                            end = (trial + 1) * options.queries / workload.trials;
        // Queries of all trials have numbers of their own, those of the warm-up too.
        std::uint64_t number = begin + trial * workload.warm_up;
        report::Tally& tally = tallies_[unit];
        for (std::uint64_t left = workload.warm_up + (end - begin); left > 0 && setting_.go_on(); --left, ++number) {
            world::Outcome const outcome = ask(catalogue, number);
            if (left <= end - begin) tally.add(outcome);
            setting_.asked();
        }
        tally.end_trial();
    }

private:
    world::Outcome ask(world::Catalogue& catalogue, std::uint64_t number) {
        Rng rng = world::stream_of(setting_.options.seed, world::Purpose::query, number);
        world::Wanted const wanted = catalogue.next(rng);
        holders_.clear();
        for (world::Node const holder : catalogue.holders(wanted.item)) holders_.add(holder);
        hosts_.number_query(number);
        world::Outcome const outcome =
            ask_at_scale({hosts_, setting_.options, wanted.source, holders_, rng, wanted.item});
        if (!outcome.found) return outcome;
        bool const copies = setting_.options.workload.copying == world::Copying::path ||
                            setting_.options.workload.copying == world::Copying::random;
        std::vector<world::Node> const way = copies ? hosts_.graph.way_of_find() : std::vector<world::Node>{};
        catalogue.found(wanted, way, copies ? hosts_.graph.visited() : std::span<world::Node const>{}, rng);
        return outcome;
    }

    RunSetup const& setting_;
    std::vector<report::Tally>& tallies_;
    Hosts hosts_;
    world::NodeSet holders_;
};

report::Tally run_trials(RunSetup const& setting) {
    world::RunOptions const& options = setting.options;
    std::uint32_t const trials = options.workload.trials;
    if (trials == 0 || trials > options.queries)
        throw world::BadInput{"there must be a query for each of " + std::to_string(trials) + " trials"};
    std::uint64_t const units = setting.share.end - setting.share.begin;
    std::vector<report::Tally> tallies(units);
    world::in_parallel<1>(units, options.threads, [&] { return TrialWorker{setting, tallies}; });
    report::Tally total;
    for (report::Tally const& tally : tallies)
        if (tally.queries() > 0) total.add(tally);
    return total;
}

}  // namespace

report::Tally run(world::Graph const& graph, world::RunOptions const& options, Watch* watch) {
    return run(graph, options, {0, world::units_of(options)}, watch);
}

report::Tally run(world::Graph const& graph, world::RunOptions const& options, world::Share share, Watch* watch) {
    std::optional<world::NetworkModel> model;
    if (options.logs_events()) model.emplace(options.network, graph.nodes(), options.seed);
    RunSetup const setting{graph, options, share, model ? &*model : nullptr, watch};
    if (options.workload.items > 0) return run_trials(setting);
    world::Node const replicas = world::replicas_for(options.replication, graph.nodes());
    report::Tally total;
    auto const workers = world::in_parallel(share.end - share.begin, options.threads, [&] {
        return Worker{setting, replicas};
    });
    for (Worker const& worker : workers) total.add(worker.tally());
    return total;
}

}  // namespace praline::simulate
