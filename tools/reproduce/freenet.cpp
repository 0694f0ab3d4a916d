// T6 to T8: routing by keys on the scale of Freenet's own simulation.
#include <algorithm>
#include <cmath>

#include "tools/reproduce/targets.hpp"
#include "tools/reproduce/work.hpp"
#include "tools/simulate/graph/key_world.hpp"

namespace praline::reproduce {
namespace {

using simulate::graph::KeyTravel;
using simulate::graph::KeyWorld;
using simulate::world::Node;

constexpr char const* paper = "Clarke, Sandberg, Wiley, Hong: Freenet, Designing Privacy Enhancing Technologies 2000.";
constexpr unsigned hops_to_live = 20, probe_hops_to_live = 500, announce_hops_to_live = 10;
constexpr std::size_t probes = 300;
constexpr unsigned steps_per_newcomer = 5;
constexpr std::uint64_t insert_per_cent = 20;  // of what is done; the others are requests. The paper names no ratio.

/// A network and what is known to have been inserted.
struct Run {
    explicit Run(Rng chance) : rng{chance} {}
    KeyWorld world{KeyWorld::Sizes{50, 250}};
    Rng rng;
    std::vector<std::uint64_t> keys;

    [[nodiscard]] Node any_node() { return static_cast<Node>(rng.below(world.nodes())); }
    [[nodiscard]] std::uint64_t any_key() { return keys[rng.below(keys.size())]; }
    void one_operation() {
        if (!keys.empty() && rng.below(100) >= insert_per_cent) {
            world.request(any_key(), any_node(), hops_to_live);
            return;
        }
        keys.push_back(rng.next());
        world.insert(keys.back(), any_node(), hops_to_live);
    }
    /// Hops of each probe, in rising order; a failure counts as all it may make.
    [[nodiscard]] std::vector<unsigned> probe() {
        std::vector<unsigned> hops;
        while (hops.size() < probes) {
            Node const source = any_node();
            if (world.dead(source)) continue;
            KeyTravel const travel = world.probe(any_key(), source, probe_hops_to_live);
            hops.push_back(travel.found ? travel.hops : probe_hops_to_live);
        }
        std::sort(hops.begin(), hops.end());
        return hops;
    }
    [[nodiscard]] unsigned median() { return probe()[probes / 2]; }
    /// Nodes join, one every few steps with one operation each, until there are so many.
    void grow(Node nodes) {
        while (world.nodes() < nodes) {
            for (unsigned step = 0; step < steps_per_newcomer; ++step) one_operation();
            world.announce(any_node(), announce_hops_to_live, rng);
        }
    }
};

unsigned middle(std::vector<unsigned> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

std::string range(std::vector<unsigned> const& values) {
    auto const [least, most] = std::minmax_element(values.begin(), values.end());
    return std::to_string(*least) + " to " + std::to_string(*most);
}

/// Share of the spread of `y` that a straight line over `x` explains, and its slope.
struct Line {
    double explained, slope;
};
Line line_through(std::vector<double> const& x, std::vector<double> const& y) {
    auto const n = static_cast<double>(x.size());
    double sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
    for (std::size_t at = 0; at < x.size(); ++at) {
        sx += x[at], sy += y[at];
        sxx += x[at] * x[at], syy += y[at] * y[at], sxy += x[at] * y[at];
    }
    double const xx = sxx - sx * sx / n, yy = syy - sy * sy / n, xy = sxy - sx * sy / n;
    return {yy > 0 ? xy * xy / (xx * yy) : 0, xy / xx};
}

}  // namespace

Target freenet_convergence(Options const& options) {
    constexpr Node nodes = 1000;
    constexpr unsigned steps = 5000, probe_every = 100, operations_per_step = 5;
    std::size_t const trials = options.quick ? 5 : 10;
    Target target{
        "T6", "Freenet: paths shorten as nodes learn who leads to what", paper,
        "1,000 nodes in a ring that know two neighbours on either side, store 50, table 250; inserts (20 %) and "
        "requests with 20 hops to live, five a step; every 100 steps 300 probes with 500 hops to live, failures "
        "count as 500; " +
            std::to_string(trials) +
            " trials, of which the median of the medians is given. The paper "
            "says neither how many operations a step has nor how many of them insert: few of them, and stores filled "
            "past what they hold, change the result."};
    auto const runs = each<std::vector<unsigned>>(trials, options.threads, [&](std::size_t trial) {
        Run run{chance_of(options.seed, 6, trial)};
        run.world.ring_lattice(nodes);
        std::vector<unsigned> medians;
        for (unsigned step = 1; step <= steps; ++step) {
            for (unsigned i = 0; i < operations_per_step; ++i) run.one_operation();
            if (step % probe_every == 0) medians.push_back(run.median());
        }
        return medians;
    });
    auto const at_step = [&](unsigned step) {
        std::vector<unsigned> values;
        for (auto const& run : runs) values.push_back(run[step / probe_every - 1]);
        return values;
    };
    auto const end = at_step(steps);
    Check last = at_most("median pathlength after 5,000 steps", "falls to 6", 8, middle(end), 0);
    last.remark = "trials " + range(end) + "; over time " + std::to_string(middle(at_step(100))) + " (step 100), " +
                  std::to_string(middle(at_step(500))) + " (500), " + std::to_string(middle(at_step(1000))) +
                  " (1,000), " + std::to_string(middle(at_step(2000))) + " (2,000), " +
                  std::to_string(middle(at_step(3500))) + " (3,500)";
    target.checks.push_back(last);
    target.checks.push_back(at_least("times shorter than at step 100", "falls steeply", 10,
                                     static_cast<double>(middle(at_step(100))) / std::max(1U, middle(end)), 0));
    return target;
}

Target freenet_growth(Options const& options) {
    Node const most = options.quick ? 10'000 : 40'000;
    std::size_t const trials = options.quick ? 2 : 4;
    Target target{"T7", "Freenet: pathlength grows with the logarithm of the network", paper,
                  "grown from 20 nodes to " + std::to_string(most) +
                      ": every five steps one joins by an announcement with 10 "
                      "hops to live; one insert (20 %) or request a step; " +
                      std::to_string(trials) +
                      " networks. Their figure "
                      "goes on to a million nodes, ours does not."};
    std::vector<Node> sizes;
    for (Node size = 50; size < most; size *= 2) sizes.push_back(size);
    sizes.push_back(most);
    auto const runs = each<std::vector<double>>(trials, options.threads, [&](std::size_t trial) {
        Run run{chance_of(options.seed, 7, trial)};
        run.world.ring_lattice(20);
        std::vector<double> medians;
        for (Node const size : sizes) {
            run.grow(size);
            medians.push_back(run.median());
        }
        return medians;
    });
    std::vector<double> logarithms, means;
    std::string curve;
    for (std::size_t at = 0; at < sizes.size(); ++at) {
        double sum = 0;
        for (auto const& run : runs) sum += run[at];
        means.push_back(sum / static_cast<double>(trials));
        logarithms.push_back(std::log10(static_cast<double>(sizes[at])));
        curve += (curve.empty() ? "" : ", ") + std::to_string(sizes[at]) + ": " + fixed(means.back(), 1);
    }
    Line const line = line_through(logarithms, means);
    Check straight =
        at_least("share of the spread that log N explains", "approximately logarithmic", 0.85, line.explained, 3);
    straight.remark =
        "mean of the medians by nodes: " + curve + "; " + fixed(line.slope, 1) + " hops more for ten times the nodes";
    target.checks.push_back(straight);
    target.checks.push_back(at_most("median pathlength at " + std::to_string(most) + " nodes",
                                    "under 30 (30 at a million)", 30, means.back(), 1));
    if (most < 40'000)
        target.checks.push_back(
            not_checked("median pathlength at 40000 nodes", "under 30", "the quick run stops earlier"));
    target.checks.push_back(
        not_checked("change of slope near 40,000 nodes", "seen beyond 40,000", "we stop where it begins"));
    return target;
}

Target freenet_failures(Options const& options) {
    constexpr Node nodes = 1000;
    constexpr unsigned per_cent_step = 5, per_cent_max = 30;
    std::size_t const trials = options.quick ? 4 : 10;
    Target target{
        "T8", "Freenet: paths stay short while nodes fail", paper,
        "networks grown to 1,000 nodes as in T7, then 5 % more of them at a time stop answering, unnoticed by the "
        "others: a hop to one of them is lost. 300 probes each; " +
            std::to_string(trials) + " networks."};
    auto const runs = each<std::vector<unsigned>>(trials, options.threads, [&](std::size_t trial) {
        Run run{chance_of(options.seed, 8, trial)};
        run.world.ring_lattice(20);
        run.grow(nodes);
        std::vector<unsigned> medians{run.median()};
        for (unsigned failed = per_cent_step; failed <= per_cent_max; failed += per_cent_step) {
            for (Node left = nodes * per_cent_step / 100; left > 0;)
                if (Node const node = run.any_node(); !run.world.dead(node)) run.world.kill(node), --left;
            medians.push_back(run.median());
        }
        return medians;
    });
    for (std::size_t at = 0; at * per_cent_step <= per_cent_max; ++at) {
        std::vector<unsigned> values;
        for (auto const& run : runs) values.push_back(run[at]);
        Check check = at_most("median pathlength with " + std::to_string(at * per_cent_step) + " % of the nodes gone",
                              "under 20", 19, middle(values), 0);
        check.remark = "networks " + range(values);
        target.checks.push_back(check);
    }
    return target;
}

}  // namespace praline::reproduce
