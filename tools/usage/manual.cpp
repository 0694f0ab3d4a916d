#include "tools/usage/manual.hpp"

#include <algorithm>

#include "node/base/text.hpp"
#include "tools/usage/help_text.hpp"

namespace praline::usage {
namespace {

using Path = std::vector<Command const*>;

/// Text for troff: hyphens of options stay hyphens, and no line begins a macro by chance.
std::string escaped(std::string_view text) {
    std::string out;
    for (char const c : text) {
        if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) out += "\\&";
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else
            out += c;
    }
    return out;
}

std::string upper(std::string text) {
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

std::string joined(Path const& path, char const* between) {
    std::string text;
    for (auto const* const one : path) text += (text.empty() ? "" : between) + one->name;
    return text;
}

std::string sentence(std::string text) { return text.ends_with('.') ? text : text + "."; }

/// Lines that begin with two blanks become an example, the others paragraphs.
std::string paragraphs(std::string_view text) {
    std::string out;
    bool in_example = false;
    for (std::size_t begin = 0; begin < text.size();) {
        auto const end = std::min(text.find('\n', begin), text.size());
        auto const line = text.substr(begin, end - begin);
        bool const example = line.starts_with("  ");
        if (example != in_example) out += example ? ".PP\n.EX\n" : ".EE\n";
        in_example = example;
        if (line.empty())
            out += ".PP\n";
        else
            out += escaped(line) + "\n";
        begin = end + 1;
    }
    return in_example ? out + ".EE\n" : out;
}

std::string tagged(std::string const& label, std::string const& help) {
    return ".TP\n\\fB" + escaped(label) + "\\fR\n" + escaped(help) + "\n";
}

std::string manual_help(Parameter const& parameter) {
    auto help = sentence(parameter.help);
    if (!parameter.choices.empty()) {
        std::string words;
        for (auto const& one : parameter.choices) words += (words.empty() ? "" : ", ") + one;
        help += " One of: " + words + ".";
    }
    return parameter.usual.empty() ? help : help + " Default: " + parameter.usual + ".";
}

std::string parameters(std::string const& title, std::vector<Parameter> const& all) {
    if (all.empty()) return {};
    auto text = title.empty() ? std::string{} : ".SH " + title + "\n";
    for (auto const& one : all) text += tagged(label_of(one), manual_help(one));
    return text;
}

std::string subcommands(Path const& path) {
    std::string text;
    for (auto const& one : path.back()->commands) {
        auto below = path;
        below.push_back(&one);
        text += ".SS " + escaped(synopsis(below)) + "\n" + escaped(sentence(one.summary)) + "\n";
        text += parameters({}, one.operands) + parameters({}, one.options);
        // The parser gives a command without notes those of the command above it.
        if (!one.notes.empty() && one.notes != path.back()->notes) text += ".PP\n" + paragraphs(one.notes);
        text += subcommands(below);
    }
    return text;
}

std::string see_also(Path const& path) {
    std::string text = ".SH SEE ALSO\n";
    if (path.size() > 1) return text + ".BR " + escaped(path.front()->name) + " (1)\n";
    for (auto const& one : path.front()->commands)
        text += ".BR " + escaped(path.front()->name + "-" + one.name) + " (1)" +
                (&one == &path.front()->commands.back() ? "\n" : ",\n");
    return text;
}

ManualPage page_of(Path const& path, std::string_view version) {
    auto const& command = *path.back();
    auto const name = joined(path, "-");
    auto const first_end = command.summary.find_first_of(".\n");
    auto text = ".TH " + escaped(upper(name)) + " 1 \"\" \"Praline " + std::string{version} + "\" \"Praline\"\n";
    text += ".SH NAME\n" + escaped(name) + " \\- " + escaped(command.summary.substr(0, first_end)) + "\n";
    text += ".SH SYNOPSIS\n.B " + escaped(synopsis(path)) + "\n";
    text += ".SH DESCRIPTION\n" + paragraphs(sentence(command.summary) + "\n");
    text += parameters("ARGUMENTS", command.operands);
    if (path.size() > 1) text += parameters("OPTIONS", command.options);
    if (path.size() == 1 && !command.commands.empty()) {
        text += ".SH COMMANDS\n";
        for (auto const& one : command.commands) text += tagged(one.name, sentence(one.summary));
    } else if (!command.commands.empty()) {
        text += ".SH COMMANDS\n" + subcommands(path);
    }
    text += parameters(path.size() > 1 ? "OPTIONS OF EVERY COMMAND" : "OPTIONS", path.front()->options);
    text += tagged("-h, --help", "Print help.");
    if (!command.notes.empty()) text += ".SH NOTES\n" + paragraphs(command.notes);
    return {name + ".1", text + see_also(path)};
}

}  // namespace

std::vector<ManualPage> manual_pages(Command const& program, std::string_view version) {
    std::vector<ManualPage> pages{page_of({&program}, version)};
    for (auto const& one : program.commands) pages.push_back(page_of({&program, &one}, version));
    return pages;
}

}  // namespace praline::usage
