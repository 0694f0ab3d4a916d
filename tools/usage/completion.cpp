#include "tools/usage/completion.hpp"

#include <algorithm>
#include <vector>

namespace praline::usage {
namespace {

using Path = std::vector<Command const*>;

std::string shell_quoted(std::string_view text) {
    std::string out = "'";
    for (char const c : text) out += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return out + "'";
}

/// The first sentence: a list has no room for more.
std::string short_help(std::string const& help) {
    auto const end = std::min(help.find(". "), help.find(';'));
    auto text = help.substr(0, end);
    if (text.ends_with('.')) text.pop_back();
    return text;
}

enum class Kind { words, folder, file, other };

Kind kind_of(Parameter const& parameter) {
    if (!parameter.choices.empty()) return Kind::words;
    auto const& value = parameter.value;
    if (value.starts_with("DIR")) return Kind::folder;
    return value.starts_with("FILE") || value.starts_with("PATH") || value.find("FILE") != std::string::npos
               ? Kind::file
               : Kind::other;
}

std::string joined(std::vector<std::string> const& words) {
    std::string text;
    for (auto const& one : words) text += (text.empty() ? "" : " ") + one;
    return text;
}

/// Options of the command itself, then those of the program.
std::vector<Parameter const*> options_at(Path const& path) {
    std::vector<Parameter const*> all;
    for (auto const& one : path.back()->options) all.push_back(&one);
    if (path.size() > 1)
        for (auto const& one : path.front()->options) all.push_back(&one);
    return all;
}

std::vector<std::string> option_names_at(Path const& path) {
    std::vector<std::string> names;
    for (auto const* const one : options_at(path)) names.insert(names.end(), one->names.begin(), one->names.end());
    names.emplace_back("--help");
    return names;
}

/// "'praline search'|'praline share'": every path but the program's, for a `case`.
std::string all_paths(Path const& program) {
    std::string text;
    for_each_command(program, [&](Path const& path) {
        if (path.size() > 1) text += (text.empty() ? "" : "|") + shell_quoted(path_text(path));
    });
    return text;
}

/// What matches "$at $word" in a `case` where `word` is an option with a value; those of the program stand anywhere.
std::string option_patterns(Path const& path, Parameter const& option) {
    std::string text;
    for (auto const& name : option.names)
        text += (text.empty() ? "" : "|") +
                (path.size() == 1 ? "*" + shell_quoted(" " + name) : shell_quoted(path_text(path) + " " + name));
    return text;
}

/// Calls `visit` with each option that takes a value, and the path of its command.
template <class Visit>
void for_each_value(Path const& program, Visit const& visit) {
    for_each_command(program, [&](Path const& path) {
        for (auto const& one : path.back()->options)
            if (!one.value.empty()) visit(path, one);
    });
}

/// A line of `case "$at $previous"` for each option that takes a value. @param reply  (Parameter) → what to do then
template <class Reply>
std::string value_cases(Path const& program, Reply const& reply) {
    std::string text;
    for_each_value(program, [&](Path const& path, Parameter const& one) {
        text += "        " + option_patterns(path, one) + ") " + reply(one) + " ;;\n";
    });
    return text;
}

/// A loop's body that finds the command in `at`: a value of an option is none of its words.
std::string find_command(Path const& program, std::string const& word) {
    std::string options;
    for_each_value(program, [&](Path const& path, Parameter const& one) {
        options += (options.empty() ? "" : "|") + option_patterns(path, one);
    });
    auto const here = "\"$at " + word + "\"";
    auto const option_case = options.empty() ? "" : "            " + options + ") value=1 ;;\n";
    return "        if [[ $value ]]; then value=''; continue; fi\n"
           "        case " +
           here + " in\n" + option_case + "            " + all_paths(program) + ") at=" + here +
           " ;;\n"
           "        esac\n";
}

std::string bash_reply(Parameter const& parameter) {
    switch (kind_of(parameter)) {
        case Kind::words:
            return "COMPREPLY=($(compgen -W " + shell_quoted(joined(parameter.choices)) + " -- \"$cur\")); return";
        case Kind::folder: return "compopt -o dirnames 2>/dev/null; return";
        case Kind::file: return "compopt -o default 2>/dev/null; return";
        case Kind::other: break;
    }
    return "return";
}

std::string bash_script(Command const& program) {
    Path const root{&program};
    std::string text = "# bash completion for " + program.name + "\n_" + program.name +
                       "() {\n"
                       "    local cur=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} at=" +
                       program.name +
                       " words='' value='' i\n"
                       "    COMPREPLY=()\n"
                       "    # --option=value comes as three words.\n"
                       "    if [[ $cur == = ]]; then cur=''\n"
                       "    elif [[ $previous == = ]]; then previous=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
                       "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                       "        if [[ ${COMP_WORDS[i]} == = ]]; then continue; fi\n" +
                       find_command(root, "${COMP_WORDS[i]}") +
                       "    done\n"
                       "    case \"$at $previous\" in\n" +
                       value_cases(root, bash_reply) + "    esac\n    case \"$at\" in\n";
    for_each_command(root, [&](Path const& path) {
        std::vector<std::string> words;
        for (auto const& one : path.back()->commands) words.push_back(one.name);
        std::string files;
        for (auto const& one : path.back()->operands) {
            words.insert(words.end(), one.choices.begin(), one.choices.end());
            if (kind_of(one) == Kind::folder) files = "compopt -o dirnames 2>/dev/null; ";
            if (kind_of(one) == Kind::file) files = "compopt -o default 2>/dev/null; ";
        }
        for (auto const& name : option_names_at(path)) words.push_back(name);
        text += "        " + shell_quoted(path_text(path)) + ") " + files + "words=" + shell_quoted(joined(words)) +
                " ;;\n";
    });
    return text +
           "    esac\n"
           "    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
           "}\n"
           "complete -F _" +
           program.name + " " + program.name + "\n";
}

/// "'name:What it is'", for _describe.
std::string described(std::string const& name, std::string const& help) {
    return shell_quoted(name + ":" + short_help(help));
}

std::string zsh_reply(Parameter const& parameter) {
    switch (kind_of(parameter)) {
        case Kind::words: return "compadd -- " + joined(parameter.choices) + "; return";
        case Kind::folder: return "_files -/; return";
        case Kind::file: return "_files; return";
        case Kind::other: break;
    }
    return "_message " + shell_quoted(parameter.value) + "; return";
}

std::string zsh_script(Command const& program) {
    Path const root{&program};
    std::string text = "#compdef " + program.name + "\n_" + program.name +
                       "() {\n"
                       "    local at=" +
                       program.name +
                       " files='' value='' i\n"
                       "    local -a found options\n"
                       "    for ((i = 2; i < CURRENT; i++)); do\n" +
                       find_command(root, "$words[i]") +
                       "    done\n"
                       "    case \"$at $words[CURRENT-1]\" in\n" +
                       value_cases(root, zsh_reply) + "    esac\n    case \"$at\" in\n";
    for_each_command(root, [&](Path const& path) {
        text += "        " + shell_quoted(path_text(path)) + ")\n            found=(";
        for (auto const& one : path.back()->commands) text += " " + described(one.name, one.summary);
        std::string files;
        for (auto const& one : path.back()->operands) {
            for (auto const& word : one.choices) text += " " + described(word, one.value);
            if (kind_of(one) == Kind::folder) files = " files='_files -/'";
            if (kind_of(one) == Kind::file) files = " files=_files";
        }
        text += " )" + files + "\n            options=(";
        for (auto const* const one : options_at(path))
            for (auto const& name : one->names) text += " " + described(name, one->help);
        text += " " + described("--help", "Print help") + " ) ;;\n";
    });
    return text +
           "    esac\n"
           "    if [[ $words[CURRENT] == -* ]]; then _describe -o option options; return; fi\n"
           "    (( $#found )) && _describe word found\n"
           "    [[ -n $files ]] && ${=files}\n"
           "}\n"
           "if [ \"$funcstack[1]\" = _" +
           program.name + " ]; then _" + program.name + " \"$@\"; else compdef _" + program.name + " " + program.name +
           "; fi\n";
}

std::string fish_value(Parameter const& parameter) {
    switch (kind_of(parameter)) {
        case Kind::words: return " -x -a " + shell_quoted(joined(parameter.choices));
        case Kind::folder: return " -x -a '(__fish_complete_directories)'";
        case Kind::file: return " -r -F";
        case Kind::other: break;
    }
    return " -x";
}

std::string fish_option(std::string const& begin, Parameter const& option) {
    std::string text = begin;
    for (auto const& name : option.names)
        text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    return text + (option.value.empty() ? "" : fish_value(option)) + " -d " + shell_quoted(short_help(option.help)) +
           "\n";
}

std::string fish_script(Command const& program) {
    Path const root{&program};
    std::string paths, values, values_anywhere;
    for_each_command(root, [&](Path const& path) {
        if (path.size() > 1) paths += " " + shell_quoted(path_text(path));
    });
    for_each_value(root, [&](Path const& path, Parameter const& one) {
        for (auto const& name : one.names)
            (path.size() > 1 ? values : values_anywhere) +=
                " " + shell_quoted(path.size() > 1 ? path_text(path) + " " + name : name);
    });
    auto const at = "__" + program.name + "_at";
    std::string text = "# fish completion for " + program.name + "\nfunction " + at +
                       "\n"
                       "    set -l at " +
                       program.name +
                       "\n"
                       "    set -l value ''\n"
                       "    for word in (commandline -opc)[2..-1]\n"
                       "        if test -n \"$value\"\n"
                       "            set value ''\n"
                       "        else if contains -- \"$at $word\"" +
                       values + "; or contains -- $word" + values_anywhere +
                       "\n"
                       "            set value 1\n"
                       "        else if contains -- \"$at $word\"" +
                       paths +
                       "\n"
                       "            set at \"$at $word\"\n"
                       "        end\n"
                       "    end\n"
                       "    echo $at\n"
                       "end\n";
    auto const complete = "complete -c " + program.name;
    text += complete + " -f\n";
    for (auto const& one : program.options) text += fish_option(complete, one);
    text += complete + " -s h -l help -d 'Print help'\n";
    for_each_command(root, [&](Path const& path) {
        auto const here = complete + " -n " + shell_quoted("test (" + at + ") = \"" + path_text(path) + "\"");
        for (auto const& one : path.back()->commands)
            text += here + " -a " + shell_quoted(one.name) + " -d " + shell_quoted(short_help(one.summary)) + "\n";
        for (auto const& one : path.back()->operands) {
            if (kind_of(one) == Kind::words) text += here + " -a " + shell_quoted(joined(one.choices)) + "\n";
            if (kind_of(one) == Kind::folder) text += here + " -a '(__fish_complete_directories)'\n";
            if (kind_of(one) == Kind::file) text += here + " -F\n";
        }
        if (path.size() > 1)
            for (auto const& one : path.back()->options) text += fish_option(here, one);
    });
    return text;
}

}  // namespace

std::optional<std::string> completion_script(Command const& program, std::string_view shell) {
    if (shell == "bash") return bash_script(program);
    if (shell == "zsh") return zsh_script(program);
    if (shell == "fish") return fish_script(program);
    return std::nullopt;
}

}  // namespace praline::usage
