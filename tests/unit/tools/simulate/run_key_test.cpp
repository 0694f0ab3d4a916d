// Key requests as a strategy of a run: what nodes learn lasts as long as a trial.
#include <catch2/catch.hpp>

#include "tools/simulate/run.hpp"
#include "tools/simulate/world/topology.hpp"

namespace run_key_test {
using namespace praline::simulate;
using namespace praline::simulate::world;
using namespace praline::simulate::report;

namespace {

RunOptions options_of_key() {
    RunOptions options;
    options.strategy = StrategyName::key;
    options.replication = 0.01;
    options.queries = 400;
    return options;
}

double messages(Graph const& graph, RunOptions const& options) { return run(graph, options).messages.estimate()->mean; }

}  // namespace

TEST_CASE("nodes learn where items are while a trial lasts, and queries without items teach nobody") {
    Graph const graph = make_topology("random:500:1500", 3);
    RunOptions options = options_of_key();
    double const without = messages(graph, options);
    options.workload.items = 10;
    options.workload.trials = 2;
    double const some = messages(graph, options);
    options.workload.warm_up = 1500;
    double const many = messages(graph, options);
    CHECK(some < without);
    CHECK(many < some / 2);
    // Each trial begins with nodes that know nothing: more trials of fewer queries learn less.
    options.workload.warm_up = 0;
    options.workload.trials = 40;
    CHECK(messages(graph, options) > some);
}

TEST_CASE("key requests cost the same on any number of threads, with an event log and without") {
    Graph const graph = make_topology("random:500:1500", 3);
    RunOptions options = options_of_key();
    options.workload.items = 10;
    options.workload.trials = 7;
    Tally const one = run(graph, options);
    options.threads = 3;
    options.log_events = true;
    Tally const logged = run(graph, options);
    CHECK(one.messages.estimate()->mean == logged.messages.estimate()->mean);
    CHECK(one.hops.estimate()->mean == logged.hops.estimate()->mean);
    CHECK(one.found == logged.found);
    CHECK(logged.bytes.estimate()->mean > logged.messages.estimate()->mean * 23);
}

TEST_CASE("where messages are lost and nodes drop, lie or are dead, key requests find less and still end") {
    Graph const graph = make_topology("random:500:1500", 3);
    RunOptions options = options_of_key();
    options.workload.items = 10;
    options.log_events = true;
    Tally const well = run(graph, options);
    options.network.loss = 0.05;
    options.network.failed = 0.1;
    options.network.droppers = 0.05;
    options.network.liars = 0.05;
    Tally const ill = run(graph, options);
    CHECK(well.found == 400);
    CHECK(ill.found < well.found);
    CHECK(ill.found > 0);
    CHECK(ill.lost.estimate()->mean > 0);
    CHECK(ill.false_hits.estimate()->mean > 0);
    CHECK(ill.first_ms.estimate()->mean > well.first_ms.estimate()->mean);
}

}  // namespace run_key_test
