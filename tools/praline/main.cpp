#include <algorithm>
#include <array>
#include <iostream>
#include <stdexcept>

#include <CLI/CLI.hpp>

#include "tools/output/finish_output.hpp"
#include "tools/praline/api_client.hpp"
#include "tools/praline/command_line.hpp"
#include "tools/praline/node_storage.hpp"
#include "tools/praline/parser.hpp"
#include "tools/praline/paths.hpp"
#include "tools/praline/run_index.hpp"
#include "tools/praline/run_node.hpp"
#include "tools/praline/search_words.hpp"
#include "tools/usage/mistakes.hpp"
#include "webui/api/views_json.hpp"

namespace {

using namespace praline;

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

int run(int count, char** arguments) {
    CommandLine line;
    CLI::App app;
    add_everything(app, line);
    std::vector<std::string> const words{arguments + std::min(count, 1), arguments + count};
    auto parsed = parser_arguments(app, words);
    // Words of a search are marked there, so that none of them is taken for an option.
    auto const problem = usage::mistake_in(command_table(app), {parsed.rbegin(), parsed.rend()});
    if (!problem.empty()) {
        std::cerr << problem << '\n';
        return exit_usage;
    }
    try {
        app.parse(parsed);
        if (app.get_subcommands().empty()) std::cout << app.help();
    } catch (CLI::ParseError const& error) {
        if (error.get_exit_code() == 0) return app.exit(error), exit_ok;
        std::cerr << "praline: " << error.what() << "\nRun it with --help to see how it is used.\n";
        return exit_usage;
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
