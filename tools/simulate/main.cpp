// Compares ways to search on overlays of any size; every figure follows from the seed.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include <CLI/CLI.hpp>

#include "node/base/text.hpp"
#include "tools/output/finish_output.hpp"
#include "tools/simulate/applications_command.hpp"
#include "tools/simulate/compare_command.hpp"
#include "tools/simulate/exact.hpp"
#include "tools/simulate/replay.hpp"
#include "tools/simulate/report/output_file.hpp"
#include "tools/simulate/scenario.hpp"
#include "tools/simulate/structured_command.hpp"
#include "tools/simulate/volunteers_command.hpp"
#include "tools/simulate/world/limits.hpp"
#include "tools/simulate/world/topology.hpp"

using namespace praline::simulate;

namespace {

constexpr int exit_differs = 1, exit_failed = 1, exit_usage = 2;

struct ExactRequest {
    std::vector<std::string> topologies;
    std::string against;
    std::uint64_t seed = 1;
    unsigned threads = 1;
};

/// As the table of known results names it: the file without folder and endings.
std::string name_of(std::string const& topology) {
    if (!world::is_of_file(topology)) return topology;
    std::string const file = std::filesystem::path{topology.substr(topology.find(':') + 1)}.filename().string();
    return file.substr(0, file.find('.'));
}

std::vector<KnownRow> read_known(std::string const& path) {
    if (path.empty()) return {};
    std::ifstream file{path};
    std::stringstream text;
    if (!(text << file.rdbuf())) throw world::BadInput{"cannot read " + path};
    return parse_known_floods(text.str());
}

int exact_command(ExactRequest const& request) {
    auto const known = read_known(request.against);
    std::printf("topology,nodes,ttl,mean_reach,mean_messages,mean_duplicates%s\n", known.empty() ? "" : ",verdict");
    std::size_t matched = 0, differed = 0;
    for (std::string const& topology : request.topologies) {
        world::Graph const graph = read_topology(topology, request.seed).graph;
        for (ExactLine const& line :
             exact_lines(name_of(topology), graph.nodes(), exact_floods(graph, request.threads), known)) {
            std::printf("%s\n", line.text.c_str());
            matched += line.verdict == Verdict::equal ? 1 : 0;
            differed += line.verdict == Verdict::differs ? 1 : 0;
        }
        report::flush_output();
    }
    if (!known.empty())
        std::fprintf(stderr, "%zu of %zu known rows are equal, %zu differ, %zu were not asked for\n", matched,
                     known.size(), differed, known.size() - matched - differed);
    return differed == 0 ? 0 : exit_differs;
}

void add_replay(CLI::App& app, ReplayOptions& replayed, std::function<int()>& action) {
    auto* const replay_subcommand =
        app.add_subcommand("replay", "given queries on a given overlay at full scale, for comparison with real nodes");
    replay_subcommand->add_option("--topology", replayed.topology, "edge list")->required();
    replay_subcommand->add_option("--placement", replayed.placement, "lines of NODE ITEM…")->required();
    replay_subcommand
        ->add_option("--queries", replayed.queries, "lines of source=NODE item=ITEM strategy=NAME guid=HEX ttl=N …")
        ->required();
    replay_subcommand->add_option("--max-ttl", replayed.hops_and_ttl_max, "hops and TTL that nodes trim a query at")
        ->check(CLI::Range(1U, world::ttl_max))
        ->capture_default_str();
    replay_subcommand->add_flag("--json", replayed.json, "print a JSON object a line");
    replay_subcommand->callback([&] { action = [&] { return replay_command(replayed); }; });
}

void add_exact(CLI::App& app, ExactRequest& exact, std::function<int()>& action) {
    auto* const exact_subcommand = app.add_subcommand(
        "exact", "floods from every node in turn: exact mean reach and messages for each TTL, as CSV");
    exact_subcommand->add_option("topology", exact.topologies, world::topology_forms)->required();
    exact_subcommand->add_option("--against", exact.against,
                                 "CSV of known results: name,nodes,ttl,reach,messages,duplicates");
    exact_subcommand->add_option("--seed", exact.seed, "of the topologies")->capture_default_str();
    exact_subcommand->add_option("--threads", exact.threads, "the result is the same with any number")
        ->check(CLI::Range(1U, world::threads_max))
        ->capture_default_str();
    exact_subcommand->callback([&] { action = [&] { return exact_command(exact); }; });
}

/// Each line by itself.
void tell(std::string_view complaints) {
    for (auto const line : praline::split(complaints, '\n'))
        std::fprintf(stderr, "simulate: %.*s\n", static_cast<int>(line.size()), line.data());
}

}  // namespace

static int run_program(int argc, char** argv) {
    CLI::App app{"Compares ways to search on real and generated overlays. Same seed, same figures, anywhere."};
    app.require_subcommand(1);
    app.footer(
        "Exit codes: 0 well; 1 failed or differs, a sentence says why; 2 command line or scenario wrong; 130 ended by "
        "Ctrl-C, what was known is printed.");
    std::function<int()> action;

    CompareOrders comparisons;
    add_comparisons(app, comparisons, action);
    app.add_subcommand("template", "print a commented scenario file")->callback([&] {
        action = [] { return std::printf("%s", scenario_template().c_str()), 0; };
    });

    ReplayOptions replayed;
    add_replay(app, replayed, action);
    ExactRequest exact;
    add_exact(app, exact, action);
    StructuredOrder structured;
    add_structured(app, structured, action);
    ApplicationOrders applications;
    add_applications(app, applications, action);
    VolunteersOrder volunteers;
    add_volunteers(app, volunteers, action);

    try {
        app.parse(argc, argv);
        int const code = action();
        report::flush_output();
        return code;
    } catch (CLI::ParseError const& error) {
        return app.exit(error) == 0 ? 0 : exit_usage;
    } catch (world::BadInput const& error) {
        tell(error.what());
        return exit_usage;
    } catch (std::exception const& error) {
        tell(error.what());
        return exit_failed;
    }
}

int main(int argc, char** argv) {
    praline::keep_standard_descriptors();
    return praline::finish_output("simulate", run_program(argc, argv));
}
