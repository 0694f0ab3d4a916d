#include "tools/usage/help_text.hpp"

#include <algorithm>

#include "node/base/text.hpp"
#include "node/base/utf8.hpp"

namespace praline::usage {
namespace {

constexpr std::size_t label_columns_max = 26;  ///< what is wider has its help on the next line

void add_wrapped_line(std::string& out, std::string_view line, std::size_t indent) {
    std::string const margin(indent, ' ');
    std::string text = margin;
    std::size_t columns = indent;
    for (auto const word : split(line, ' ')) {
        auto const width = display_columns(word);
        bool const first = columns == indent;
        if (!first && columns + 1 + width > help_columns) {
            out += text + '\n';
            text = margin + std::string{word};
            columns = indent + width;
            continue;
        }
        text += (first ? "" : " ") + std::string{word};
        columns += width + (first ? 0 : 1);
    }
    out += text;
}

std::string help_of(Parameter const& parameter) {
    std::string help = parameter.help;
    if (!parameter.choices.empty() && parameter.value.find('|') == std::string::npos) {
        std::string words;
        for (auto const& one : parameter.choices) words += (words.empty() ? "" : ", ") + one;
        help += (help.ends_with('.') ? " " : ": ") + words;
    }
    if (!parameter.usual.empty()) help += " [" + parameter.usual + "]";
    return help;
}

struct Entry {
    std::string label, help;
};

std::string section(std::string_view title, std::vector<Entry> const& entries) {
    if (entries.empty()) return {};
    std::size_t widest = 0;
    for (auto const& one : entries) {
        auto const width = display_columns(one.label);
        if (width <= label_columns_max) widest = std::max(widest, width);
    }
    auto const column = widest + 4;
    std::string text = "\n" + std::string{title} + ":\n";
    for (auto const& one : entries) {
        text += "  " + one.label;
        auto help = wrapped(one.help, column);
        auto const width = display_columns(one.label);
        if (width > widest)
            text += '\n' + help;
        else
            text += std::string(column - width - 2, ' ') + help.substr(std::min(column, help.size()));
        text += '\n';
    }
    return text;
}

std::vector<Entry> entries_of(std::vector<Parameter> const& parameters) {
    std::vector<Entry> entries;
    for (auto const& one : parameters) entries.push_back({label_of(one), help_of(one)});
    return entries;
}

std::vector<Entry> entries_of(std::vector<Command> const& commands) {
    std::vector<Entry> entries;
    for (auto const& one : commands) entries.push_back({one.name, one.summary});
    return entries;
}

}  // namespace

std::string wrapped(std::string_view text, std::size_t indent) {
    std::string out;
    for (std::size_t begin = 0; begin <= text.size();) {
        auto const end = std::min(text.find('\n', begin), text.size());
        auto const line = text.substr(begin, end - begin);
        if (begin > 0) out += '\n';
        if (line.starts_with("  "))
            out += line;
        else if (!line.empty())
            add_wrapped_line(out, line, indent);
        begin = end + 1;
    }
    return out;
}

std::string label_of(Parameter const& parameter) {
    std::string label;
    for (auto const& name : parameter.names) label += (label.empty() ? "" : ", ") + name;
    if (!parameter.value.empty()) label += (label.empty() ? "" : " ") + parameter.value;
    return label;
}

std::string synopsis(std::vector<Command const*> const& path) {
    auto const& command = *path.back();
    std::string text = path_text(path) + " [OPTIONS]";
    for (auto const& one : command.operands) text += one.required ? " " + one.value : " [" + one.value + "]";
    if (!command.commands.empty()) text += command.needs_command ? " COMMAND" : " [COMMAND]";
    return text;
}

std::string help_text(std::vector<Command const*> const& path) {
    auto const& command = *path.back();
    auto text = wrapped(command.summary, 0) + (command.summary.ends_with('.') ? "\n" : ".\n");
    text += "\nUsage: " + synopsis(path) + "\n";
    text += section("Arguments", entries_of(command.operands));
    if (path.size() > 1) text += section("Options", entries_of(command.options));
    text += section("Commands", entries_of(command.commands));
    auto common = entries_of(path.front()->options);
    common.push_back({"-h, --help", "Print this help"});
    text += section(path.size() > 1 ? "Options of every command" : "Options, also of every command", common);
    if (!command.commands.empty())
        text += "\n" + wrapped("`" + path_text(path) + " COMMAND --help` explains a command.", 0) + "\n";
    if (!command.notes.empty()) text += "\n" + wrapped(command.notes, 0) + "\n";
    return text;
}

}  // namespace praline::usage
