#include "tools/simulate/scenario.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <tuple>

// toml++ asserts that some malformed files do not come up ("[=]"), and without assertions takes that for granted, which is
// undefined behaviour; yet behind each it looks for itself and complains well. Here it neither asserts nor assumes. Nothing
// else of this program includes toml++.
#ifdef NDEBUG
#define PRALINE_HAD_NDEBUG
#undef NDEBUG
#endif
#define TOML_ASSERT(expr) static_cast<void>(sizeof(expr))
#include <toml++/toml.h>
#ifdef PRALINE_HAD_NDEBUG
#define NDEBUG
#endif

#include "tools/simulate/world/graph.hpp"
#include "tools/simulate/world/limits.hpp"

namespace praline::simulate {
namespace {

struct Problem {
    toml::source_position at;
    std::string sentence;
};

std::string at(std::string const& name, toml::source_position const& position) {
    return name + ':' + std::to_string(position.line) + ':' + std::to_string(position.column);
}

char const* wanted(world::KeyKind kind) {
    switch (kind) {
        case world::KeyKind::number: return "a whole number";
        case world::KeyKind::share: return "a number";
        case world::KeyKind::flag: return "true or false";
        case world::KeyKind::text: return "a text in quotation marks";
        case world::KeyKind::list: return "a list of texts in quotation marks";
    }
    return "";
}

std::optional<std::string> list_of(toml::array const& array) {
    std::string joined;
    for (toml::node const& element : array) {
        auto const text = element.value_exact<std::string>();
        if (!text || text->find(',') != std::string::npos) return std::nullopt;
        joined += (joined.empty() ? "" : ",") + *text;
    }
    return joined;
}

std::string shown(double value) {
    std::ostringstream out;
    out.imbue(std::locale::classic());
    out.precision(17);
    out << value;
    return out.str();
}

/// Empty: it is of another type than the key wants.
std::optional<std::string> text_of(world::Key const& key, toml::node const& node) {
    auto const number = node.value_exact<std::int64_t>();
    switch (key.kind) {
        case world::KeyKind::number: return number ? std::optional{std::to_string(*number)} : std::nullopt;
        case world::KeyKind::share:
            if (number) return std::to_string(*number);
            if (auto const real = node.value_exact<double>()) return shown(*real);
            return std::nullopt;
        case world::KeyKind::flag:
            if (auto const value = node.value_exact<bool>()) return *value ? "true" : "false";
            return std::nullopt;
        case world::KeyKind::text: return node.value_exact<std::string>();
        case world::KeyKind::list: return node.is_array() ? list_of(*node.as_array()) : std::nullopt;
    }
    return std::nullopt;
}

/// Where the first character is that TOML allows in texts and comments only, but for control characters, which it allows
/// nowhere. Its parser takes some of them for whitespace, and others for impossible.
std::optional<toml::source_position> foreign_character(std::string_view text) {
    toml::source_position at{1, 1};
    bool in_comment = false;
    std::string_view quote;  // of the text that is open
    for (std::size_t i = 0; i < text.size(); ++i, ++at.column) {
        char const c = text[i];
        auto const code = static_cast<unsigned char>(c);
        if (c == '\n') {
            ++at.line, at.column = 0;
            in_comment = false;
            if (quote.size() == 1) quote = {};
        } else if (code == 0x7F || (code < 0x20 && c != '\t' && c != '\r')) {
            return at;
        } else if (in_comment) {
            continue;
        } else if (!quote.empty()) {
            bool const escaped = c == '\\' && quote.front() == '"';
            bool const closes = text.substr(i).starts_with(quote);
            auto const more = closes ? quote.size() - 1 : escaped && i + 1 < text.size() && text[i + 1] != '\n' ? 1 : 0;
            if (closes) quote = {};
            i += more;
            at.column += static_cast<toml::source_index>(more);
        } else if (c == '"' || c == '\'') {
            bool const is_long = text.substr(i, 3) == std::string(3, c);
            quote = text.substr(i, is_long ? 3 : 1);
            i += quote.size() - 1;
            at.column += static_cast<toml::source_index>(quote.size() - 1);
        } else if (code >= 0x80) {
            return at;
        } else {
            in_comment = c == '#';
        }
    }
    return std::nullopt;
}

bool earlier(toml::source_position const& one, toml::source_position const& other) {
    return std::tie(one.line, one.column) < std::tie(other.line, other.column);
}

}  // namespace

Scenario parse_scenario(std::string_view text, std::string const& name) {
    Scenario scenario;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (auto const where = foreign_character(text)) {
        scenario.complaints.push_back(at(name, *where) +
                                      ": this character may stand in a text in quotation marks only, if at all");
        return scenario;
    }
    toml::table table;
    try {
        table = toml::parse(text);
    } catch (toml::parse_error const& error) {
        scenario.complaints.push_back(at(name, error.source().begin) + ": " + std::string{error.description()});
        return scenario;
    }
    std::vector<Problem> problems;
    std::vector<std::pair<toml::source_position, world::Setting>> settings;
    for (auto const& [key, node] : table) {
        std::string const word{key.str()};
        toml::source_position const where = key.source().begin;
        world::Key const* const known = world::key_named(word);
        if (known == nullptr)
            problems.push_back({where, "there is no key " + word + "; `simulate template` prints all of them"});
        else if (auto const value = text_of(*known, node))
            settings.push_back({where, {word, *value, at(name, where)}});
        else
            problems.push_back({node.source().begin, word + " must be " + wanted(known->kind)});
    }
    std::sort(problems.begin(), problems.end(),
              [](Problem const& one, Problem const& other) { return earlier(one.at, other.at); });
    std::sort(settings.begin(), settings.end(),
              [](auto const& one, auto const& other) { return earlier(one.first, other.first); });
    for (auto& [where, setting] : settings) scenario.settings.push_back(std::move(setting));
    for (Problem const& problem : problems)
        scenario.complaints.push_back(at(name, problem.at) + ": " + problem.sentence);
    return scenario;
}

Scenario read_scenario(std::string const& path) {
    std::ifstream file{path, std::ios::binary};
    std::string text(world::scenario_bytes_max + 1, '\0');
    if (!file.read(text.data(), static_cast<std::streamsize>(text.size())) && (!file.eof() || file.bad()))
        throw world::BadInput{"scenario " + path + " cannot be read"};
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > world::scenario_bytes_max)
        throw world::BadInput{"scenario " + path + " is larger than " + std::to_string(world::scenario_bytes_max) +
                              " bytes"};
    return parse_scenario(text, path);
}

std::string scenario_template() {
    world::Request const defaults;
    std::string out =
        "# A scenario: simulate run --scenario FILE, simulate compare --scenario FILE.\n"
        "# Every key can also be given as a flag (check_every as --check-every); flags win.\n";
    for (world::Key const& key : world::keys()) {
        std::string value = key.get(defaults);
        if (std::string{key.name} == "topology") value = "random:10000:20000";
        if (std::string{key.name} == "strategy") value = "flood";
        if (std::string{key.name} == "ttl") value = "7";
        if (std::string{key.name} == "items") value = "100";
        if (key.kind == world::KeyKind::text) value = '"' + value + '"';
        if (key.kind == world::KeyKind::list) {
            std::string list;
            for (char const letter : value) list += letter == ',' ? "\", \"" : std::string(1, letter);
            value = "[\"" + list + "\"]";
        }
        out += "\n# " + std::string{key.description} + "\n# " + key.name + " = " + value + '\n';
    }
    return out;
}

}  // namespace praline::simulate
