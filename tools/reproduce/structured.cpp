// T4, T5, T11, T20, T22 to T26: lookups in structured overlays.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "tools/reproduce/targets.hpp"
#include "tools/simulate/structured/lookups.hpp"

namespace praline::reproduce {
namespace {

namespace structured = simulate::structured;
using structured::Experiment;
using structured::Node;
using structured::Outcome;

constexpr std::string_view tables_at_rest = "our own overlays, whose joins have come to rest; random keys and nodes";

Outcome look_up(std::string_view overlay, Experiment const& experiment) {
    return structured::look_up(*structured::overlay_named(overlay)->make(experiment.settings), experiment);
}

Experiment experiment_of(Options const& options, Node nodes, std::uint64_t lookups) {
    Experiment experiment;
    experiment.settings.nodes = nodes;
    experiment.settings.seed = options.seed;
    experiment.lookups = options.quick ? lookups / 10 : lookups;
    experiment.threads = options.threads;
    return experiment;
}

/// Of one of several overlays that have nothing in common, as those of neighbouring seeds would.
std::uint64_t seed_of(Options const& options, unsigned overlay) { return Rng{options.seed + overlay}.next(); }

double share_of(Outcome const& outcome, std::size_t hops) {
    auto const all = std::accumulate(outcome.by_hops.begin(), outcome.by_hops.end(), std::uint64_t{0});
    auto const some = hops < outcome.by_hops.size() ? outcome.by_hops[hops] : 0;
    return static_cast<double>(some) / static_cast<double>(all);
}

std::string of_nodes(Node nodes) { return std::to_string(nodes) + " nodes: "; }

}  // namespace

Target pastry_routes(Options const& options) {
    Target target{
        "T4", "How many hops Pastry takes, and how much longer its ways are",
        "Rowstron, Druschel: Pastry, Middleware 2001, figures 4 to 6: b 4, leaf sets of 16, nodes in a plane.",
        std::string{tables_at_rest} +
            "; keys are those of nodes, as theirs; an entry is the nearest of 200 that fit. Their neighbourhood sets "
            "are what fills tables while nodes join; ours are filled at once."};
    struct Row {
        Node nodes;
        double hops;
    };
    for (auto const& row : {Row{1000, 2.48}, Row{5000, 2.96}, Row{10'000, 3.24}}) {
        auto experiment = experiment_of(options, row.nodes, 200'000);
        experiment.of_nodes = true;
        auto const outcome = look_up("pastry", experiment);
        target.checks.push_back(within(of_nodes(row.nodes) + "mean hops", row.hops, *outcome.hops_mean, 0.05, 3));
        target.checks.push_back(between(of_nodes(row.nodes) + "way over the straight one", "30 to 40 % longer", 1.25,
                                        1.45, *outcome.stretch_mean, 3));
    }
    constexpr Node many = 100'000;
    constexpr std::array shares{0.0006, 0.0156, 0.1643, 0.6449, 0.1745};
    if (options.quick) {
        target.checks.push_back(not_checked(of_nodes(many) + "mean hops", "3.977", "only without --quick"));
        return target;
    }
    auto experiment = experiment_of(options, many, 200'000);
    experiment.of_nodes = true;
    auto const outcome = look_up("pastry", experiment);
    target.checks.push_back(within(of_nodes(many) + "mean hops", 3.977, *outcome.hops_mean, 0.03, 3));
    target.checks.push_back(equal(of_nodes(many) + "most hops", 5, outcome.hops_max));
    for (std::size_t hops = 1; hops <= shares.size(); ++hops)
        target.checks.push_back(within(of_nodes(many) + "share of routes with " + std::to_string(hops) + " hops",
                                       shares[hops - 1], share_of(outcome, hops), 0.01, 4));
    target.checks.push_back(between(of_nodes(many) + "way over the straight one", "30 to 40 % longer", 1.25, 1.45,
                                    *outcome.stretch_mean, 3));
    experiment.settings.pastry.is_near = false;
    target.checks.push_back(at_least(of_nodes(many) + "way over the straight one, entries far away as well as near",
                                     "no figure: the control", 3.5, *look_up("pastry", experiment).stretch_mean, 3));
    return target;
}

Target pastry_failures(Options const& options) {
    Target target{"T5", "What failures cost Pastry, before and after repair",
                  "Rowstron, Druschel: Pastry, Middleware 2001, figure 10: 500 of 5,000 nodes fail silently.",
                  std::string{tables_at_rest} +
                      "; hops to the node that has the key, where theirs end at the first of five that keep it, so "
                      "only differences can be compared. A node that asks for an entry asks each node of its row and "
                      "of the rows below; theirs stop somewhere that is not said."};
    auto experiment = experiment_of(options, 5000, 200'000);
    auto const pastry = structured::make_pastry(experiment.settings);
    double const before = *structured::look_up(*pastry, experiment).hops_mean;
    experiment.failed = 0.1;
    auto const failed = structured::look_up(*pastry, experiment);
    auto const repaired = pastry->repaired(structured::live_of(experiment));
    auto const after = structured::look_up(*repaired->overlay, experiment);
    target.checks.push_back(within("hops more before repair", 0.23, *failed.hops_mean - before, 0.05, 3));
    target.checks.push_back(at_most("hops more after repair", "0.01", 0.05, *after.hops_mean - before, 3));
    target.checks.push_back(between("hops before anybody failed", "2.73", 2.6, 3.0, before, 3));
    target.checks.push_back(
        at_least("lookups that end at the right node before repair", "all", 0.999, failed.success_rate, 4));
    target.checks.push_back(at_least("and after it", "all", 1, after.success_rate, 4));
    target.checks.push_back(at_most("time-outs of a lookup after repair", "0", 0, *after.timeouts_mean, 3));
    target.checks.push_back(
        not_checked("requests for each node that failed", "57",
                    "when they give up is not said; ours makes " + fixed(repaired->requests_mean, 0)));
    return target;
}

Target kademlia_lookups(Options const& options) {
    Target target{"T11", "Kademlia asks in rounds, not one hop after the other",
                  "Maymounkov, Mazieres: Kademlia, IPTPS 2002: k 20, three requests at a time; at most about log2 N.",
                  std::string{tables_at_rest} +
                      "; a hop is a round of requests, until the owner answers. With buckets of 20 the bound is never "
                      "near: a bucket knows one of twenty nodes that share four bits more."};
    for (Node const nodes : {1000U, 4000U, 16'000U}) {
        auto experiment = experiment_of(options, nodes, 20'000);
        auto const outcome = look_up("kademlia", experiment);
        target.checks.push_back(
            at_most(of_nodes(nodes) + "mean rounds", "at most log2 N", std::log2(nodes), *outcome.hops_mean, 2));
        target.checks.push_back(
            at_least(of_nodes(nodes) + "lookups that reach the owner", "all", 1, outcome.success_rate, 4));
        experiment.failed = 0.2;
        target.checks.push_back(at_least(of_nodes(nodes) + "the same with 20 % failed", "nearly all", 0.999,
                                         look_up("kademlia", experiment).success_rate, 4));
    }
    return target;
}

Target leaf_sets(Options const& options) {
    Target target{"T20", "Routing by leaf sets alone",
                  "Rowstron, Druschel: Pastry, Middleware 2001, with l on each side: mean N/4l, at most N/2l hops.",
                  "leaf sets of 16 and keys as far from each other as can be"};
    for (Node const nodes : {256U, 1024U, 4096U}) {
        auto experiment = experiment_of(options, nodes, 100'000);
        experiment.settings.even_keys = true;
        experiment.settings.pastry.has_table = false;
        auto const outcome = look_up("pastry", experiment);
        auto const each_side = experiment.settings.pastry.leaves / 2;
        double const mean = static_cast<double>(nodes) / (4.0 * each_side);
        target.checks.push_back(within(of_nodes(nodes) + "mean hops", mean, *outcome.hops_mean, 0.05 * mean + 0.5, 2));
        target.checks.push_back(equal(of_nodes(nodes) + "most hops", nodes / (2 * each_side), outcome.hops_max));
    }
    return target;
}

Target chord_paths(Options const& options) {
    Target target{"T23", "How long Chord's ways are",
                  "Stoica and others: Chord, SIGCOMM 2001: the mean is about half of log2 N.",
                  "ideal fingers, random keys, and one successor instead of a list; hops to the node before the owner, "
                  "as they count"};
    for (unsigned const bits : {6U, 8U, 10U, 12U, 14U}) {
        auto experiment = experiment_of(options, Node{1} << bits, 100'000);
        experiment.settings.chord.successors = 1;
        auto const outcome = look_up("chord", experiment);
        target.checks.push_back(
            within(of_nodes(Node{1} << bits) + "mean hops", bits / 2.0, *outcome.hops_mean - 1, 0.3, 2));
    }
    return target;
}

Target chord_failures(Options const& options) {
    Target target{
        "T24", "What failures cost Chord before it stabilises",
        "Stoica and others: Chord, Transactions on Networking 2003, table: 1,000 nodes, lists of 20 "
        "successors.",
        "means of eight overlays; whoever looks a key up asks all nodes himself, and one that has failed once"};
    struct Row {
        double failed, hops, timeouts;
    };
    constexpr unsigned overlays = 8;
    for (auto const& row : {Row{0, 3.84, 0}, Row{0.1, 4.03, 0.60}, Row{0.2, 4.22, 1.17}, Row{0.3, 4.44, 2.02},
                            Row{0.4, 4.69, 3.23}, Row{0.5, 5.09, 5.10}}) {
        double hops = 0, timeouts = 0;
        for (unsigned overlay = 0; overlay < overlays; ++overlay) {
            auto experiment = experiment_of(options, 1000, 20'000);
            experiment.settings.seed = seed_of(options, overlay);
            experiment.failed = row.failed;
            auto const outcome = look_up("chord", experiment);
            hops += *outcome.hops_mean / overlays;
            timeouts += *outcome.timeouts_mean / overlays;
        }
        auto const failed = fixed(100 * row.failed, 0) + " % failed: ";
        target.checks.push_back(within(failed + "mean hops", row.hops, hops, 0.15, 2));
        target.checks.push_back(within(failed + "time-outs of a lookup", row.timeouts, timeouts, 0.35, 2));
    }
    return target;
}

Target can_paths(Options const& options) {
    Target target{"T26", "How long CAN's ways are, and how many neighbours a node has",
                  "Ratnasamy and others: CAN, SIGCOMM 2001: d/4 n^(1/d) hops with zones of one size; 4.57 neighbours "
                  "with d 2. With 2^18 nodes they measured 0.77 of the formula.",
                  "joins at random points, splits in the order of the dimensions"};
    for (unsigned const dims : {2U, 3U, 5U}) {
        for (Node const nodes : {1024U, 4096U}) {
            auto experiment = experiment_of(options, nodes, 20'000);
            experiment.settings.dims = dims;
            auto const can = structured::make_can(experiment.settings);
            auto const outcome = structured::look_up(*can, experiment);
            auto const what = std::to_string(dims) + " dimensions, " + of_nodes(nodes);
            target.checks.push_back(between(what + "hops over the formula", "0.77 to 1", 0.77, 0.95,
                                            *outcome.hops_mean / *can->formula_hops(), 3));
            if (dims == 2) target.checks.push_back(within(what + "neighbours", 4.57, outcome.entries_mean, 0.1, 2));
        }
    }
    return target;
}

Target nearest_of_five(Options const& options) {
    Target target{
        "T22", "Whether Pastry finds the nearest of five copies",
        "Rowstron, Druschel: Pastry, Middleware 2001, figure 8: 10,000 nodes, b 3, L 8: the nearest of five in 68 "
        "% of 100,000 routes, one of the two nearest in 87 %.",
        std::string{tables_at_rest} +
            "; the copy that a route comes to first. Their heuristic, by which it is 76 and 92 %, is not "
            "repeated."};
    auto experiment = experiment_of(options, 10'000, 100'000);
    experiment.settings.pastry.digit_bits = 3;
    experiment.settings.pastry.leaves = 8;
    auto const pastry = structured::make_pastry(experiment.settings);
    auto const underlay = structured::underlay_of(experiment.settings);
    auto const keys = structured::keys_of(experiment.settings);
    auto const live = structured::live_of(experiment);
    constexpr Node copies = 5;
    std::uint64_t nearest = 0, nearest_two = 0;
    Rng chance{options.seed, 0x22};
    for (std::uint64_t route = 0; route < experiment.lookups; ++route) {
        auto const from = static_cast<Node>(chance.below(keys.size()));
        auto const key = chance.next();
        // The five nearest are neighbours on the ring, two on each side of the owner but for ties.
        Node const owner = *pastry->owner(key, live);
        std::vector<Node> holders;
        for (Node step = 0; step < 2 * copies + 1; ++step)
            holders.push_back(static_cast<Node>((owner + keys.size() + step - copies) % keys.size()));
        std::sort(holders.begin(), holders.end(), [&](Node one, Node other) {
            return std::min(keys[one] - key, key - keys[one]) < std::min(keys[other] - key, key - keys[other]);
        });
        holders.resize(copies);
        auto const way = pastry->way(from, key, live);
        auto const first = std::find_if(way.begin(), way.end(), [&](Node node) {
            return std::find(holders.begin(), holders.end(), node) != holders.end();
        });
        auto const nearer = std::count_if(holders.begin(), holders.end(), [&](Node node) {
            return underlay->distance(from, node) < underlay->distance(from, *first);
        });
        nearest += nearer == 0 ? 1 : 0;
        nearest_two += nearer <= 1 ? 1 : 0;
    }
    auto const share = [&](std::uint64_t some) {
        return 100 * static_cast<double>(some) / static_cast<double>(experiment.lookups);
    };
    std::string const why =
        "by their rule the last hop goes to the leaf nearest by key, however far it is; how theirs comes to more is "
        "not "
        "said; ours: ";
    target.checks.push_back(
        not_checked("routes that come to the nearest copy first, %", "68", why + fixed(share(nearest), 1)));
    target.checks.push_back(not_checked("to one of the two nearest, %", "87", why + fixed(share(nearest_two), 1)));
    target.checks.push_back(
        at_least("to the nearest, twice as often as by chance, %", "more than 20", 40, share(nearest), 1));
    return target;
}

Target chord_lost_keys(Options const& options) {
    Target target{
        "T25", "Which keys Chord loses when nodes fail",
        "Stoica and others: Chord, SIGCOMM 2001: of 10^4 nodes a part fails at once; almost exactly as large a "
        "part of the lookups is lost.",
        "means of eight overlays; a lookup is lost unless it ends at the node that had the key before. Lookups "
        "while nodes come and go are not simulated."};
    // How much of the keys failed nodes had differs by a point from one overlay to the next.
    constexpr unsigned overlays = 8;
    for (double const failed : {0.05, 0.1, 0.2, 0.3, 0.4, 0.5}) {
        std::uint64_t lost = 0, lookups = 0;
        for (unsigned overlay = 0; overlay < overlays; ++overlay) {
            auto experiment = experiment_of(options, 10'000, 10'000);
            experiment.settings.seed = seed_of(options, overlay);
            experiment.failed = failed;
            auto const chord = structured::make_chord(experiment.settings);
            auto const live = structured::live_of(experiment);
            Rng chance{experiment.settings.seed, 0x25};
            structured::Live const before{experiment.settings.nodes, 0, chance};
            for (std::uint64_t lookup = 0; lookup < experiment.lookups; ++lookup, ++lookups) {
                Node const from = live.all_up()[chance.below(live.all_up().size())];
                auto const key = chance.next();
                if (chord->look_up(from, key, live, chance).end != chord->owner(key, before)) ++lost;
            }
        }
        target.checks.push_back(within(fixed(100 * failed, 0) + " % failed: lookups lost, %", 100 * failed,
                                       100 * static_cast<double>(lost) / static_cast<double>(lookups), 1, 2));
    }
    return target;
}

}  // namespace praline::reproduce
