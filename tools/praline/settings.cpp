#include "tools/praline/settings.hpp"

namespace praline {
namespace {

std::string in_one_line(SettingValue const& value) {
    std::string text;
    for (auto const& item : value) text += (text.empty() ? "" : ", ") + item;
    return text;
}

}  // namespace

char const* to_string(Origin origin) noexcept {
    switch (origin) {
        case Origin::built_in: return "default";
        case Origin::config_file: return "config";
        case Origin::page: return "page";
        case Origin::command_line: return "flag";
    }
    return "";
}

Settings::Settings(std::string const& data_directory) : data_directory_{data_directory} { mix(); }

std::vector<ConfigProblem> Settings::take_file(std::string const& file) {
    auto read = read_config_file(file);
    file_ = file;
    from_file_ = std::move(read.values);
    mix();
    return std::move(read.problems);
}

std::string Settings::take_flag(std::string const& key, SettingValue const& value) {
    Config scratch;
    if (auto problem = set_values(scratch, key, value); !problem.empty()) return problem;
    from_flags_[key] = value;
    mix();
    return {};
}

void Settings::take_stored(std::map<std::string, std::string> const& stored) {
    from_page_.clear();
    left_out_.clear();
    for (auto const& [name, text] : stored) {
        auto const* const row = find_setting(name);
        auto read = row == nullptr ? ReadValue{{text}, no_such_setting(name)} : value_from_text(*row, text);
        Config scratch;
        if (read.problem.empty()) read.problem = set_values(scratch, name, read.value);
        if (read.problem.empty())
            from_page_[name] = std::move(read.value);
        else
            left_out_[name] = {read.value.empty() ? SettingValue{text} : std::move(read.value),
                               std::move(read.problem)};
    }
    mix();
}

void Settings::leave_out(std::string const& key, std::string sentence) {
    auto stored = from_page_.extract(key);
    if (!stored) return;
    left_out_[key] = {std::move(stored.mapped()), std::move(sentence)};
    mix();
}

std::string Settings::set(std::string const& key, SettingValue const& value) {
    Config scratch;
    if (auto problem = set_values(scratch, key, value); !problem.empty()) return problem;
    left_out_.erase(key);
    from_page_[key] = value;
    if (auto flag = from_flags_.extract(key)) flags_set_aside_.insert(std::move(flag));
    mix();
    return {};
}

void Settings::unset(std::string const& key) {
    left_out_.erase(key);
    from_page_.erase(key);
    if (auto flag = flags_set_aside_.extract(key)) from_flags_.insert(std::move(flag));
    mix();
}

Origin Settings::origin(std::string const& key) const {
    if (from_flags_.contains(key)) return Origin::command_line;
    if (from_page_.contains(key)) return Origin::page;
    return from_file_.contains(key) ? Origin::config_file : Origin::built_in;
}

std::string Settings::problem(std::string const& key) const {
    auto const found = left_out_.find(key);
    if (found == left_out_.end()) return {};
    return "The value \"" + in_one_line(found->second.value) + "\" that was set for " + key +
           " on the page or with `praline config set` is left out: " + found->second.sentence +
           " `praline config unset " + key + "` undoes it.";
}

std::vector<std::string> Settings::problems() const {
    std::vector<std::string> sentences;
    for (auto const& [key, left_out] : left_out_) sentences.push_back(problem(key));
    return sentences;
}

std::string Settings::origin_text(std::string const& key) const {
    auto const* const row = find_setting(key);
    auto const flag = row == nullptr ? std::string{} : row->flag;
    switch (origin(key)) {
        case Origin::command_line: return "It was given on the command line (" + flag + ").";
        case Origin::config_file: return "It is set in the config file " + file_ + " (" + key + ").";
        case Origin::page:
            return "It was set on the page or with `praline config set`; `praline config unset " + key + "` undoes it.";
        case Origin::built_in: break;
    }
    return "It is the built-in value of " + key + "; choose another with " + flag +
           ", in the config file or with `praline config set " + key + " …`.";
}

std::optional<SettingValue> Settings::stored(std::string const& key) const {
    if (auto const found = from_page_.find(key); found != from_page_.end()) return found->second;
    if (auto const found = left_out_.find(key); found != left_out_.end()) return found->second.value;
    return std::nullopt;
}

void Settings::mix() {
    config_ = Config{};
    config_.data_directory = data_directory_;
    for (auto const* layer : {&from_file_, &from_page_, &from_flags_})
        for (auto const& [key, value] : *layer)
            static_cast<void>(set_values(config_, key, value));  // each was allowed when it was taken
}

}  // namespace praline
