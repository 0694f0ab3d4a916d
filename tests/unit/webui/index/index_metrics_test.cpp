#include <cstdlib>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <catch2/catch.hpp>

#include "unit/webui/index/fake_server.hpp"
#include "webui/index/index_views.hpp"

namespace praline::webui::index_metrics_test {
namespace {

struct Family {
    std::string type;
    bool help = false;
    std::vector<std::pair<std::string, double>> samples;
};

/// Reads the text format as strictly as its description allows; throws on anything else.
std::map<std::string, Family> parse(std::string const& text) {
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

}  // namespace

TEST_CASE("the metrics are of Prometheus' text format") {
    auto const families = parse(prometheus_text(sample_status(), "0.1.0"));
    for (auto const& [name, family] : families) {
        INFO(name);
        REQUIRE(name.starts_with("praline_index_"));
        REQUIRE(family.help);
        REQUIRE_FALSE(family.type.empty());
        REQUIRE((family.type == "counter") == name.ends_with("_total"));
        REQUIRE_FALSE(family.samples.empty());
    }
    REQUIRE(families.at("praline_index_writes_total").samples.at(0).second == 12);
    REQUIRE(families.at("praline_index_load_ratio").samples.at(0).second == Approx(0.2));
    REQUIRE(families.at("praline_index_search_seconds").samples.size() == 5);
    REQUIRE(families.at("praline_index_search_seconds").samples.at(2) ==
            std::pair<std::string, double>{R"(praline_index_search_seconds{quantile="0.99"})", 0.004});
    REQUIRE(families.at("praline_index_search_seconds").samples.at(3).second == 2);
    REQUIRE(families.at("praline_index_member_writes_missing").samples.size() == 2);
}

TEST_CASE("a label's value may hold anything") {
    auto const text = prometheus_text(sample_status(), "a\"b\\c\nd");
    REQUIRE_THAT(text, Catch::Contains(R"(version="a\"b\\c\nd")"));
    REQUIRE_NOTHROW(parse(text));
}

TEST_CASE("a group of one has members' families without samples, and that is well-formed") {
    auto status = sample_status();
    status.members.clear();
    REQUIRE(parse(prometheus_text(status, "0.1.0")).at("praline_index_member_direct").samples.empty());
}

}  // namespace praline::webui::index_metrics_test
