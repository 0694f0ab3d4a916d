#include "tools/simulate/exact.hpp"

#include <catch2/catch.hpp>

#include "tools/simulate/world/topology.hpp"
#include "unit/tools/simulate/samples.hpp"

namespace exact_test {
using namespace praline::simulate;
using namespace praline::simulate::world;

TEST_CASE("a name with a comma is quoted, and found among known results") {
    auto const known =
        parse_known_floods("name,nodes,ttl,reach,messages,duplicates\n\"my, crawl\",2,1,1.00,1.00,0.00\r\n");
    REQUIRE(known.size() == 1);
    CHECK(known.front().name == "my, crawl");
    auto const lines = exact_lines("my, crawl", 2, {{1, 2, 2}}, known);
    REQUIRE(lines.size() == 1);
    CHECK(lines.front().text == "\"my, crawl\",2,1,1.00,1.00,0.00,equal");
}

TEST_CASE("floods from every node add up to what their definition says, up to the diameter") {
    for (std::string const topology :
         {"grid:6x4", "random:50:80", "power-law:60:25:0.8", "two-tier:10:3:3", "grid:2x1"}) {
        CAPTURE(topology);
        Graph const graph = make_topology(topology, 2);
        unsigned diameter = 0;
        for (Node source = 0; source < graph.nodes(); ++source)
            for (auto const& [node, distance] : samples::distances(graph, source))
                diameter = std::max(diameter, distance);
        for (unsigned const threads : {1U, 3U}) {
            auto const rows = exact_floods(graph, threads);
            REQUIRE(rows.size() == diameter);
            for (ExactRow const& row : rows) {
                samples::Counts expected;
                for (Node source = 0; source < graph.nodes(); ++source) {
                    auto const one = samples::flood(graph, source, row.ttl);
                    expected.reach += one.reach;
                    expected.messages += one.messages;
                }
                REQUIRE(row.reach == expected.reach);
                REQUIRE(row.messages == expected.messages);
            }
            CHECK(rows.back().reach == std::uint64_t{graph.nodes()} * (graph.nodes() - 1));
        }
    }
}

TEST_CASE("hundredths are rounded, not cut") {
    CHECK(two_decimals(0, 7) == "0.00");
    CHECK(two_decimals(1, 3) == "0.33");
    CHECK(two_decimals(2, 3) == "0.67");
    CHECK(two_decimals(1, 200) == "0.01");
    CHECK(two_decimals(1999, 1000) == "2.00");
    CHECK(two_decimals(21'001, 1000) == "21.00");
    CHECK(two_decimals(705, 100) == "7.05");
}

TEST_CASE("a row beside its known values is equal or it differs, a cent too much is seen") {
    std::vector<ExactRow> const rows{{1, 800, 805}, {2, 1000, 3000}};
    auto const verdict = [&](std::string const& line, unsigned ttl = 1) {
        auto const known = parse_known_floods("name,nodes,ttl,reach,messages,duplicates\n" + line + "\n");
        return exact_lines("crawl", 200, rows, known).at(ttl - 1).verdict;
    };
    CHECK(verdict("crawl,200,1,4.00,4.03,0.02") == Verdict::equal);  // 4.025 and 0.025: a half may go either way
    CHECK(verdict("crawl,200,1,4.00,4.02,0.03") == Verdict::equal);
    CHECK(verdict("crawl,200,1,4.01,4.03,0.02") == Verdict::differs);
    CHECK(verdict("crawl,200,1,4.00,4.04,0.02") == Verdict::differs);
    CHECK(verdict("crawl,200,1,4.00,4.03,0.04") == Verdict::differs);
    CHECK(verdict("crawl,201,1,4.00,4.03,0.02") == Verdict::differs);
    CHECK(verdict("crawl,200,1,4,4.03,0.02") == Verdict::differs);
    CHECK(verdict("other,200,1,4.00,4.03,0.02") == Verdict::unknown);
    CHECK(verdict("crawl,200,3,5.00,15.00,10.00", 3) == Verdict::differs);  // we have no third row
    CHECK(exact_lines("crawl", 200, rows, {}).at(1).text == "crawl,200,2,5.00,15.00,10.00");
}

TEST_CASE("a table of known results with a bad line is refused by its number") {
    CHECK_THROWS_WITH(parse_known_floods("heading\na,1,2,3,4\n"), Catch::Contains("line 2"));
    CHECK_THROWS_WITH(parse_known_floods("heading\na,1,1,3,4,5\na,x,2,3,4,5"), Catch::Contains("line 3"));
    CHECK(parse_known_floods("heading only").empty());
}

}  // namespace exact_test
