// T1: floods over crawls of the real Gnutella network.
#include <algorithm>
#include <array>
#include <string_view>

#include "tools/reproduce/overlays.hpp"
#include "tools/reproduce/targets.hpp"
#include "tools/reproduce/work.hpp"
#include "tools/simulate/exact.hpp"
#include "tools/simulate/report/tally.hpp"
#include "tools/simulate/world/node_set.hpp"

namespace praline::reproduce {
namespace {

using simulate::ExactRow;
using simulate::graph::GraphHost;
using simulate::world::Graph;
using simulate::world::Node;

/// Means over floods from every node in turn, by an independent program.
struct KnownFlood {
    std::string_view crawl;
    unsigned ttl;
    double reach, messages;
};
constexpr std::array known{
    KnownFlood{"Gnutella04", 1, 7.35, 7.35},           KnownFlood{"Gnutella04", 2, 97.16, 102.74},
    KnownFlood{"Gnutella04", 3, 967.49, 1213.45},      KnownFlood{"Gnutella04", 4, 4747.05, 11489.50},
    KnownFlood{"Gnutella04", 5, 9175.55, 44869.34},    KnownFlood{"Gnutella04", 6, 10727.52, 66509.76},
    KnownFlood{"Gnutella04", 7, 10864.84, 69011.75},   KnownFlood{"Gnutella04", 8, 10874.39, 69105.99},
    KnownFlood{"Gnutella04", 9, 10875.00, 69112.97},   KnownFlood{"Gnutella04", 10, 10875.00, 69113.00},
    KnownFlood{"Gnutella08", 1, 6.60, 6.60},           KnownFlood{"Gnutella08", 2, 90.95, 116.47},
    KnownFlood{"Gnutella08", 3, 664.07, 1289.98},      KnownFlood{"Gnutella08", 4, 2721.71, 8038.14},
    KnownFlood{"Gnutella08", 5, 5172.48, 23941.97},    KnownFlood{"Gnutella08", 6, 6191.72, 33888.20},
    KnownFlood{"Gnutella08", 7, 6294.92, 35219.53},    KnownFlood{"Gnutella08", 8, 6297.98, 35253.82},
    KnownFlood{"Gnutella08", 9, 6298.00, 35254.00},    KnownFlood{"Gnutella24", 1, 4.93, 4.93},
    KnownFlood{"Gnutella24", 2, 58.20, 59.37},         KnownFlood{"Gnutella24", 3, 573.40, 620.56},
    KnownFlood{"Gnutella24", 4, 4013.71, 5661.29},     KnownFlood{"Gnutella24", 5, 13773.93, 32880.24},
    KnownFlood{"Gnutella24", 6, 23628.09, 81993.99},   KnownFlood{"Gnutella24", 7, 26377.16, 103004.16},
    KnownFlood{"Gnutella24", 8, 26494.77, 104205.13},  KnownFlood{"Gnutella24", 9, 26496.95, 104220.66},
    KnownFlood{"Gnutella24", 10, 26497.00, 104221.00}, KnownFlood{"Gnutella24", 11, 26497.00, 104221.00},
    KnownFlood{"Gnutella31", 1, 4.73, 4.73},           KnownFlood{"Gnutella31", 2, 53.17, 54.86},
    KnownFlood{"Gnutella31", 3, 494.67, 530.16},       KnownFlood{"Gnutella31", 4, 4010.31, 4988.65},
    KnownFlood{"Gnutella31", 5, 18993.36, 36950.44},   KnownFlood{"Gnutella31", 6, 45085.83, 133809.11},
    KnownFlood{"Gnutella31", 7, 60562.37, 219420.04},  KnownFlood{"Gnutella31", 8, 62510.27, 232860.00},
    KnownFlood{"Gnutella31", 9, 62559.10, 233191.65},  KnownFlood{"Gnutella31", 10, 62559.99, 233195.98},
    KnownFlood{"Gnutella31", 11, 62560.00, 233196.00},
};

struct Crawl {
    char const* name;
    Node nodes;  // of its largest component
    bool from_everywhere;
};
constexpr std::array crawls{Crawl{"Gnutella04", 10'876, true}, Crawl{"Gnutella08", 6'299, true},
                            Crawl{"Gnutella24", 26'498, true}, Crawl{"Gnutella31", 62'561, false}};
constexpr std::size_t sources_sampled = 1000;
constexpr double sampled_tolerance = 0.02;
// A few sources say little about how many neighbours a node has on average: later it does not matter.
constexpr unsigned sampled_ttl_from = 5, sampled_ttl_to = 7;

struct Sampled {
    simulate::report::Sum reach, messages;
};

/// Floods of each TTL from some nodes.
std::vector<Sampled> sampled_floods(Graph const& graph, Options const& options) {
    constexpr std::size_t parts = 8;
    auto const sums = each<std::vector<Sampled>>(parts, options.threads, [&](std::size_t part) {
        Rng rng = chance_of(options.seed, 1, part);
        GraphHost host{graph};
        simulate::world::NodeSet const nobody{graph.nodes()};
        std::vector<Sampled> rows(sampled_ttl_to - sampled_ttl_from + 1);
        for (std::size_t count = 0; count < sources_sampled / parts; ++count) {
            auto const source = static_cast<Node>(rng.below(graph.nodes()));
            for (unsigned ttl = sampled_ttl_from; ttl <= sampled_ttl_to; ++ttl) {
                simulate::world::Outcome const outcome = host.flood(source, ttl, nobody);
                rows[ttl - sampled_ttl_from].reach.add(outcome.reach);
                rows[ttl - sampled_ttl_from].messages.add(outcome.messages);
            }
        }
        return rows;
    });
    std::vector<Sampled> total = sums.front();
    for (std::size_t part = 1; part < parts; ++part)
        for (std::size_t at = 0; at < total.size(); ++at) {
            total[at].reach.add(sums[part][at].reach);
            total[at].messages.add(sums[part][at].messages);
        }
    return total;
}

Check exact_check(std::string what, double theirs, std::uint64_t total, std::uint64_t count) {
    std::string const ours = simulate::two_decimals(total, count), expected = fixed(theirs, 2);
    return {std::move(what), expected, ours, "exact", ours == expected ? Verdict::agrees : Verdict::differs};
}

/// A sample of sources may be off by its own half-width too.
Check sampled_check(std::string what, double theirs, simulate::report::Sum const& sum) {
    simulate::report::Estimate const ours = *sum.estimate();
    return within_share(std::move(what), theirs, ours.mean, sampled_tolerance + ours.half_width / ours.mean, 2);
}

void compare_exactly(Crawl const& crawl, Graph const& graph, Options const& options, std::vector<Check>& checks) {
    auto const rows = simulate::exact_floods(graph, options.threads);
    for (KnownFlood const& one : known) {
        if (one.crawl != crawl.name) continue;
        std::string const at = std::string{crawl.name} + ", TTL " + std::to_string(one.ttl);
        // Beyond the diameter nothing is added.
        ExactRow const& row = rows[std::min<std::size_t>(one.ttl, rows.size()) - 1];
        checks.push_back(exact_check(at + " reach", one.reach, row.reach, graph.nodes()));
        checks.push_back(exact_check(at + " messages", one.messages, row.messages, graph.nodes()));
    }
}

void compare(Crawl const& crawl, Graph const& graph, Options const& options, std::vector<Check>& checks) {
    std::string const begin = std::string{crawl.name} + ", ";
    checks.push_back(equal(begin + "nodes of the largest component", crawl.nodes, graph.nodes()));
    if (crawl.from_everywhere && !options.quick) return compare_exactly(crawl, graph, options, checks);
    auto const rows = sampled_floods(graph, options);
    for (KnownFlood const& one : known) {
        if (one.crawl != crawl.name || one.ttl < sampled_ttl_from || one.ttl > sampled_ttl_to) continue;
        Sampled const& row = rows[one.ttl - sampled_ttl_from];
        std::string const at = begin + "TTL " + std::to_string(one.ttl);
        checks.push_back(sampled_check(at + " reach", one.reach, row.reach));
        checks.push_back(sampled_check(at + " messages", one.messages, row.messages));
    }
}

}  // namespace

Target crawl_floods(Options const& options) {
    Target target{
        "T1", "Floods on crawls of the real network",
        "Crawls of August 2002 (SNAP); counts by the definition of a flood, by an independent program.",
        "the source sends on every link, who hears for the first time passes on to all but the sender. From every "
        "node in turn on three crawls (exact); from 1,000 nodes drawn on the largest and with --quick, for TTL 5 to 7, "
        "where 2 % and the half-width of the sample are tolerated. All TTLs of all nine crawls from every node: "
        "simulate exact."};
    for (Crawl const& one : crawls) {
        auto const graph = crawl(one.name, options);
        if (graph)
            compare(one, *graph, options, target.checks);
        else
            target.checks.push_back(not_checked(one.name, "", "the crawl was not given (--topologies)"));
    }
    return target;
}

}  // namespace praline::reproduce
