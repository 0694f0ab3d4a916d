#include "tools/praline/search_words.hpp"

namespace praline {
namespace {

constexpr char mark = '\x02';  // no keyboard has it, and no option or command begins with it

bool is_option(std::string const& argument) { return argument.size() > 1 && argument.front() == '-'; }

using TakesValue = std::function<bool(std::string const&)>;

/// The next argument from `at` on that is neither an option nor the value of one.
std::size_t next_plain(std::vector<std::string> const& arguments, std::size_t at, TakesValue const& takes_value) {
    while (at < arguments.size() && is_option(arguments[at])) at += takes_value(arguments[at]) ? 2 : 1;
    return at;
}

/// Where the words begin; the end: this is another command.
std::size_t words_begin(std::vector<std::string> const& arguments, TakesValue const& takes_value) {
    auto at = next_plain(arguments, 0, takes_value);
    if (at < arguments.size() && arguments[at] == "search") return at + 1;
    if (at >= arguments.size() || arguments[at] != "searches") return arguments.size();
    at = next_plain(arguments, at + 1, takes_value);
    return at < arguments.size() && arguments[at] == "save" ? at + 1 : arguments.size();
}

}  // namespace

std::vector<std::string> mark_search_words(std::vector<std::string> arguments, TakesValue const& takes_value) {
    auto const begin = words_begin(arguments, takes_value);
    std::vector<std::string> out;
    bool options_ended = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        auto& argument = arguments[i];
        bool const is_long = argument.starts_with("--") || argument == "-h";
        if (i < begin || (is_long && !options_ended)) {
            if (i >= begin && argument == "--") {
                options_ended = true;
                continue;
            }
            bool const value_follows = i >= begin && takes_value(argument) && i + 1 < arguments.size();
            out.push_back(std::move(argument));
            if (value_follows) out.push_back(std::move(arguments[++i]));
            continue;
        }
        out.push_back(mark + argument);
    }
    return out;
}

std::vector<std::string> unmarked(std::vector<std::string> words) {
    for (auto& word : words)
        if (!word.empty() && word.front() == mark) word.erase(0, 1);
    return words;
}

}  // namespace praline
