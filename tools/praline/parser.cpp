#include "tools/praline/parser.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "search/session/search_parameters.hpp"
#include "tools/praline/config.hpp"
#include "tools/praline/version.hpp"
#include "tools/usage/completion.hpp"
#include "tools/usage/help_text.hpp"
#include "tools/usage/manual.hpp"

namespace praline {
namespace {

constexpr char about[] =
    "Praline shares files from peer to peer: search what other peers share, and download files with every byte "
    "verified.\n"
    "\n"
    "Start a node with `praline node`; the other commands talk to the node that runs on the same data directory. "
    "Nothing is shared until you name a folder, and no peer is contacted until you name one.";

/// The names on the way to a command, without the program's.
std::vector<std::string> path_of(CLI::App const* app) {
    std::vector<std::string> path;
    for (; app->get_parent() != nullptr; app = app->get_parent()) path.insert(path.begin(), app->get_name());
    return path;
}

std::string help_of(CLI::App const& program, std::vector<std::string> const& path) {
    auto const table = command_table(program);
    auto const commands = usage::find_commands(table, path);
    if (commands.empty()) {
        std::string words;
        for (auto const& one : path) words += (words.empty() ? "" : " ") + one;
        throw std::invalid_argument{"there is no command \"" + words + "\". `praline help` lists all of them."};
    }
    return usage::help_text(commands);
}

int write_manual(CLI::App const& app, std::string const& folder) {
    std::filesystem::create_directories(folder);
    for (auto const& page : usage::manual_pages(command_table(app), program_version)) {
        auto const path = std::filesystem::path{folder} / page.file_name;
        std::ofstream file{path, std::ios::binary};
        file << page.text << std::flush;
        if (!file) throw std::runtime_error{path.string() + " cannot be written."};
    }
    return exit_ok;
}

void add_words_about_itself(CLI::App& app, CommandLine& line) {
    auto* const help = app.add_subcommand("help", "Explain a command");
    help->add_option("command", line.about.path, "Its words, such as searches save")->type_name("COMMAND…");
    help->footer("Examples:\n  praline help search\n  praline help config set");
    help->callback([&app, &line] { std::cout << help_of(app, line.about.path); });

    auto* const completion =
        app.add_subcommand("completion", "Print a script by which a shell completes commands and options");
    completion->add_option("shell", line.about.shell, "The shell")
        ->required()
        ->type_name("bash|zsh|fish")
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    completion->footer(
        "Examples:\n"
        "  source <(praline completion bash)    for this shell\n"
        "  praline completion bash > ~/.local/share/bash-completion/completions/praline\n"
        "  praline completion zsh > ~/.zfunc/_praline    with ~/.zfunc in fpath\n"
        "  praline completion fish > ~/.config/fish/completions/praline.fish");
    completion->callback(
        [&app, &line] { std::cout << usage::completion_script(command_table(app), line.about.shell).value(); });

    auto* const manual = app.add_subcommand("manual", "Write manual pages, one a command, into a folder");
    manual->add_option("folder", line.about.folder, "Made when missing")->required()->type_name("DIR");
    manual->footer("Examples:\n  praline manual ~/.local/share/man/man1");
    manual->callback([&app, &line] { line.result = write_manual(app, absolute_path(line.about.folder)); });
}

}  // namespace

void add_everything(CLI::App& app, CommandLine& line) {
    app.name("praline");
    app.description(about);
    app.footer(std::string{"Examples:\n"
                           "  praline node                     run a node; it prints the address of its page\n"
                           "  praline share add ~/Music\n"
                           "  praline search angel -battle\n"
                           "  praline download 1-1 --wait\n"
                           "\n"} +
               exit_codes_help);
    // Commands take it over when they are added.
    app.formatter_fn(
        [&app](CLI::App const* asked, std::string, CLI::AppFormatMode) { return help_of(app, path_of(asked)); });
    app.set_version_flag("-v,--version", std::string{"praline "} + program_version)->description("Print the version");
    app.add_option("--data", line.data, "Data directory: everything a node keeps")
        ->type_name("DIR")
        ->capture_default_str();
    app.add_option("--config", line.config, "Config file; else praline.toml in the data directory")->type_name("FILE");
    app.add_flag("--json", line.json, "Print JSON for programs");
    app.require_subcommand(0, 1);
    app.fallthrough();
    add_node(app, line);
    add_search(app, line);
    add_browse(app, line);
    add_searches(app, line);
    add_download(app, line);
    add_downloads(app, line);
    add_uploads(app, line);
    add_limits(app, line);
    add_partials(app, line);
    add_share(app, line);
    add_peers(app, line);
    add_status(app, line);
    add_token(app, line);
    add_session(app, line);
    add_config(app, line);
    add_index(app, line);
    add_words_about_itself(app, line);
    for (auto* const command : app.get_subcommands({})) command->fallthrough();
}

usage::Command command_table(CLI::App const& app) {
    usage::Choices choices;
    for (auto const& one : search::strategy_names()) choices["STRATEGY"].emplace_back(one.name);
    for (auto const& row : setting_rows()) choices["KEY"].push_back(row.name);
    return usage::command_table(app, choices);
}

}  // namespace praline
