// Compares ways to search on overlays of any size; every figure follows from the seed.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>

#include <unistd.h>

#include <CLI/CLI.hpp>

#include "tools/output/finish_output.hpp"
#include "tools/simulate/exact.hpp"
#include "tools/simulate/progress.hpp"
#include "tools/simulate/replay.hpp"
#include "tools/simulate/report/html.hpp"
#include "tools/simulate/report/output_file.hpp"
#include "tools/simulate/report/report.hpp"
#include "tools/simulate/run.hpp"
#include "tools/simulate/scenario.hpp"
#include "tools/simulate/structured_command.hpp"
#include "tools/simulate/volunteers_command.hpp"
#include "tools/simulate/world/facts.hpp"
#include "tools/simulate/world/limits.hpp"
#include "tools/simulate/world/request.hpp"
#include "tools/simulate/world/topology.hpp"

using namespace praline::simulate;

namespace {

constexpr int exit_differs = 1, exit_failed = 1, exit_usage = 2;

/// A command line of `run` or `compare`.
struct Order {
    world::Request request;
    std::map<std::string, std::string> flags;  // by key
    std::vector<std::pair<world::Key const*, CLI::Option*>> options;
    std::string scenario, html;
    bool json = false, csv = false, progress = false;
};

struct ExactRequest {
    std::vector<std::string> topologies;
    std::string against;
    std::uint64_t seed = 1;
    unsigned threads = 1;
};

void add_options(CLI::App& command, Order& order, std::string const& but) {
    command.add_option("--scenario", order.scenario,
                       "TOML file of the keys below; flags win. `simulate template` prints one");
    for (world::Key const& key : world::keys()) {
        if (key.name == but) continue;
        std::string& value = order.flags[key.name];
        auto* const option =
            key.kind == world::KeyKind::flag
                ? command.add_flag(world::flag_of(key.name), value, key.description)
                : command.add_option(world::flag_of(key.name), value, key.description)->option_text(key.form);
        order.options.emplace_back(&key, option);
    }
    command.add_flag("--json", order.json, "print JSON");
    command.add_option("--html", order.html, "write a report with plots to this file as well")->option_text("FILE");
    command.add_flag("--progress", order.progress,
                     "tell on stderr how far it is, and about how long it will take; on a terminal always");
}

/// Scenario and flags. @return whether all is well; complaints are told.
bool settle(Order& order) {
    Scenario scenario;
    if (!order.scenario.empty()) scenario = read_scenario(order.scenario);
    std::vector<std::string> complaints = std::move(scenario.complaints);
    for (auto const& [key, option] : order.options)
        if (option->count() > 0)
            scenario.settings.push_back({key->name, order.flags.at(key->name), world::flag_of(key->name)});
    for (std::string& complaint : world::apply(scenario.settings, order.request))
        complaints.push_back(std::move(complaint));
    if (complaints.empty() && order.request.topology.empty())
        complaints.emplace_back("a topology is needed: --topology SPEC, or a line of a scenario");
    for (std::string const& complaint : complaints) std::fprintf(stderr, "simulate: %s\n", complaint.c_str());
    return complaints.empty();
}

/// As `make_whole_topology`, and tells of what was left out.
world::Topology read_topology(std::string const& specification, std::uint64_t seed) {
    world::Topology topology = world::make_whole_topology(specification, seed);
    if (auto const left_out = topology.what_is_left_out(); !left_out.empty())
        std::fprintf(stderr, "simulate: topology %s has %s\n", specification.c_str(), left_out.c_str());
    return topology;
}

/// One report for each strategy, but for those that a Ctrl-C left without a query.
std::vector<report::Report> reports_of(Order const& order, world::Topology const& topology,
                                       std::vector<std::string> const& strategies) {
    bool const terminal = isatty(STDERR_FILENO) != 0;
    Progress progress{terminal         ? Progress::Show::one_line
                      : order.progress ? Progress::Show::lines
                                       : Progress::Show::nothing};
    std::vector<report::Report> reports;
    world::Graph const& graph = topology.graph;
    bool const is_edge_list = order.request.topology.starts_with("file:");
    for (std::size_t at = 0; at < strategies.size() && !Progress::interrupted(); ++at) {
        world::RunOptions options = order.request.options;
        options.strategy = world::strategy_named(strategies[at]);
        std::uint64_t const warm_up =
            options.workload.items == 0 ? 0 : options.workload.warm_up * options.workload.trials;
        progress.begin(report::label_of(options) +
                           (strategies.size() == 1
                                ? ""
                                : " (" + std::to_string(at + 1) + " of " + std::to_string(strategies.size()) + ")"),
                       options.queries + warm_up);
        report::Report report{order.request.topology, graph.nodes(), graph.links(), options,
                              run(graph, options, &progress)};
        // A generated overlay is what its seed makes it; of an edge list a reader expects every node.
        if (is_edge_list) report.components = topology.components, report.nodes_left_out = topology.nodes_left_out;
        progress.end();
        if (report.tally.queries() > 0) reports.push_back(std::move(report));
    }
    return reports;
}

void write_html(report::OutputFile const& file, Order const& order, std::string const& command,
                world::Request const& defaults, world::Graph const& graph, std::vector<report::Report> const& reports) {
    std::string line = "simulate " + command;
    for (auto const& [name, value] : world::differing(order.request, defaults)) {
        bool const plain =
            value.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:.,/_-+=") ==
            std::string::npos;
        line += ' ' + name +
                (value == "true"    ? ""
                 : value == "false" ? "=false"
                 : plain            ? ' ' + value
                                    : " '" + value + "'");
    }
    file.write(report::to_html(reports, world::facts_of(graph, order.request.options.seed), line));
}

/// What `run` and `compare` have in common. @param print  of the reports, of which there is one at least.
int carry_out(Order& order, std::string const& command, std::vector<std::string> world::Request::*several,
              std::string (*print)(Order const&, std::vector<report::Report> const&)) {
    world::Request const defaults = order.request;
    if (!settle(order)) return exit_usage;
    if (several == nullptr && order.request.strategy.empty())
        throw world::BadInput{"a strategy is needed: --strategy NAME, or a line of a scenario"};
    std::vector<std::string> const strategies =
        several == nullptr ? std::vector{order.request.strategy} : order.request.*several;
    report::OutputFile const html{order.html};
    world::Topology const topology = read_topology(order.request.topology, order.request.options.seed);
    world::Graph const& graph = topology.graph;
    Progress::catch_interrupts();
    std::vector<report::Report> const reports = reports_of(order, topology, strategies);
    if (!reports.empty()) {
        std::printf("%s", print(order, reports).c_str());
        report::flush_output();
        if (!order.html.empty()) write_html(html, order, command, defaults, graph, reports);
    }
    if (!Progress::interrupted()) return 0;
    std::fprintf(stderr, "simulate: stopped early; %s\n",
                 reports.empty() ? "nothing is known yet" : "what is printed is partial");
    return Progress::exit_interrupted;
}

std::string print_one(Order const& order, std::vector<report::Report> const& reports) {
    return order.json ? report::to_json(reports.front()) + '\n' : report::to_table(reports);
}

std::string print_several(Order const& order, std::vector<report::Report> const& reports) {
    return order.json  ? report::to_json(reports) + '\n'
           : order.csv ? report::to_csv(reports)
                       : report::to_table(reports);
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

}  // namespace

static int run_program(int argc, char** argv) {
    CLI::App app{"Compares ways to search on real and generated overlays. Same seed, same figures, anywhere."};
    app.require_subcommand(1);
    app.footer(
        "Exit codes: 0 well; 1 failed or differs, a sentence says why; 2 command line or scenario wrong; 130 ended by "
        "Ctrl-C, what was known is printed.");
    std::function<int()> action;

    Order one;
    auto* const run_subcommand = app.add_subcommand("run", "one strategy on one topology");
    add_options(*run_subcommand, one, "strategies");
    run_subcommand->callback([&] { action = [&] { return carry_out(one, "run", nullptr, print_one); }; });

    Order several;
    several.request.options.log_events = true;
    auto* const compare_subcommand =
        app.add_subcommand("compare", "several strategies on the same topology and queries");
    add_options(*compare_subcommand, several, "strategy");
    compare_subcommand->add_flag("--csv", several.csv, "print CSV")->excludes("--json");
    compare_subcommand->callback(
        [&] { action = [&] { return carry_out(several, "compare", &world::Request::strategies, print_several); }; });

    app.add_subcommand("template", "print a commented scenario file")->callback([&] {
        action = [] { return std::printf("%s", scenario_template().c_str()), 0; };
    });

    ReplayOptions replayed;
    add_replay(app, replayed, action);
    ExactRequest exact;
    add_exact(app, exact, action);
    StructuredOrder structured;
    add_structured(app, structured, action);
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
        std::fprintf(stderr, "simulate: %s\n", error.what());
        return exit_usage;
    } catch (std::exception const& error) {
        std::fprintf(stderr, "simulate: %s\n", error.what());
        return exit_failed;
    }
}

int main(int argc, char** argv) {
    praline::keep_standard_descriptors();
    return praline::finish_output("simulate", run_program(argc, argv));
}
