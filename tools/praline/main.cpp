#include <algorithm>
#include <array>
#include <iostream>
#include <stdexcept>

#include <CLI/CLI.hpp>

#include "search/session/search_parameters.hpp"
#include "tools/output/finish_output.hpp"
#include "tools/praline/api_client.hpp"
#include "tools/praline/closest.hpp"
#include "tools/praline/command_line.hpp"
#include "tools/praline/node_storage.hpp"
#include "tools/praline/paths.hpp"
#include "tools/praline/run_index.hpp"
#include "tools/praline/run_node.hpp"
#include "tools/praline/search_words.hpp"
#include "webui/api/views_json.hpp"

namespace {

using namespace praline;

constexpr char about[] =
    "Praline shares files from peer to peer: search what other peers share, and download files with every byte "
    "verified.\n"
    "\n"
    "Start a node with `praline node`; the other commands talk to the node that runs on the same data directory.\n"
    "Nothing is shared until you name a folder, and no peer is contacted until you name one.";

/// What the parser is given, in the order it wants: the last first.
std::vector<std::string> parser_arguments(CLI::App& app, std::vector<std::string> arguments) {
    std::array const commands{&app, app.get_subcommand("search"),
                              app.get_subcommand("searches")->get_subcommand("save")};
    auto const takes_value = [&](std::string const& name) {
        return std::any_of(commands.begin(), commands.end(), [&](CLI::App* command) {
            auto const* const option = command->get_option_no_throw(name);
            return option != nullptr && option->get_items_expected_max() > 0;
        });
    };
    arguments = mark_search_words(std::move(arguments), takes_value);
    std::reverse(arguments.begin(), arguments.end());
    return arguments;
}

/// The first word that should name a command and does not; empty: all do. The parser itself would only say that one is missing.
std::string unknown_command(CLI::App const& app, std::vector<std::string> const& words) {
    CLI::App const* at = &app;
    std::string path = "praline";
    for (std::size_t i = 0; i < words.size() && (at == &app || at->get_require_subcommand_min() > 0); ++i) {
        auto const& word = words[i];
        if (word == "--data" || word == "--config") ++i;  // their value is no command
        if (word.starts_with('-')) continue;
        std::vector<std::string> names;
        CLI::App const* next = nullptr;
        for (auto const* const one : at->get_subcommands({})) {
            names.push_back(one->get_name());
            if (one->get_name() == word) next = one;
        }
        if (next == nullptr) {
            auto const meant = closest_word(word, names);
            return path + ": there is no command \"" + word + "\". " +
                   (meant ? "Did you mean `" + path + ' ' + *meant + "`? " : "") + '`' + path +
                   " --help` lists all of them.";
        }
        at = next;
        path += ' ' + word;
    }
    return {};
}

int run(int count, char** arguments) {
    CommandLine line;
    CLI::App app{about, "praline"};
    app.footer(exit_codes_help);
    app.set_version_flag("--version", "praline 0.1.0");
    app.add_option("--data", line.data, "Data directory: everything a node keeps")
        ->type_name("DIR")
        ->capture_default_str();
    app.add_option("--config", line.config, "Config file; default: praline.toml in the data directory")
        ->type_name("FILE");
    app.add_flag("--json", line.json, "Print JSON for programs");
    app.require_subcommand(0, 1);
    app.fallthrough();
    add_node(app, line);
    add_search(app, line);
    add_searches(app, line);
    add_download(app, line);
    add_downloads(app, line);
    add_partials(app, line);
    add_share(app, line);
    add_peers(app, line);
    add_status(app, line);
    add_config(app, line);
    add_index(app, line);
    for (auto* const command : app.get_subcommands({})) command->fallthrough();
    if (count == 2 && std::string_view{arguments[1]} == "help") {
        std::cout << app.help();
        return exit_ok;
    }
    if (auto const problem = unknown_command(app, {arguments + std::min(count, 1), arguments + count});
        !problem.empty()) {
        std::cerr << problem << '\n';
        return exit_usage;
    }
    try {
        app.parse(parser_arguments(app, {arguments + 1, arguments + count}));
        if (app.get_subcommands().empty()) std::cout << app.help();
    } catch (CLI::ParseError const& error) {
        return app.exit(error) == 0 ? static_cast<int>(exit_ok) : static_cast<int>(exit_usage);
    }
    return line.result;
}

int run_and_explain(int count, char** arguments) {
    try {
        return run(count, arguments);
    } catch (ApiError const& error) {
        std::cerr << "praline: " << error.what() << '\n';
        bool const no_node = error.code() == "not_running" || error.code() == "no_answer";
        return no_node ? exit_not_running : exit_failed;
    } catch (webui::UnreadableAnswer const& error) {
        std::cerr << "praline: The answer is not what this version of praline understands (" << error.what()
                  << "): does a node or index server of another version run? Start it again.\n";
        return exit_failed;
    } catch (store::DatabaseError const& error) {
        std::cerr << "praline: " << explain_database_error(error) << '\n';
        return exit_failed;
    } catch (std::invalid_argument const& error) {
        std::cerr << "praline: " << error.what() << '\n';
        return exit_usage;
    } catch (std::exception const& error) {
        std::cerr << "praline: " << error.what() << '\n';
        return exit_failed;
    }
}

}  // namespace

int main(int count, char** arguments) {
    praline::keep_standard_descriptors();
    return praline::finish_output("praline", run_and_explain(count, arguments));
}
