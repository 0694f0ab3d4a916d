#include "tools/simulate/report/report.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

namespace report_test {
using namespace praline::simulate;
using namespace praline::simulate::world;
using namespace praline::simulate::report;

namespace {

Report sample(StrategyName strategy, bool found) {
    Report report;
    report.topology = "file:odd \"name\",\n.gz";
    report.nodes = 200;
    report.links = 300;
    report.options.strategy = strategy;
    report.options.queries = 2;
    report.tally.add(Outcome{found, 3, 5, 100, 60, 7});
    report.tally.add(Outcome{false, 0, 0, 50, 40, 0});
    return report;
}

}  // namespace

TEST_CASE("the JSON of a run has every promised field with its value") {
    std::string const json = to_json(sample(StrategyName::flood, true));
    for (char const* field :
         {"\"success_rate\":0.5,", "\"hops_mean\":3,", "\"waited_hops_mean\":5,", "\"reach_mean\":50,",
          "\"messages_mean\":75,", "\"messages_per_node\":0.375,", "\"duplicates_mean\":25,",
          "\"nodes_visited_mean\":50,", "\"checks_mean\":3.5,", "\"nodes\":200,", "\"links\":300,", "\"queries\":2,",
          "\"seed\":1,", "\"replicas\":2,", "\"strategy\":\"flood\"", "\"ttl\":7,", "\"walkers\":null",
          R"("topology":"file:odd \"name\",\u000a.gz")"}) {
        CAPTURE(field, json);
        CHECK(json.find(field) != std::string::npos);
    }
}

TEST_CASE("a mean over nothing is null, not a number") {
    std::string const json = to_json(sample(StrategyName::random_walk, false));
    CHECK(json.find("\"hops_mean\":null") != std::string::npos);
    CHECK(json.find("\"success_rate\":0,") != std::string::npos);
    CHECK(json.find("\"walkers\":32") != std::string::npos);
    CHECK(json.find("\"ttl\":null") != std::string::npos);
}

TEST_CASE("CSV has one heading and a line for each, quoted where needed") {
    std::vector<Report> reports{sample(StrategyName::flood, true), sample(StrategyName::random_walk, false)};
    for (Report& report : reports) report.topology = "a,\"b\"";
    std::string const csv = to_csv(reports);
    CHECK(std::count(csv.begin(), csv.end(), '\n') == 3);
    CHECK(csv.rfind("topology,nodes,links,strategy,", 0) == 0);
    CHECK(csv.find("\n\"a,\"\"b\"\"\",200,300,flood,7,,,,,0.01,2,2,1,0.5,") != std::string::npos);
    auto const commas = [&](std::size_t line) {
        std::size_t begin = 0;
        while (line-- > 0) begin = csv.find('\n', begin) + 1;
        return std::count(csv.begin() + static_cast<std::ptrdiff_t>(begin),
                          csv.begin() + static_cast<std::ptrdiff_t>(csv.find('\n', begin)), ',');
    };
    CHECK(commas(1) == commas(0) + 1);  // the topology has one of its own
    CHECK(commas(2) == commas(1));
}

TEST_CASE("the table has a row for each strategy under one heading, columns in line") {
    std::vector<Report> const reports{sample(StrategyName::flood, true), sample(StrategyName::random_walk, false)};
    std::string const table = to_table(reports);
    CHECK(table.find("200 nodes, 300 links; 2 queries") != std::string::npos);
    CHECK(table.find("flood ttl 7") != std::string::npos);
    CHECK(table.find("random-walk 32") != std::string::npos);
    CHECK(table.find("75.0 ±49.0") != std::string::npos);
    CHECK(to_table({}).empty());
    std::vector<std::size_t> widths;
    std::size_t width = 0;
    for (char const letter : table.substr(table.find("strategy"))) {
        if (letter == '\n')
            widths.push_back(std::exchange(width, 0));
        else if ((static_cast<unsigned char>(letter) & 0xC0) != 0x80)
            ++width;
    }
    REQUIRE(widths.size() == 3);
    CHECK(widths[0] == widths[1]);
    CHECK(widths[1] == widths[2]);
}

TEST_CASE("a detailed report has more fields behind the others, and two tables; one that ended early says so") {
    Report report = sample(StrategyName::flood, true);
    std::string const plain = to_json(report);
    report.options.log_events = true;
    std::string const detailed = to_json(report);
    CHECK(detailed.rfind(plain.substr(0, plain.size() - 1), 0) == 0);
    CHECK(detailed.find("\"results_mean\":") != std::string::npos);
    CHECK(detailed.find("\"first_ms_mean\":null") != std::string::npos);
    CHECK(detailed.find("\"latency\":\"constant:100\",\"loss\":0,") != std::string::npos);
    CHECK(detailed.find("partial") == std::string::npos);
    CHECK(to_table(std::vector{report}).find("what it cost") != std::string::npos);
    report.options.queries = 3;
    CHECK(to_json(report).find("\"partial\":true,\"queries_wanted\":3}") != std::string::npos);
    CHECK(to_table(std::vector{report}).find("PARTIAL, of 3") != std::string::npos);
    report.topology = "grid:9x9";
    Report undetailed = report;
    undetailed.options.log_events = false;
    std::string const csv = to_csv(std::vector{report, undetailed});
    std::vector<std::ptrdiff_t> commas(1);
    for (char const letter : csv) {
        if (letter == ',') ++commas.back();
        if (letter == '\n') commas.push_back(0);
    }
    CHECK(commas == std::vector<std::ptrdiff_t>{commas[0], commas[0], commas[0], 0});
    CHECK(to_csv(std::vector{report}).find(",partial\n") != std::string::npos);
}

TEST_CASE("what was left out of an edge list is in JSON, CSV and the table, and nowhere else") {
    std::vector<Report> reports{sample(StrategyName::flood, true), sample(StrategyName::random_walk, false)};
    CHECK(to_json(reports).find("components") == std::string::npos);
    CHECK(to_csv(reports).find("components") == std::string::npos);
    for (Report& report : reports) report.components = 4, report.nodes_left_out = 7;
    CHECK(to_json(reports.front()).ends_with(",\"components\":4,\"nodes_left_out\":7}"));
    CHECK(to_csv(reports).find(",components,nodes_left_out\n") != std::string::npos);
    CHECK(to_csv(reports).ends_with(",4,7\n"));
    CHECK(to_table(reports).find("7 nodes outside the largest of 4 components left out") != std::string::npos);
}

TEST_CASE("a name that is no UTF-8 is valid JSON all the same") {
    Report report = sample(StrategyName::flood, true);
    report.topology = "file:\xFF.txt";
    CHECK(to_json(report).find(R"("topology":"file:\ufffd.txt")") != std::string::npos);
}

}  // namespace report_test
