// Runs again what others published, and says for each figure whether ours agrees.
#include <cstdio>
#include <exception>
#include <filesystem>

#include <CLI/CLI.hpp>

#include "tools/output/finish_output.hpp"
#include "tools/reproduce/report.hpp"
#include "tools/reproduce/targets.hpp"
#include "tools/simulate/report/output_file.hpp"
#include "tools/simulate/world/graph.hpp"

using namespace praline::reproduce;

namespace {

constexpr int exit_differs = 1, exit_failed = 3, exit_usage = 2;
constexpr unsigned threads_max = 64;

struct Request {
    Options options;
    std::vector<std::string> only;
    std::string html;
    bool json = false;
};

std::vector<Entry> chosen(std::vector<std::string> const& only) {
    std::vector<Entry> entries;
    for (Entry const& one : all_targets())
        if (only.empty() || std::find(only.begin(), only.end(), one.id) != only.end()) entries.push_back(one);
    for (std::string const& name : only) {
        bool const known =
            std::any_of(entries.begin(), entries.end(), [&](Entry const& one) { return name == one.id; });
        if (!known) {
            std::string names;
            for (Entry const& one : all_targets()) names += (names.empty() ? "" : ", ") + std::string{one.id};
            throw praline::simulate::world::BadInput{"there is no target " + name + "; there are " + names};
        }
    }
    return entries;
}

int run(Request const& request, std::string const& command) {
    if (!request.options.topologies.empty() && !std::filesystem::is_directory(request.options.topologies))
        throw praline::simulate::world::BadInput{request.options.topologies + " is not a folder"};
    praline::simulate::report::OutputFile const html{request.html};
    std::vector<Target> targets;
    for (Entry const& one : chosen(request.only)) {
        targets.push_back(one.make(request.options));
        if (request.json) continue;
        std::printf("%s\n", to_text(targets.back()).c_str());
        praline::simulate::report::flush_output();
    }
    std::printf("%s", (request.json ? to_json(targets) : summary(targets)).c_str());
    praline::simulate::report::flush_output();
    if (!request.html.empty()) html.write(to_html(targets, command));
    bool const differs = std::any_of(targets.begin(), targets.end(),
                                     [](Target const& one) { return one.verdict() == Verdict::differs; });
    return differs ? exit_differs : 0;
}

}  // namespace

static int run_program(int argc, char** argv) {
    CLI::App app{"Runs published results again with Praline's own code and says of each figure whether ours agrees."};
    app.footer("Exit codes: 0 all that was checked agrees; 1 something differs; 2 command line wrong; 3 failed.");
    Request request;
    app.add_option("--topologies", request.options.topologies,
                   "folder of the crawls p2p-Gnutella*.txt.gz (SNAP); without it what needs them is left out");
    app.add_option("--only", request.only, "targets, divided by commas, as T1,T9")->delimiter(',');
    app.add_flag("--quick", request.options.quick, "smaller samples and networks");
    app.add_option("--threads", request.options.threads, "the result is the same with any number")
        ->check(CLI::Range(1U, threads_max))
        ->capture_default_str();
    app.add_option("--seed", request.options.seed, "of everything drawn")->capture_default_str();
    app.add_option("--html", request.html, "writes the result as a page to this file");
    app.add_flag("--json", request.json, "prints JSON");
    std::string command;
    for (int at = 0; at < argc; ++at) command += (at == 0 ? "" : " ") + std::string{argv[at]};
    try {
        app.parse(argc, argv);
        return run(request, command);
    } catch (CLI::ParseError const& error) {
        return app.exit(error) == 0 ? 0 : exit_usage;
    } catch (praline::simulate::world::BadInput const& error) {
        std::fprintf(stderr, "reproduce: %s\n", error.what());
        return exit_usage;
    } catch (std::exception const& error) {
        std::fprintf(stderr, "reproduce: %s\n", error.what());
        return exit_failed;
    }
}

int main(int argc, char** argv) {
    praline::keep_standard_descriptors();
    return praline::finish_output("reproduce", run_program(argc, argv));
}
