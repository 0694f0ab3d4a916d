#pragma once

#include <cstdlib>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace praline::webui {

/// Of a text for Prometheus.
struct Family {
    std::string type;
    bool help = false;
    std::vector<std::pair<std::string, double>> samples;
};

/// Reads the text format as strictly as its description allows; throws on anything else.
inline std::map<std::string, Family> parse(std::string const& text) {
    static std::regex const help{R"(# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) [^\n]+)"};
    static std::regex const type{R"(# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|summary))"};
    static std::regex const sample{
        R"re(([a-zA-Z_:][a-zA-Z0-9_:]*)(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*",?)+\})? (\S+))re"};
    std::map<std::string, Family> families;
    std::set<std::string> closed, series;
    std::string current;
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) {
        std::smatch found;
        if (std::regex_match(line, found, help) || std::regex_match(line, found, type)) {
            bool const is_type = found.size() == 3;
            if (current != found[1]) {
                if (!closed.insert(current).second || families.contains(found[1]))
                    throw std::runtime_error{"a family comes twice: " + line};
                current = found[1];
            }
            if (is_type)
                families[current].type = found[2];
            else
                families[current].help = true;
        } else if (std::regex_match(line, found, sample)) {
            std::string const name = found[1];
            bool const part =
                families.at(current).type == "summary" && (name == current + "_sum" || name == current + "_count");
            if (name != current && !part) throw std::runtime_error{"a sample of another family: " + line};
            if (!series.insert(line.substr(0, line.rfind(' '))).second)
                throw std::runtime_error{"a series comes twice: " + line};
            char* end = nullptr;
            std::string const value = found[found.size() - 1];
            families[current].samples.emplace_back(line.substr(0, line.rfind(' ')), std::strtod(value.c_str(), &end));
            if (*end != '\0') throw std::runtime_error{"not a number: " + line};
        } else {
            throw std::runtime_error{"not of the format: " + line};
        }
    }
    if (!text.ends_with('\n')) throw std::runtime_error{"the last line must end too"};
    return families;
}

/// What linters of Prometheus ask for.
inline bool is_well_named(std::string const& name, Family const& family) {
    return family.help && !family.type.empty() && (family.type == "counter") == name.ends_with("_total");
}

}  // namespace praline::webui
