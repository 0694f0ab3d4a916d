#include "tools/praline/parser.hpp"

#include <sstream>

#include <catch2/catch.hpp>

#include "node/base/utf8.hpp"
#include "tools/usage/completion.hpp"
#include "tools/usage/help_text.hpp"
#include "tools/usage/manual.hpp"

namespace parser_test {
using namespace praline;
using Path = std::vector<usage::Command const*>;

namespace {

/// Every command, and whether its words and options stand in all that is written from the table.
struct Program {
    Program() { add_everything(app, line); }
    CommandLine line;
    CLI::App app;
};

bool holds(std::string const& text, std::string const& word) { return text.find(word) != std::string::npos; }

std::string for_troff(std::string text) {
    for (std::size_t at = 0; (at = text.find('-', at)) != std::string::npos; at += 2) text.insert(at, 1, '\\');
    return text;
}

}  // namespace

TEST_CASE("every command explains itself in lines of 80 columns, with examples and what every command takes") {
    Program program;
    auto const table = command_table(program.app);
    usage::for_each_command(Path{&table}, [](Path const& path) {
        auto const text = usage::help_text(path);
        INFO(usage::path_text(path));
        CHECK(holds(text, "  praline "));
        CHECK(holds(text, "--json"));
        CHECK(holds(text, "--data"));
        std::istringstream lines{text};
        for (std::string one; std::getline(lines, one);) {
            INFO(one);
            CHECK(display_columns(one) <= usage::help_columns);
        }
    });
}

TEST_CASE("manual pages and completion hold every command and every option") {
    Program program;
    auto const table = command_table(program.app);
    std::string manual;
    for (auto const& page : usage::manual_pages(table, "1")) manual += page.text;
    auto const bash = usage::completion_script(table, "bash").value(),
               zsh = usage::completion_script(table, "zsh").value(),
               fish = usage::completion_script(table, "fish").value();
    std::size_t commands = 0;
    usage::for_each_command(Path{&table}, [&](Path const& path) {
        ++commands;
        INFO(usage::path_text(path));
        auto const& name = path.back()->name;
        CHECK(holds(manual, for_troff(name)));
        CHECK(holds(bash, "'" + usage::path_text(path) + "')"));
        CHECK(holds(zsh, "'" + usage::path_text(path) + "')"));
        if (path.size() > 1) CHECK(holds(fish, "-a '" + name + "'"));
        for (auto const& option : path.back()->options) {
            auto const& long_name = option.names.back();
            INFO(long_name);
            CHECK(holds(manual, for_troff(long_name)));
            CHECK(holds(bash, long_name));
            CHECK(holds(zsh, "'" + long_name + ":"));
            CHECK(holds(fish, " -l " + long_name.substr(2)));
        }
    });
    CHECK(commands > 40);
}

}  // namespace parser_test
