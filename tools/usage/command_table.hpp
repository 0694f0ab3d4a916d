#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

/// What a program understands, as one table: help, completion and manual pages are written from it, and mistyped words are
/// looked up in it.   @threads any: values.
namespace praline::usage {

/// An option, or an operand: a word that stands by its place.
struct Parameter {
    std::vector<std::string> names{};    ///< "-o", "--output"; empty: an operand
    std::string value{};                 ///< what to give, such as "SECONDS"; empty: a flag
    std::string help{};                  ///< one sentence or more
    std::string usual{};                 ///< the value when none is given; empty: none, or not worth a word
    std::vector<std::string> choices{};  ///< the words allowed; empty: any
    bool required = false, repeats = false;
};

struct Command {
    std::string name{}, summary{};
    std::string notes{};  ///< lines that begin with two blanks are kept as they are, such as examples
    std::vector<Parameter> operands{}, options{};
    std::vector<Command> commands{};
    bool needs_command = false;  ///< it does nothing by itself
};

/// Choices of values by their word: {"STRATEGY", {"auto", "flood"}}. Words such as "high|normal|low" need no entry.
using Choices = std::map<std::string, std::vector<std::string>, std::less<>>;

/// @param app  the whole of the parser. Its help options are left out: every command has them.
[[nodiscard]] Command command_table(CLI::App const& app, Choices const& choices);

/// The commands that `path` names, the program first. Empty: there is no such command.
[[nodiscard]] std::vector<Command const*> find_commands(Command const& program, std::vector<std::string> const& path);

/// "praline searches save"
[[nodiscard]] std::string path_text(std::vector<Command const*> const& path);

/// Calls `visit` with every command, by its path from the program on: the program first, then in the order of the table.
template <class Visit>
void for_each_command(std::vector<Command const*> const& path, Visit const& visit) {
    visit(path);
    for (auto const& one : path.back()->commands) {
        auto below = path;
        below.push_back(&one);
        for_each_command(below, visit);
    }
}

}  // namespace praline::usage
