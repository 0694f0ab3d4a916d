#include "tools/simulate/world/edge_list.hpp"

#include <catch2/catch.hpp>

#include "tools/simulate/world/limits.hpp"

namespace edge_list_test {
using namespace praline::simulate;
using namespace praline::simulate::world;

namespace {

std::vector<Link> links_of(std::string_view text, std::size_t piece = std::string_view::npos) {
    EdgeListParser parser;
    for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) parser.feed(text.substr(0, piece));
    Graph const graph = parser.finish();
    std::vector<Link> links;
    for (Node node = 0; node < graph.nodes(); ++node)
        for (Node const next : graph.neighbours(node))
            if (node < next) links.emplace_back(node, next);
    return links;
}

std::vector<Link> const square{{0, 1}, {0, 3}, {1, 2}, {2, 3}};

}  // namespace

TEST_CASE("edge lists are read as they are published") {
    CHECK(links_of("# SNAP\n# FromNodeId\tToNodeId\n0\t1\n1\t2\n2\t3\n3\t0\n") == square);
    CHECK(links_of("% sym unweighted\n% 4 4 4\n0 1\n1 2\n2 3\n3 0") == square);
    CHECK(links_of("// comment\n0 1 0.5 1099\n1 2 1\n2 3 2\n3 0 7\n") == square);
    CHECK(links_of("\xEF\xBB\xBF"
                   "0 1\n1 2\n2 3\n3 0\n") == square);
    CHECK(links_of("\xEF\xBB\xBF"
                   "# comment\n0 1\n1 2\n2 3\n3 0\n") == square);
    CHECK(links_of("0 1\r\n1 2\r\n\r\n2 3\r\n3 0\r\n") == square);
    CHECK(links_of("0 1\r1 2\r2 3\r3 0\r") == square);
    CHECK(links_of("0,1\n1, 2\n2 ;3\n 3;0;4\n") == square);
    CHECK(links_of("source,target\n0,1\n1,2\n2,3\n3,0\n") == square);
    CHECK(links_of("\"id_1\";\"id_2\"\n0;1\n1;2\n2;3\n3;0\n") == square);
    CHECK(links_of("%%MatrixMarket matrix coordinate pattern symmetric\n% comment\n4 4 4\n1 2\n2 3\n3 4\n4 1\n") ==
          square);
}

TEST_CASE("node numbers may be any of 64 bits, and keep their order") {
    CHECK(links_of("5000000000 6000000000\n6000000000 18446744073709551615\n18446744073709551615 7\n7 5000000000\n") ==
          std::vector<Link>{{0, 1}, {0, 3}, {1, 2}, {2, 3}});
    CHECK(links_of("0 1\n1 4294967296\n4294967296 4294967297\n4294967297 0\n") == square);
}

TEST_CASE("pieces of any size give the same graph") {
    std::string_view const text = "\xEF\xBB\xBF% a\r\n0 1\r\n1\t2\r2,3\n\r\n3 0";
    for (std::size_t piece = 1; piece < text.size(); ++piece) CHECK(links_of(text, piece) == square);
}

TEST_CASE("what is no edge list is refused by the number of its line") {
    CHECK_THROWS_WITH(links_of("# a\n\n1 2\n1 x\n"), Catch::Contains("line 4"));
    CHECK_THROWS_WITH(links_of("# a\r\n\r\n1 2\r\n1\r\n"), Catch::Contains("line 4"));
    CHECK_THROWS_WITH(links_of("one 2\n"), Catch::Contains("line 1"));
    CHECK_THROWS_WITH(links_of("one\n"), Catch::Contains("line 1"));
    CHECK_THROWS_WITH(links_of("a b\nc d\n"), Catch::Contains("line 2"));
    CHECK_THROWS_WITH(links_of("1 2\na b\n"), Catch::Contains("line 2"));
    for (auto const text : {"-1 2\n", "1.5 2\n", "1 18446744073709551616\n", "1:2\n", "1 2x\n"})
        CHECK_THROWS_AS(links_of(text), BadInput);
    CHECK_THROWS_WITH(links_of("1 2\n" + std::string(line_bytes_max + 1, '7')), Catch::Contains("line 2"));
    CHECK(links_of('#' + std::string(2 * line_bytes_max, '7') + "\n0 1\n") == std::vector<Link>{{0, 1}});
}

}  // namespace edge_list_test
