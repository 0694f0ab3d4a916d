#include "tools/praline/config_file.hpp"

#include <cstdio>
#include <string>

#include "fuzz/fuzz.hpp"
#include "node/base/bytes.hpp"

namespace {

using namespace praline;

/// A text in quotation marks, as TOML has it.
std::string quoted(std::string const& text) {
    std::string out = "\"";
    for (char const c : text) {
        if (static_cast<unsigned char>(c) < ' ' || c == '"' || c == '\\' || c == 0x7F) {
            char escaped[8];
            std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned char>(c));
            out += escaped;
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string written(std::string const& name, SettingValue const& value, bool list) {
    if (!list) return name + " = " + quoted(value.front()) + '\n';
    std::string items;
    for (auto const& item : value) items += quoted(item) + ", ";
    return name + " = [" + items + "]\n";
}

}  // namespace

/// Any bytes as a config file: sentences that say where, and values that are allowed and stay what they are when they are
/// written into a file, or as one text, and read again.
int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const read = read_config(as_text(fuzz::view(data, size)), "file");
    for (auto const& problem : read.problems)
        fuzz::require(problem.line > 0 && !problem.sentence.empty() && problem.text().starts_with("file:"));

    Config config;
    std::string document;
    for (auto const& [name, value] : read.values) {
        auto const* const row = find_setting(name);
        fuzz::require(row != nullptr && (row->list || value.size() == 1));
        fuzz::require(set_values(config, name, value).empty());
        auto const as_text = value_from_text(*row, text_of_value(*row, value));
        fuzz::require(as_text.problem.empty() && as_text.value == value);
        document += written(name, value, row->list);
    }
    auto const again = read_config(document, "file");
    fuzz::require(again.problems.empty() && again.values == read.values);
    return 0;
}
