#include <catch2/catch.hpp>

#include "tools/usage/command_table.hpp"
#include "tools/usage/completion.hpp"
#include "tools/usage/help_text.hpp"
#include "tools/usage/manual.hpp"
#include "tools/usage/mistakes.hpp"

namespace usage_test {
using namespace praline::usage;
using Catch::Contains;

namespace {

Command bakery() {
    Command bake{.name = "bake", .summary = "Bake loaves", .notes = "Examples:\n  bakery bake rye\n\n.dots and -signs"};
    bake.operands = {{.value = "LOAF…", .help = "What to bake", .required = true, .repeats = true}};
    bake.options = {{.names = {"--crust"}, .value = "thin|thick", .help = "Its crust", .choices = {"thin", "thick"}},
                    {.names = {"-o", "--output"}, .value = "PATH", .help = "Where it goes. By default the shelf"}};
    Command sell{.name = "shelf", .summary = "Look at the shelf", .needs_command = true};
    sell.commands = {{.name = "clear", .summary = "Clear it, which isn't done twice"}};
    Command program{.name = "bakery", .summary = "Bakes.\n\nAnd sells."};
    program.options = {{.names = {"--oven"}, .value = "DIR", .help = "Where it bakes", .usual = "/oven"}};
    program.commands = {bake, sell};
    return program;
}

std::string help(std::vector<std::string> const& path) {
    auto const program = bakery();
    return help_text(find_commands(program, path));
}

}  // namespace

TEST_CASE("help names operands, options, those of every command, and examples as they are") {
    CHECK(help({"bake"}) ==
          "Bake loaves.\n"
          "\n"
          "Usage: bakery bake [OPTIONS] LOAF…\n"
          "\n"
          "Arguments:\n"
          "  LOAF…  What to bake\n"
          "\n"
          "Options:\n"
          "  --crust thin|thick  Its crust\n"
          "  -o, --output PATH   Where it goes. By default the shelf\n"
          "\n"
          "Options of every command:\n"
          "  --oven DIR  Where it bakes [/oven]\n"
          "  -h, --help  Print this help\n"
          "\n"
          "Examples:\n"
          "  bakery bake rye\n"
          "\n"
          ".dots and -signs\n");
    CHECK_THAT(help({"shelf"}), Contains("Usage: bakery shelf [OPTIONS] COMMAND\n"));
}

TEST_CASE("lines of help are wrapped between words, by columns and not by bytes") {
    std::string text;
    for (int i = 0; i < 60; ++i) text += "größer ";
    auto const lines = wrapped(text, 4);
    auto const first = lines.substr(0, lines.find('\n'));
    CHECK(first.starts_with("    größer größer"));
    CHECK(first.size() == 4 + 11 * 9 - 1);  // eleven words of six columns and nine bytes end in column 80
    CHECK(wrapped(std::string(200, 'x'), 0) == std::string(200, 'x'));
    CHECK(wrapped("", 0).empty());
}

TEST_CASE("a wrong word is named, and what was meant") {
    auto const program = bakery();
    auto const mistake = [&](std::vector<std::string> const& words) { return mistake_in(program, words); };
    CHECK_THAT(mistake({"--oven", "/x", "baek", "rye"}), Contains("\"baek\"") && Contains("`bakery bake`"));
    CHECK_THAT(mistake({"shelf", "claer"}), Contains("bakery shelf: ") && Contains("`bakery shelf clear`"));
    CHECK_THAT(mistake({"bake", "rye", "--crsut", "thin"}), Contains("no option --crsut") && Contains("--crust"));
    CHECK_THAT(mistake({"bake", "rye", "--crust", "thik"}), Contains("thin, thick") && Contains("Did you mean"));
    CHECK_THAT(mistake({"bake", "rye", "--crust=none"}), Contains("not \"none\"") && !Contains("mean"));
    CHECK_THAT(mistake({"bake", "rye", "--output"}), Contains("needs a value"));
    CHECK_THAT(mistake({"bake"}), Contains("LOAF… is missing"));
    CHECK_THAT(mistake({"shelf"}), Contains("a command is missing"));
    CHECK(mistake({"bake", "--help"}).empty());
    CHECK(mistake({"shelf", "-h"}).empty());
    CHECK(mistake({"bake", "--", "--crsut"}).empty());
    CHECK(mistake({"bake", "--output", "baek", "--crust=thin", "shelf", "-x"}).empty());
    CHECK(mistake({}).empty());
}

TEST_CASE("manual pages let no line be taken for a macro") {
    auto const pages = manual_pages(bakery(), "1.0");
    REQUIRE(pages.size() == 3);
    CHECK(pages[0].file_name == "bakery.1");
    CHECK(pages[1].file_name == "bakery-bake.1");
    CHECK_THAT(pages[1].text, Contains("\n\\&.dots and \\-signs\n"));
    CHECK_THAT(pages[1].text, Contains(".EX\n  bakery bake rye\n.EE\n"));
    CHECK_THAT(pages[1].text, Contains("\\fB\\-o, \\-\\-output PATH\\fR"));
    CHECK_THAT(pages[2].text, Contains("clear"));
}

TEST_CASE("completion is written for three shells") {
    auto const program = bakery();
    for (auto const* const shell : {"bash", "zsh", "fish"}) {
        auto const script = completion_script(program, shell).value();
        INFO(shell);
        CHECK_THAT(script, Contains("bakery shelf") && Contains("clear") && Contains("crust") && Contains("thick"));
        CHECK_THAT(script, !Contains("isn't"));
    }
    CHECK_FALSE(completion_script(program, "tcsh"));
}

}  // namespace usage_test
