// Measurements of Praline, each against a named baseline in the same run. One file a measurement.
#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>

#include "tools/bench/hash.hpp"
#include "tools/bench/index_catalogue.hpp"
#include "tools/bench/index_writes.hpp"
#include "tools/bench/measurements.hpp"
#include "tools/bench/simulate.hpp"
#include "tools/bench/simulate_full.hpp"
#include "tools/bench/structured.hpp"
#include "tools/output/finish_output.hpp"
#include "tools/simulate/report/output_file.hpp"

using namespace praline::bench;

namespace {

/// What every measurement of several runs takes.
template <class Options>
void add_runs(CLI::App& command, Options& options, char const* what = "runs of each") {
    command.add_option("--runs", options.runs, what)->check(CLI::Range(1, 1000));
}

/// What every measurement takes, and that it is carried out.
template <class Options>
void finish(CLI::App& command, Options& options, int (*measure)(Options const&), int& code) {
    command.add_flag("--json", options.json, "print JSON");
    command.callback([&options, measure, &code] { code = measure(options); });
}

/// What the command line may set.
struct AllOptions {
    HashOptions hash;
    DownloadOptions download;
    MirrorsOptions mirrors;
    UploadsOptions uploads;
    RequestsOptions requests;
    TransferOptions transfer;
    QueriesOptions queries;
    IdleLinksOptions idle;
    SimulateOptions simulate;
    ResultsOptions results;
    MatchingOptions matching;
    RatesOptions rates;
    SimulateFullOptions full;
    StructuredOptions structured;
    IndexOptions index;
    IndexWritesOptions writes;
};

void add_structured(CLI::App& app, StructuredOptions& structured, int& code) {
    auto* const command = app.add_subcommand(
        "structured", "lookups in structured overlays on one thread, against a chain of reads in as much memory");
    command->add_option("--overlays", structured.overlays, "of `simulate structured`")->delimiter(',');
    command->add_option("--nodes", structured.nodes, "sizes; a million takes minutes to make")
        ->delimiter(',')
        ->check(CLI::Range(1, 2'000'000));
    command->add_option("--lookups", structured.lookups, "in a run; a twentieth for CAN and Kademlia")
        ->check(CLI::Range(20, 100'000'000));
    add_runs(*command, structured);
    finish(*command, structured, measure_structured, code);
}

void add_hash(CLI::App& app, HashOptions& hash, int& code) {
    auto* const hash_command = app.add_subcommand("hash", "SHA-1 and Tiger tree in one pass, against rhash");
    hash_command->add_option("--size", hash.mebibytes, "size of the file in MiB")->check(CLI::Range(1, 1 << 20));
    hash_command->add_option(
        "--tiger", hash.tiger,
        "way to hash leaves, by the beginning of its name: two, AVX-512; default: the quickest here");
    add_runs(*hash_command, hash);
    finish(*hash_command, hash, measure_hash, code);
}

void add_download(CLI::App& app, DownloadOptions& download, int& code) {
    auto* const download_command =
        app.add_subcommand("download", "verified download over loopback, against curl and nginx");
    download_command->add_option("--size", download.mebibytes, "size of the file in MiB")
        ->check(CLI::Range(1, 1 << 20));
    add_runs(*download_command, download);
    finish(*download_command, download, measure_download, code);
}

void add_mirrors(CLI::App& app, MirrorsOptions& mirrors, int& code) {
    auto* const mirrors_command =
        app.add_subcommand("mirrors", "one file from several nodes with limited rates, against aria2");
    mirrors_command->add_option("--size", mirrors.mebibytes, "size of the file in MiB")->check(CLI::Range(1, 1 << 20));
    mirrors_command->add_option("--sources", mirrors.sources, "nodes that have it")->check(CLI::Range(1, 64));
    mirrors_command->add_option("--rate", mirrors.mebibytes_per_second, "what each sends, in MiB/s")
        ->check(CLI::Range(1, 1000));
    add_runs(*mirrors_command, mirrors);
    finish(*mirrors_command, mirrors, measure_mirrors, code);
}

void add_uploads(CLI::App& app, UploadsOptions& uploads, int& code) {
    auto* const uploads_command =
        app.add_subcommand("uploads", "one file sent to many at once: rate, memory and processor time, against nginx");
    uploads_command->add_option("--takers", uploads.takers, "that fetch it at once")->check(CLI::Range(1, 1000));
    uploads_command->add_option("--size", uploads.mebibytes, "size of the file in MiB")->check(CLI::Range(1, 1 << 20));
    add_runs(*uploads_command, uploads);
    finish(*uploads_command, uploads, measure_uploads, code);
}

void add_requests(CLI::App& app, RequestsOptions& requests, int& code) {
    auto* const requests_command =
        app.add_subcommand("requests", "a small file asked for on connections that stay open, against nginx");
    requests_command->add_option("--requests", requests.requests, "in a run, at least one on each connection")
        ->check(CLI::Range(1000, 1'000'000'000));
    requests_command->add_option("--connections", requests.connections, "at once")->check(CLI::Range(1, 1000));
    requests_command->add_option("--bytes", requests.bytes, "size of the file")->check(CLI::Range(1, 1 << 20));
    add_runs(*requests_command, requests);
    finish(*requests_command, requests, measure_requests, code);
}

void add_transfer(CLI::App& app, TransferOptions& transfer, int& code) {
    auto* const transfer_command =
        app.add_subcommand("transfer", "download, mirrors, uploads and requests, one after the other, in one table");
    add_runs(*transfer_command, transfer);
    finish(*transfer_command, transfer, measure_transfer, code);
}

void add_queries(CLI::App& app, QueriesOptions& queries, int& code) {
    auto* const queries_command = app.add_subcommand("queries", "queries forwarded through one node");
    queries_command->add_option("--links", queries.links, "links of the node")->check(CLI::Range(2, 10'000));
    queries_command->add_option("--queries", queries.queries, "queries sent in a run")
        ->check(CLI::Range(1, 100'000'000));
    add_runs(*queries_command, queries, "runs");
    finish(*queries_command, queries, measure_queries, code);
}

void add_idle(CLI::App& app, IdleLinksOptions& idle, int& code) {
    auto* const idle_command = app.add_subcommand("idle-links", "bytes of memory an idle link takes");
    idle_command->add_option("--links", idle.links, "links opened")->check(CLI::Range(1, 10'000));
    finish(*idle_command, idle, measure_idle_links, code);
}

void add_simulate(CLI::App& app, SimulateOptions& simulate, int& code) {
    auto* const simulate_command = app.add_subcommand(
        "simulate", "floods at graph scale, against a binary heap, a count without events and PeerSim");
    add_runs(*simulate_command, simulate);
    simulate_command->add_option("--nodes-max", simulate.nodes_max, "leave larger overlays out")
        ->check(CLI::Range(10'000, 1'000'000));
    simulate_command->add_option("--plot", simulate.plot, "write time and memory over nodes to this SVG file");
    finish(*simulate_command, simulate, measure_simulate, code);
}

void add_results(CLI::App& app, ResultsOptions& results, int& code) {
    auto* const results_command =
        app.add_subcommand("results", "hits of one search taken in, and pages of them sorted");
    results_command->add_option("--hits", results.hits, "hits, each of a different file")
        ->check(CLI::Range(1, 100'000));
    add_runs(*results_command, results, "runs");
    finish(*results_command, results, measure_results, code);
}

void add_matching(CLI::App& app, MatchingOptions& matching, int& code) {
    auto* const matching_command = app.add_subcommand(
        "matching", "what one query costs the matcher of a library, costly ones against a query of one word");
    matching_command->add_option("--files", matching.files, "files of the library")
        ->check(CLI::Range(1000, 10'000'000));
    add_runs(*matching_command, matching);
    finish(*matching_command, matching, measure_matching, code);
}

void add_rates(CLI::App& app, RatesOptions& rates, int& code) {
    auto* const rates_command =
        app.add_subcommand("rates", "bytes of uploads beside the limit that is set while the node runs");
    rates_command->add_option("--seconds", rates.seconds, "of each measurement")->check(CLI::Range(1.0, 3600.0));
    finish(*rates_command, rates, measure_rates, code);
}

void add_full(CLI::App& app, SimulateFullOptions& full, int& code) {
    auto* const full_command = app.add_subcommand(
        "simulate-full", "floods at full scale, every node with the objects of the real one, against graph scale");
    full_command->add_option("--nodes", full.nodes, "of the overlay")->check(CLI::Range(10, 1'000'000));
    full_command->add_option("--queries", full.queries, "in a run")->check(CLI::Range(1, 10'000));
    add_runs(*full_command, full);
    finish(*full_command, full, measure_simulate_full, code);
}

void add_index(CLI::App& app, IndexOptions& index, int& code) {
    auto* const index_command =
        app.add_subcommand("index", "an index server's catalogue of a million entries, against bare FTS5 in sqlite3");
    auto* const entries =
        index_command->add_option("--entries", index.entries, "entries of the catalogue; several numbers: one of each")
            ->delimiter(',')
            ->check(CLI::Range(1000, 100'000'000));
    index_command
        ->add_flag_callback(
            "--quick", [&index] { index.entries = {100'000}; }, "100,000 entries")
        ->excludes(entries);
    index_command
        ->add_flag_callback(
            "--full",
            [&index] {
                index.entries = {1'000'000, 5'000'000, 10'000'000};
            },
            "1, 5 and 10 million entries")
        ->excludes(entries);
    index_command->add_option("--together", index.together, "changes in one transaction, of the baseline too")
        ->check(CLI::Range(1, 1000));
    index_command->add_option("--queries", index.queries, "queries of each sort")->check(CLI::Range(1, 100'000));
    index_command->add_flag("--json", index.json, "print JSON");
    index_command->callback([&index, &code] { code = measure_index(index); });
}

void add_writes(CLI::App& app, IndexWritesOptions& writes, int& code) {
    auto* const writes_command = app.add_subcommand(
        "index-writes",
        "writes at all servers of a group, after figure 3 of the Clippee paper, and the knee of writes and reads");
    writes_command->add_option("--seconds", writes.seconds, "of load, for each line")->check(CLI::Range(0.5, 3600.0));
    writes_command->add_option("--servers-max", writes.servers_max, "leave larger groups out")
        ->check(CLI::Range(2, 16));
    writes_command->add_option("--nodes", writes.nodes, "that publish, spread evenly over the servers")
        ->check(CLI::Range(1, 1000));
    writes_command->add_option("--plot", writes.plot, "write response time over rate to this SVG file");
    writes_command->add_flag("!--no-knee", writes.knee, "leave the knee out");
    finish(*writes_command, writes, measure_index_writes, code);
}

}  // namespace

static int run_program(int argc, char** argv) {
    CLI::App app{"Measures Praline against named baselines; medians of several runs."};
    app.require_subcommand(1);
    int code = 0;
    AllOptions options;
    add_hash(app, options.hash, code);
    add_download(app, options.download, code);
    add_mirrors(app, options.mirrors, code);
    add_uploads(app, options.uploads, code);
    add_requests(app, options.requests, code);
    add_transfer(app, options.transfer, code);
    add_queries(app, options.queries, code);
    add_idle(app, options.idle, code);
    add_simulate(app, options.simulate, code);
    add_results(app, options.results, code);
    add_matching(app, options.matching, code);
    add_rates(app, options.rates, code);
    add_full(app, options.full, code);
    add_structured(app, options.structured, code);
    add_index(app, options.index, code);
    add_writes(app, options.writes, code);

    try {
        app.parse(argc, argv);
        praline::simulate::report::flush_output();
    } catch (CLI::ParseError const& error) {
        return app.exit(error);
    } catch (std::exception const& error) {
        std::fprintf(stderr, "bench: %s\n", error.what());
        return 1;
    }
    return code;
}

int main(int argc, char** argv) {
    praline::keep_standard_descriptors();
    return praline::finish_output("bench", run_program(argc, argv));
}
