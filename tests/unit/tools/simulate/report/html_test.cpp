#include "tools/simulate/report/html.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "tools/simulate/report/svg.hpp"
#include "tools/simulate/report/text_forms.hpp"
#include "tools/simulate/run.hpp"
#include "tools/simulate/world/topology.hpp"

namespace html_test {
using namespace praline::simulate;
using namespace praline::simulate::world;
using namespace praline::simulate::report;

namespace {

std::vector<Report> compared(Graph const& graph, unsigned threads) {
    std::vector<Report> reports;
    for (StrategyRow const& row : strategy_rows()) {
        RunOptions options;
        options.strategy = row.id;
        options.queries = 60;
        options.threads = threads;
        options.log_events = true;
        reports.push_back({"random:200:500", graph.nodes(), graph.links(), options, run(graph, options)});
    }
    return reports;
}

std::size_t count(std::string const& text, std::string const& what) {
    std::size_t found = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
    return found;
}

}  // namespace

TEST_CASE("a report is one page that asks for nothing else, the same on any number of threads") {
    Graph const graph = make_topology("random:200:500", 1);
    GraphFacts const facts = facts_of(graph, 1);
    std::string const page = to_html(compared(graph, 1), facts, "simulate compare --x 'a<b'");
    CHECK(page == to_html(compared(graph, 3), facts, "simulate compare --x 'a<b'"));
    for (char const* const foreign : {"http:", "https:", "src=", "href=", "@import", "url(", "<script"})
        CHECK(count(page, foreign) == 0);
    CHECK(page.find("simulate compare --x 'a&lt;b'") != std::string::npos);
    CHECK(count(page, "<svg") == count(page, "</svg>"));
    CHECK(count(page, "<figure") == 12);
    CHECK(page.find("nan") == std::string::npos);
    CHECK(page.find("inf\"") == std::string::npos);
    CHECK(page.find("Partial") == std::string::npos);
}

TEST_CASE("a partial report says so, and one that found nothing has no gaps that break it") {
    Graph const graph = make_topology("grid:30x30", 1);
    RunOptions options;
    options.replication = 0.0012;
    options.ttl = 1;
    options.queries = 20;
    Report report{"grid:30x30", graph.nodes(), graph.links(), options, run(graph, options)};
    report.options.queries = 30;
    report.tally.found = 0;
    std::string const page = to_html(std::vector{report}, facts_of(graph, 1), "simulate");
    CHECK(page.find("Partial") != std::string::npos);
    CHECK(page.find("nan") == std::string::npos);
}

TEST_CASE("figures have the digits that their interval knows of") {
    CHECK(decimals_of({691'411, 2'815}, 1) == 0);
    CHECK(decimals_of({1.37743, 0.00123}, 2) == 4);
    CHECK(decimals_of({1.5, 0}, 4) == 1);
    CHECK(decimals_of({2, 0}, 4) == 0);
    CHECK(grouped(1234567.25, 1) == "1,234,567.2");
    CHECK(grouped(-1234.0, 0) == "-1,234");
    CHECK(grouped(999.5, 1) == "999.5");
}

TEST_CASE("what is wider than a phone can be reached by keys, and no mark stands on an edge") {
    Graph const graph = make_topology("random:200:500", 1);
    std::string const page = to_html(compared(graph, 1), facts_of(graph, 1), "simulate");
    CHECK(count(page, "<div class=\"wide") == count(page, "tabindex=\"0\" role=\"region\" aria-label=\"") + 1);
    auto const roomy = svg::Axis::linear(0, 1, "x").with_room(0.05);
    CHECK(roomy.place(1) == Approx(0.95));
    CHECK(roomy.place(0) == Approx(0.05));
    CHECK(count(page, "class=\"name\"") == strategy_rows().size());
}

TEST_CASE("axes end at round numbers and name some on the way") {
    svg::Axis const linear = svg::Axis::linear(0, 437, "x");
    CHECK(linear.ticks().front().label == "0");
    CHECK(linear.ticks().back().label == "500");
    CHECK(linear.place(250) == Approx(0.5));
    CHECK(linear.place(9999) == 1);
    svg::Axis const logarithmic = svg::Axis::logarithmic(20, 70'000, "x");
    CHECK(logarithmic.ticks().front().label == "10");
    CHECK(logarithmic.ticks().back().label == "100k");
    CHECK(logarithmic.place(1000) == Approx(0.5));
    CHECK(svg::Axis::linear(3, 3, "x").place(3) == 0);
}

TEST_CASE("the facts on a grid are those that anybody can count") {
    GraphFacts const facts = facts_of(make_topology("grid:5x4", 1), 1);
    CHECK(facts.links == 31);
    CHECK(facts.degree_mean == Approx(3.1));
    CHECK(facts.degree_median == 3);
    CHECK(facts.degrees == std::vector<std::uint64_t>{0, 0, 4, 10, 6});
    CHECK(facts.clustering == 0);
    CHECK(facts.distance_sources == 20);
    CHECK(facts.distance_mean == Approx(3.0));  // (n + m) / 3 with each pair counted both ways, for sides of n and m
    CHECK(facts.distances.size() == 8);
    CHECK(facts_of(make_topology("small-world:60:4:0", 1), 1).clustering == Approx(0.5));
}

}  // namespace html_test
