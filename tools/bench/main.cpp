// Measurements of Praline, each against a named baseline in the same run. One file a measurement.
#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>

#include "tools/bench/hash.hpp"
#include "tools/bench/measurements.hpp"
#include "tools/bench/simulate.hpp"
#include "tools/bench/simulate_full.hpp"

using namespace praline::bench;

int main(int argc, char** argv) {
    CLI::App app{"Measures Praline against named baselines; medians of several runs."};
    app.require_subcommand(1);
    int code = 0;

    HashOptions hash;
    auto* const hash_command = app.add_subcommand("hash", "SHA-1 and Tiger tree in one pass, against rhash");
    hash_command->add_option("--size", hash.mebibytes, "size of the file in MiB")->check(CLI::Range(1, 1 << 20));
    hash_command->add_option("--runs", hash.runs, "runs of each")->check(CLI::Range(1, 1000));
    hash_command->add_flag("--json", hash.json, "print JSON");
    hash_command->callback([&] { code = measure_hash(hash); });

    DownloadOptions download;
    auto* const download_command =
        app.add_subcommand("download", "verified download over loopback, against curl and nginx");
    download_command->add_option("--size", download.mebibytes, "size of the file in MiB")->check(CLI::Range(1, 1 << 20));
    download_command->add_option("--runs", download.runs, "runs of each")->check(CLI::Range(1, 1000));
    download_command->add_flag("--json", download.json, "print JSON");
    download_command->callback([&] { code = measure_download(download); });

    QueriesOptions queries;
    auto* const queries_command = app.add_subcommand("queries", "queries forwarded through one node");
    queries_command->add_option("--links", queries.links, "links of the node")->check(CLI::Range(2, 10'000));
    queries_command->add_option("--queries", queries.queries, "queries sent in a run")->check(CLI::Range(1, 100'000'000));
    queries_command->add_option("--runs", queries.runs, "runs")->check(CLI::Range(1, 1000));
    queries_command->add_flag("--json", queries.json, "print JSON");
    queries_command->callback([&] { code = measure_queries(queries); });

    IdleLinksOptions idle;
    auto* const idle_command = app.add_subcommand("idle-links", "bytes of memory an idle link takes");
    idle_command->add_option("--links", idle.links, "links opened")->check(CLI::Range(1, 10'000));
    idle_command->add_flag("--json", idle.json, "print JSON");
    idle_command->callback([&] { code = measure_idle_links(idle); });

    SimulateOptions simulate;
    auto* const simulate_command = app.add_subcommand("simulate", "floods at graph scale, against a binary heap, a count without events and PeerSim");
    simulate_command->add_option("--runs", simulate.runs, "runs of each")->check(CLI::Range(1, 1000));
    simulate_command->add_option("--nodes-max", simulate.nodes_max, "leave larger overlays out")->check(CLI::Range(10'000, 1'000'000));
    simulate_command->add_option("--plot", simulate.plot, "write time and memory over nodes to this SVG file");
    simulate_command->add_flag("--json", simulate.json, "print JSON");
    simulate_command->callback([&] { code = measure_simulate(simulate); });

    ResultsOptions results;
    auto* const results_command = app.add_subcommand("results", "hits of one search taken in, and pages of them sorted");
    results_command->add_option("--hits", results.hits, "hits, each of a different file")->check(CLI::Range(1, 100'000));
    results_command->add_option("--runs", results.runs, "runs")->check(CLI::Range(1, 1000));
    results_command->add_flag("--json", results.json, "print JSON");
    results_command->callback([&] { code = measure_results(results); });

    SimulateFullOptions full;
    auto* const full_command = app.add_subcommand("simulate-full", "floods at full scale, every node with the objects of the real one, against graph scale");
    full_command->add_option("--nodes", full.nodes, "of the overlay")->check(CLI::Range(10, 1'000'000));
    full_command->add_option("--queries", full.queries, "in a run")->check(CLI::Range(1, 10'000));
    full_command->add_option("--runs", full.runs, "runs of each")->check(CLI::Range(1, 1000));
    full_command->add_flag("--json", full.json, "print JSON");
    full_command->callback([&] { code = measure_simulate_full(full); });

    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        return app.exit(error);
    } catch (std::exception const& error) {
        std::fprintf(stderr, "bench: %s\n", error.what());
        return 1;
    }
    return code;
}
