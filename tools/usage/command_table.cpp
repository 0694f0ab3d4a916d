#include "tools/usage/command_table.hpp"

#include <algorithm>

namespace praline::usage {
namespace {

/// "high|normal|low" allows these words; in "MAGNET|URN" the capitals stand for others.
std::vector<std::string> choices_in(std::string const& value) {
    bool const words = value.find('|') != std::string::npos &&
                       std::none_of(value.begin(), value.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!words) return {};
    std::vector<std::string> choices(1);
    for (char const c : value) {
        if (c == '|')
            choices.emplace_back();
        else
            choices.back() += c;
    }
    return choices;
}

/// The parser writes what it checks behind the word: "N:INT in [1 - 64]", "a|b:{a,b}".
std::string without_check(std::string text) {
    auto const set = text.find(":{");
    auto const range = text.find(" in [");
    if (set != std::string::npos) text.resize(set);
    if (range != std::string::npos && text.rfind(':', range) != std::string::npos) text.resize(text.rfind(':', range));
    return text;
}

Parameter parameter(CLI::Option const& option, Choices const& choices) {
    Parameter made;
    for (auto const& name : option.get_snames()) made.names.push_back("-" + name);
    for (auto const& name : option.get_lnames()) made.names.push_back("--" + name);
    made.help = option.get_description();
    made.required = option.get_required();
    made.repeats = option.get_items_expected_max() > 1;
    if (option.get_type_size() == 0) return made;
    made.value = without_check(option.get_type_name());
    made.usual = option.get_default_str();
    auto const known = choices.find(made.value);
    made.choices = known != choices.end() ? known->second : choices_in(made.value);
    return made;
}

}  // namespace

Command command_table(CLI::App const& app, Choices const& choices) {
    Command made;
    made.name = app.get_name();
    made.summary = app.get_description();
    made.notes = app.get_footer();
    made.needs_command = app.get_require_subcommand_min() > 0;
    for (auto const* const option : app.get_options()) {
        if (option == app.get_help_ptr() || option == app.get_help_all_ptr() || option->get_group().empty()) continue;
        (option->get_positional() ? made.operands : made.options).push_back(parameter(*option, choices));
    }
    for (auto const* const one : app.get_subcommands([](CLI::App const* sub) { return !sub->get_group().empty(); }))
        made.commands.push_back(command_table(*one, choices));
    return made;
}

std::vector<Command const*> find_commands(Command const& program, std::vector<std::string> const& path) {
    std::vector<Command const*> found{&program};
    for (auto const& name : path) {
        auto const& commands = found.back()->commands;
        auto const next =
            std::find_if(commands.begin(), commands.end(), [&](Command const& one) { return one.name == name; });
        if (next == commands.end()) return {};
        found.push_back(&*next);
    }
    return found;
}

std::string path_text(std::vector<Command const*> const& path) {
    std::string text;
    for (auto const* const one : path) text += (text.empty() ? "" : " ") + one->name;
    return text;
}

}  // namespace praline::usage
