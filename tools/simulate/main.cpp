// Compares ways to search on overlays of any size; every figure follows from the seed.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include <CLI/CLI.hpp>

#include "tools/simulate/exact.hpp"
#include "tools/simulate/limits.hpp"
#include "tools/simulate/report.hpp"
#include "tools/simulate/run.hpp"
#include "tools/simulate/topology.hpp"

using namespace praline::simulate;

namespace {

constexpr int exit_differs = 1, exit_failed = 1, exit_usage = 2;

struct Request {
    std::string topology;
    std::string strategy = "flood";
    std::vector<std::string> strategies{"flood", "expanding-ring", "random-walk"};
    RunOptions options;
    bool json = false, csv = false;
};

struct ExactRequest {
    std::vector<std::string> topologies;
    std::string against;
    std::uint64_t seed = 1;
    unsigned threads = 1;
};

void add_options(CLI::App& command, Request& request) {
    RunOptions& options = request.options;
    command.add_option("--topology", request.topology, topology_forms)->required();
    command.add_option("--ttl", options.ttl, "of a flood (7), of the outermost ring (255)")->check(CLI::Range(1U, ttl_max));
    command.add_option("--walkers", options.walkers, "that leave together")->check(CLI::Range(1U, walkers_max))->capture_default_str();
    command.add_option("--check-every", options.check_every, "steps after which a walker asks whether to go on; 0: never")
        ->check(CLI::Range(0U, steps_max))->capture_default_str();
    command.add_flag("--state", options.state, "nodes remember the links that walkers of a query took");
    command.add_option("--max-steps", options.steps_max, "of one walker")->check(CLI::Range(1U, steps_max))->capture_default_str();
    command.add_option("--replication", options.replication, "share of the nodes that hold a match")->capture_default_str();
    command.add_option("--queries", options.queries, "asked one after the other")
        ->check(CLI::Range(std::uint64_t{1}, queries_max))->capture_default_str();
    command.add_option("--seed", options.seed, "of the topology and of every query")->capture_default_str();
    command.add_option("--threads", options.threads, "the result is the same with any number")
        ->check(CLI::Range(1U, threads_max))->capture_default_str();
    command.add_flag("--json", request.json, "print JSON");
}

std::vector<Report> reports_of(Request& request, std::vector<std::string> const& strategies) {
    std::vector<StrategyName> names;
    for (std::string const& name : strategies) names.push_back(strategy_named(name));
    Graph const graph = make_topology(request.topology, request.options.seed);
    std::vector<Report> reports;
    for (StrategyName const name : names) {
        request.options.strategy = name;
        reports.push_back({request.topology, graph.nodes(), graph.links(), request.options, run(graph, request.options)});
    }
    return reports;
}

int run_command(Request& request) {
    std::vector<Report> const reports = reports_of(request, {request.strategy});
    std::printf("%s", request.json ? (to_json(reports.front()) + '\n').c_str() : to_table(reports).c_str());
    return 0;
}

int compare_command(Request& request) {
    std::vector<Report> const reports = reports_of(request, request.strategies);
    std::string const text = request.json ? to_json(reports) + '\n' : request.csv ? to_csv(reports) : to_table(reports);
    std::printf("%s", text.c_str());
    return 0;
}

/// As the table of known results names it: the file without folder and endings.
std::string name_of(std::string const& topology) {
    if (!topology.starts_with("file:")) return topology;
    std::string const file = std::filesystem::path{topology.substr(5)}.filename().string();
    return file.substr(0, file.find('.'));
}

std::vector<KnownRow> read_known(std::string const& path) {
    if (path.empty()) return {};
    std::ifstream file{path};
    std::stringstream text;
    if (!(text << file.rdbuf())) throw BadInput{"cannot read " + path};
    return parse_known_floods(text.str());
}

int exact_command(ExactRequest const& request) {
    auto const known = read_known(request.against);
    std::printf("topology,nodes,ttl,mean_reach,mean_messages,mean_duplicates%s\n", known.empty() ? "" : ",verdict");
    std::size_t matched = 0, differed = 0;
    for (std::string const& topology : request.topologies) {
        Graph const graph = make_topology(topology, request.seed);
        for (ExactLine const& line : exact_lines(name_of(topology), graph.nodes(), exact_floods(graph, request.threads), known)) {
            std::printf("%s\n", line.text.c_str());
            matched += line.verdict == Verdict::equal ? 1 : 0;
            differed += line.verdict == Verdict::differs ? 1 : 0;
        }
        std::fflush(stdout);
    }
    if (!known.empty())
        std::fprintf(stderr, "%zu of %zu known rows are equal, %zu differ, %zu were not asked for\n", matched, known.size(),
                     differed, known.size() - matched - differed);
    return differed == 0 ? 0 : exit_differs;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Compares ways to search on real and generated overlays. Same seed, same figures, anywhere."};
    app.require_subcommand(1);
    app.footer("Exit codes: 0 well; 1 failed or differs, a sentence says why; 2 command line wrong.");
    std::function<int()> action;

    Request one;
    auto* const run_subcommand = app.add_subcommand("run", "one strategy on one topology");
    run_subcommand->add_option("--strategy", one.strategy, "flood, expanding-ring or random-walk")->required();
    add_options(*run_subcommand, one);
    run_subcommand->callback([&] { action = [&] { return run_command(one); }; });

    Request several;
    auto* const compare_subcommand = app.add_subcommand("compare", "several strategies on the same topology and queries");
    compare_subcommand->add_option("--strategies", several.strategies, "divided by commas")->delimiter(',')->capture_default_str();
    add_options(*compare_subcommand, several);
    compare_subcommand->add_flag("--csv", several.csv, "print CSV")->excludes("--json");
    compare_subcommand->callback([&] { action = [&] { return compare_command(several); }; });

    ExactRequest exact;
    auto* const exact_subcommand =
        app.add_subcommand("exact", "floods from every node in turn: exact mean reach and messages for each TTL, as CSV");
    exact_subcommand->add_option("topology", exact.topologies, topology_forms)->required();
    exact_subcommand->add_option("--against", exact.against, "CSV of known results: name,nodes,ttl,reach,messages,duplicates");
    exact_subcommand->add_option("--seed", exact.seed, "of the topologies")->capture_default_str();
    exact_subcommand->add_option("--threads", exact.threads, "the result is the same with any number")
        ->check(CLI::Range(1U, threads_max))->capture_default_str();
    exact_subcommand->callback([&] { action = [&] { return exact_command(exact); }; });

    try {
        app.parse(argc, argv);
        return action();
    } catch (CLI::ParseError const& error) {
        return app.exit(error) == 0 ? 0 : exit_usage;
    } catch (BadInput const& error) {
        std::fprintf(stderr, "simulate: %s\n", error.what());
        return exit_usage;
    } catch (std::exception const& error) {
        std::fprintf(stderr, "simulate: %s\n", error.what());
        return exit_failed;
    }
}
