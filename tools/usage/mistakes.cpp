#include "tools/usage/mistakes.hpp"

#include <algorithm>

#include "tools/usage/closest.hpp"

namespace praline::usage {
namespace {

std::string in_quotes(std::string const& word) { return '"' + word + '"'; }

/// Reads a command line from left to right, as far as it makes sense.
class Reader {
public:
    Reader(Command const& program, std::vector<std::string> const& words) : words_{words}, path_{&program} {}

    std::string first_mistake() {
        for (; at_ < words_.size() && words_[at_] != "--"; ++at_) {
            auto const& word = words_[at_];
            if (word == "-h" || word == "--help" || word == "-v" || word == "--version") only_asks_ = true;
            auto problem = word.starts_with('-') && word.size() > 1 ? option(word) : plain(word);
            if (!problem.empty()) return path_text(path_) + ": " + problem;
        }
        operands_ += words_.size() - std::min(words_.size(), at_ + 1);
        auto const problem = only_asks_ ? std::string{} : missing();
        return problem.empty() ? problem : path_text(path_) + ": " + problem;
    }

private:
    [[nodiscard]] std::string see_help() const { return " `" + path_text(path_) + " --help` lists all of them."; }

    std::string plain(std::string const& word) {
        auto const& commands = path_.back()->commands;
        if (commands.empty() || !path_.back()->operands.empty()) return ++operands_, std::string{};
        std::vector<std::string> names;
        for (auto const& one : commands) {
            if (one.name == word) return path_.push_back(&one), std::string{};
            names.push_back(one.name);
        }
        auto const meant = closest_word(word, names);
        return "there is no command " + in_quotes(word) + "." +
               (meant ? " Did you mean `" + path_text(path_) + ' ' + *meant + "`?" : "") + see_help();
    }

    [[nodiscard]] std::string missing() const {
        if (path_.back()->needs_command) return "a command is missing." + see_help();
        auto const& operands = path_.back()->operands;
        for (std::size_t i = operands_; i < operands.size(); ++i)
            if (operands[i].required)
                return operands[i].value + " is missing. `" + path_text(path_) + " --help` explains it.";
        return {};
    }

    [[nodiscard]] Parameter const* find(std::string const& name) const {
        for (auto command = path_.rbegin(); command != path_.rend(); ++command)
            for (auto const& one : (*command)->options)
                if (std::find(one.names.begin(), one.names.end(), name) != one.names.end()) return &one;
        return nullptr;
    }

    std::string option(std::string const& word) {
        bool const is_long = word.starts_with("--");
        auto const equals = is_long ? word.find('=') : std::string::npos;
        auto const name = word.substr(0, equals);
        if (name == "--help") return {};
        auto const* const known = find(name);
        if (known == nullptr) return is_long ? no_option(name) : std::string{};  // -word may be a word of a search
        if (known->value.empty()) return {};
        if (equals == std::string::npos && ++at_ >= words_.size())
            return name + " needs a value: " + known->value + ".";
        return value(*known, name, equals == std::string::npos ? words_[at_] : word.substr(equals + 1));
    }

    std::string no_option(std::string const& name) const {
        std::vector<std::string> names{"--help"};
        for (auto const* const command : path_)
            for (auto const& one : command->options) names.insert(names.end(), one.names.begin(), one.names.end());
        auto const meant = closest_word(name, names);
        return "there is no option " + name + "." + (meant ? " Did you mean " + *meant + "?" : "") + see_help();
    }

    static std::string value(Parameter const& option, std::string const& name, std::string const& given) {
        auto const& choices = option.choices;
        if (choices.empty() || std::find(choices.begin(), choices.end(), given) != choices.end()) return {};
        std::string all;
        for (auto const& one : choices) all += (all.empty() ? "" : ", ") + one;
        auto const meant = closest_word(given, choices);
        return name + " must be one of " + all + ", not " + in_quotes(given) + "." +
               (meant ? " Did you mean " + *meant + "?" : "");
    }

    std::vector<std::string> const& words_;
    std::vector<Command const*> path_;
    std::size_t at_ = 0, operands_ = 0;
    bool only_asks_ = false;
};

}  // namespace

std::string mistake_in(Command const& program, std::vector<std::string> const& words) {
    return Reader{program, words}.first_mistake();
}

}  // namespace praline::usage
