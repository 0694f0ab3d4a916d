#include "tools/simulate/run.hpp"

#include <cmath>
#include <set>

#include <catch2/catch.hpp>

#include "tools/simulate/report/report.hpp"
#include "tools/simulate/world/chance.hpp"
#include "tools/simulate/world/parallel.hpp"
#include "tools/simulate/world/topology.hpp"
#include "tools/simulate/world/workload.hpp"

namespace run_test {
using namespace praline;
using namespace praline::simulate;
using namespace praline::simulate::world;
using namespace praline::simulate::report;

namespace {

Report report(std::string const& topology, RunOptions const& options) {
    Graph const graph = make_topology(topology, options.seed);
    return {topology, graph.nodes(), graph.links(), options, run(graph, options)};
}

RunOptions asking(StrategyName strategy, std::uint64_t queries, double replication = 0.01) {
    RunOptions options;
    options.strategy = strategy;
    options.queries = queries;
    options.replication = replication;
    return options;
}

}  // namespace

TEST_CASE("the result is the same text on one thread and on several") {
    for (auto const strategy : {StrategyName::flood, StrategyName::expanding_ring, StrategyName::random_walk})
        for (bool const state : {false, true}) {
            RunOptions options = asking(strategy, 333, 0.02);
            options.state = state;
            std::string const alone = to_json(report("random:500:900", options));
            options.threads = 4;
            CHECK(to_json(report("random:500:900", options)) == alone);
            options.seed = 2;
            CHECK(to_json(report("random:500:900", options)) != alone);
        }
}

TEST_CASE("a query is the same whatever the strategy: a ring finds at the distance at which an endless flood does") {
    RunOptions options = asking(StrategyName::flood, 500);
    options.ttl = 255;
    auto const flood = report("grid:30x30", options).tally;
    options.strategy = StrategyName::expanding_ring;
    auto const ring = report("grid:30x30", options).tally;
    CHECK(flood.found == 500);
    CHECK(ring.found == 500);
    CHECK(ring.hops.estimate()->mean == flood.hops.estimate()->mean);
    CHECK(ring.messages.estimate()->mean < flood.messages.estimate()->mean);
}

// The figures are those of a program that shares no code with this one; each tolerance is about four deviations.
TEST_CASE("on a grid of 100 x 100 floods, rings and walks cost what an independent program measured") {
    RunOptions options = asking(StrategyName::flood, 4000);
    options.ttl = 3;
    Report const flood = report("grid:100x100", options);
    CHECK(flood.tally.success().mean == Approx(0.2089).margin(0.026));
    CHECK(flood.tally.messages.estimate()->mean / 10'000 == Approx(0.0039).epsilon(0.02));

    Report const ring = report("grid:100x100", asking(StrategyName::expanding_ring, 2000));
    CHECK(ring.tally.messages.estimate()->mean / 10'000 == Approx(0.0650).epsilon(0.12));

    Tally const walk = report("grid:100x100", asking(StrategyName::random_walk, 4000)).tally;
    CHECK(walk.hops.estimate()->mean == Approx(19.94).epsilon(0.08));
    CHECK(walk.messages.estimate()->mean / 10'000 == Approx(0.06846).epsilon(0.08));
    CHECK(walk.reach.estimate()->mean == Approx(106.0).epsilon(0.08));
    CHECK(walk.checks.estimate()->mean == Approx(169.9).epsilon(0.08));

    options = asking(StrategyName::random_walk, 4000);
    options.state = true;
    CHECK(report("grid:100x100", options).tally.hops.estimate()->mean == Approx(18.26).epsilon(0.07));
    options.state = false;
    options.walkers = 1;
    Tally const alone = report("grid:100x100", options).tally;
    CHECK(alone.hops.estimate()->mean == Approx(222.2).epsilon(0.08));
    CHECK(1 - alone.success().mean == Approx(0.036).margin(0.012));
}

TEST_CASE("a replication that leaves no holder or nobody to ask is refused") {
    CHECK(replicas_for(0.01, 10'000) == 100);
    CHECK(replicas_for(0.5, 3) == 2);
    for (double const bad : {0.0, 1.0, -0.1, 1.5, std::nan(""), 0.00001, 0.99999})
        CHECK_THROWS_AS(replicas_for(bad, 1000), BadInput);
}

TEST_CASE("strategies have names, others are refused by a sentence that lists them") {
    for (StrategyRow const& row : strategy_rows()) CHECK(strategy_named(to_string(row.id)) == row.id);
    CHECK_THROWS_WITH(strategy_named("flod"), Catch::Contains("flod") && Catch::Contains("expanding-ring"));
}

TEST_CASE("means and half-widths are those of the textbook") {
    Sum sum;
    CHECK_FALSE(sum.estimate());
    for (std::uint64_t const value : {2, 4, 4, 4, 5, 5, 7, 9}) sum.add(value);
    CHECK(sum.estimate()->mean == 5);
    CHECK(sum.estimate()->half_width == Approx(1.959964 * std::sqrt(32.0 / 7 / 8)));
    Sum one;
    one.add(7);
    CHECK(one.estimate()->half_width == 0);
    Sum large;  // squares of these do not fit 64 bits
    large.add(6'000'000'000);
    large.add(6'000'000'002);
    CHECK(large.estimate()->half_width == Approx(1.959964));

    Tally tally;
    for (int i = 0; i < 100; ++i) tally.add(Outcome{i < 30, 3, 3, 10, 8, 0});
    CHECK(tally.success().mean == 0.3);
    CHECK(tally.success().half_width == Approx(0.0882).margin(0.0005));  // Wilson: 0.2189 … 0.3958
    CHECK(tally.hops.count() == 30);
    CHECK(tally.duplicates.estimate()->mean == 2);
}

TEST_CASE("streams of neighbouring seeds and queries have nothing in common") {
    Rng one = stream_of(1, Purpose::query, 0), next_seed = stream_of(2, Purpose::query, 0),
        next_query = stream_of(1, Purpose::query, 1), topology = stream_of(1, Purpose::topology, 0);
    std::set<std::uint64_t> drawn;
    for (int i = 0; i < 100; ++i)
        for (Rng* const rng : {&one, &next_seed, &next_query, &topology}) drawn.insert(rng->next());
    CHECK(drawn.size() == 400);
}

TEST_CASE("work in parallel is done once each, and what a worker throws comes out") {
    struct Worker {
        std::vector<std::uint64_t> done;
        void operator()(std::uint64_t number) {
            if (number == 5000) throw BadInput{"five thousand"};
            done.push_back(number);
        }
    };
    for (unsigned const threads : {1U, 3U, 64U}) {
        std::set<std::uint64_t> all;
        std::size_t calls = 0;
        for (Worker const& worker : in_parallel(1000, threads, [] { return Worker{}; })) {
            calls += worker.done.size();
            all.insert(worker.done.begin(), worker.done.end());
        }
        CHECK(calls == 1000);
        CHECK(all.size() == 1000);
        CHECK_THROWS_AS(in_parallel(6000, threads, [] { return Worker{}; }), BadInput);
    }
}

TEST_CASE("queries of trials hang together: the interval follows from how trials differ") {
    Tally total;
    for (std::uint64_t const found : {2, 4, 9}) {  // of ten each
        Tally trial;
        for (std::uint64_t query = 0; query < 10; ++query) {
            Outcome outcome;
            outcome.found = query < found;
            outcome.messages = 10 * found;
            outcome.results = outcome.found ? 2 : 0;
            trial.add(outcome);
        }
        trial.end_trial();
        total.add(trial);
    }
    CHECK(total.messages.estimate()->mean == 50);
    // Means 20, 40, 90: their deviation is 36.056, over the root of 3, times Student's 4.303 for two degrees of freedom.
    CHECK(total.messages.estimate()->half_width == Approx(4.303 * 36.0555 / std::sqrt(3)));
    CHECK(total.success().half_width == Approx(4.303 * 0.360555 / std::sqrt(3)));
    CHECK(total.messages_per_result.estimate()->mean == 50);
    CHECK(student_95(1) == 12.706);
    CHECK(student_95(40) == Approx(2.021).margin(0.002));
}

TEST_CASE("the price of a result is a quotient of sums, with the interval of a linear approximation") {
    Ratio ratio;
    CHECK_FALSE(ratio.estimate());
    ratio.add(10, 0);
    CHECK_FALSE(ratio.estimate());
    ratio.add(10, 1);
    ratio.add(20, 3);
    CHECK(ratio.estimate()->mean == 10);
    // Residues 10, 0 and -10: √(3/2 · 200) / 4.
    CHECK(ratio.estimate()->half_width == Approx(1.959964 * std::sqrt(300.0) / 4));
}

TEST_CASE("with items and copying too the result is the same on any number of threads") {
    for (auto const copying : {Copying::none, Copying::owner, Copying::path, Copying::random}) {
        RunOptions options = asking(StrategyName::random_walk, 300, 0.02);
        options.workload.items = 20;
        options.workload.zipf = 1;
        options.workload.copying = copying;
        options.workload.trials = 7;
        options.workload.warm_up = 5;
        std::string const alone = to_json(report("random:300:900", options));
        options.threads = 4;
        CHECK(to_json(report("random:300:900", options)) == alone);
        CHECK(alone.find("\"queries\":300,") != std::string::npos);
    }
}

TEST_CASE("copies of what was found make later searches cheaper, the more the more there are") {
    auto const cost = [](Copying copying) {
        RunOptions options = asking(StrategyName::random_walk, 4000, 0.004);
        options.walkers = 8;
        options.workload.items = 10;
        options.workload.zipf = 1;
        options.workload.copying = copying;
        options.workload.trials = 4;
        return report("random:1000:3000", options).tally.messages.estimate()->mean;
    };
    double const none = cost(Copying::none), owner = cost(Copying::owner), path = cost(Copying::path),
                 random = cost(Copying::random);
    CHECK(owner < 0.5 * none);
    CHECK(path < 0.8 * owner);
    CHECK(random < 0.8 * owner);
}

TEST_CASE(
    "square-root allocation makes a walker find things sooner than uniform and proportional, which cost the same") {
    auto const hops = [](Allocation allocation) {
        RunOptions options = asking(StrategyName::random_walk, 6000, 0.02);
        options.walkers = 1;
        options.steps_max = 100'000;
        options.workload.items = 50;
        options.workload.zipf = 1.2;
        options.workload.allocation = allocation;
        options.workload.trials = 12;
        return report("random:2000:8000", options).tally.hops.estimate()->mean;
    };
    double const uniform = hops(Allocation::uniform), proportional = hops(Allocation::proportional),
                 root = hops(Allocation::square_root);
    CHECK(proportional == Approx(uniform).epsilon(0.15));
    CHECK(root < 0.75 * uniform);
}

TEST_CASE("who looks on may end a run: the tally is of what was asked") {
    struct Ten : Watch {
        bool go_on() override { return count < 10; }
        void asked() override { ++count; }
        int count = 0;
    };
    for (std::uint32_t const items : {0U, 5U}) {
        Ten ten;
        RunOptions options = asking(StrategyName::flood, 200, 0.1);
        options.workload.items = items;
        CHECK(run(make_topology("grid:9x9", 1), options, &ten).queries() == 10);
    }
}

TEST_CASE("trials without a query each are refused") {
    RunOptions options = asking(StrategyName::flood, 9, 0.1);
    options.workload.items = 5;
    CHECK_THROWS_AS(run(make_topology("grid:9x9", 1), options), BadInput);
}

}  // namespace run_test
