#include "tools/praline/config_file.hpp"

#include <algorithm>
#include <sstream>

#include <toml++/toml.h>

namespace praline {
namespace {

/// A TOML value as a setting's; a sentence in `problem` when it is of the wrong type.
ReadValue value_in(SettingRow const& row, toml::node const& node) {
    auto const& name = row.name;
    if (!row.list) {
        if (auto const text = node.value<std::string>()) return {{*text}, {}};
        if (auto const number = node.value_exact<std::int64_t>()) return {{std::to_string(*number)}, {}};
        return {{}, name + " must be a text in quotation marks or a whole number."};
    }
    auto const* const array = node.as_array();
    if (array == nullptr) return {{}, name + " must be a list, such as " + name + " = [\"…\", \"…\"]."};
    SettingValue items;
    for (auto const& element : *array) {
        auto const text = element.value<std::string>();
        if (!text) return {{}, name + " must be a list of texts in quotation marks."};
        items.push_back(*text);
    }
    return {std::move(items), {}};
}

std::string read_key(std::string const& name, toml::node const& node, ReadConfig& read) {
    auto const* const row = find_setting(name);
    if (row == nullptr) return no_such_setting(name);
    auto [value, problem] = value_in(*row, node);
    if (!problem.empty()) return problem;
    Config scratch;
    if (auto sentence = row->set(scratch, value); !sentence.empty()) return sentence;
    read.values[name] = std::move(value);
    return {};
}

template <class Parse>
ReadConfig read_parsed(Parse parse, std::string const& file) {
    ReadConfig read;
    toml::table parsed;
    try {
        parsed = parse();
    } catch (toml::parse_error const& error) {
        auto const& where = error.source().begin;
        read.problems.push_back({file, where.line, where.column, std::string{error.description()} + "."});
        return read;
    }
    for (auto const& [key, node] : parsed) {
        auto const sentence = read_key(std::string{key.str()}, node, read);
        auto const& where = key.source().begin;
        if (!sentence.empty()) read.problems.push_back({file, where.line, where.column, sentence});
    }
    std::sort(read.problems.begin(), read.problems.end(), [](auto const& a, auto const& b) { return a.line < b.line; });
    return read;
}

}  // namespace

std::string ConfigProblem::text() const {
    return file + ':' + std::to_string(line) + ':' + std::to_string(column) + ": " + sentence;
}

ReadConfig read_config_file(std::string const& file) {
    return read_parsed([&] { return toml::parse_file(file); }, file);
}

ReadConfig read_config(std::string_view text, std::string const& file) {
    return read_parsed([&] { return toml::parse(text, file); }, file);
}

std::string config_template() {
    Config const defaults;
    std::ostringstream out;
    out << "# Praline. Every key can also be given as a flag (upload_slots as --upload-slots); flags win, then what "
           "was set on the\n"
           "# page or with `praline config set`, then this file. In paths ~ is your home folder; a relative path is "
           "taken from the\n"
           "# folder in which the node is started.\n";
    for (auto const& row : setting_rows()) {
        auto const value = value_of(defaults, row.name);
        out << "\n# " << row.help << "\n# " << row.name << " = "
            << (row.list                        ? "[]"
                : row.kind == ValueKind::number ? value
                                                : '"' + value + '"')
            << '\n';
    }
    return out.str();
}

}  // namespace praline
