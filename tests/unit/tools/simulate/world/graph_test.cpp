#include "tools/simulate/world/graph.hpp"

#include <fstream>

#include <zlib.h>
#include <catch2/catch.hpp>

#include "unit/support/skip.hpp"

#include <filesystem>

#include "tools/simulate/world/edge_list.hpp"
#include "tools/simulate/world/graphml.hpp"
#include "tools/simulate/world/limits.hpp"
#include "unit/tools/simulate/samples.hpp"

namespace graph_test {
using namespace praline::simulate;
using namespace praline::simulate::world;
namespace samples = praline::simulate::samples;

namespace {

struct File {
    explicit File(char const* name)
        : path{(std::filesystem::temp_directory_path() / (std::string{"praline-simulate-"} + name)).string()} {}
    ~File() { std::filesystem::remove(path); }
    void gzip(std::string const& text) const {
        gzFile const file = gzopen(path.c_str(), "wb");
        REQUIRE(file != nullptr);
        REQUIRE(gzwrite(file, text.data(), static_cast<unsigned>(text.size())) == static_cast<int>(text.size()));
        gzclose(file);
    }
    void plain(std::string const& text) const { std::ofstream{path, std::ios::binary} << text; }
    std::string path;
};

}  // namespace

TEST_CASE("loops and repeats are dropped, neighbours stand in rising order") {
    Graph const graph{5, {{3, 1}, {1, 3}, {1, 3}, {2, 2}, {4, 1}, {0, 1}}};
    CHECK(graph.nodes() == 5);
    CHECK(graph.links() == 3);
    auto const of_one = graph.neighbours(1);
    CHECK(std::vector<Node>(of_one.begin(), of_one.end()) == std::vector<Node>{0, 3, 4});
    CHECK(graph.degree(2) == 0);
}

TEST_CASE("the largest component keeps its links and the order of its nodes") {
    Graph const graph{8, {{0, 1}, {2, 5}, {5, 7}, {7, 3}, {3, 2}, {4, 6}}};
    Graph const part = graph.largest_component();  // 2, 3, 5, 7 become 0, 1, 2, 3
    REQUIRE(part.nodes() == 4);
    CHECK(part.links() == 4);
    CHECK(samples::neighbours(part, 0) == std::set<Node>{1, 2});
    CHECK(samples::neighbours(part, 3) == std::set<Node>{1, 2});
    CHECK(Graph{4, {{0, 1}, {2, 3}}}.largest_component().nodes() == 2);
    CHECK(Graph{}.largest_component().nodes() == 0);
    auto const largest = Graph{6, {{0, 1}, {2, 3}, {3, 4}}}.largest();
    CHECK(largest.components == 3);
    CHECK(largest.nodes_of_whole == 6);
    CHECK(largest.graph.nodes() == 3);
    CHECK(Graph{2, {{0, 1}}}.largest().components == 1);
}

TEST_CASE("an edge list may have comments, tabs, blanks, other line ends, further columns and gaps in its numbers") {
    EdgeListParser parser;
    parser.feed("# a comment\n\n10\t20\r\n 20 4000000000 17\n20,10\n  # another");
    Graph const graph = parser.finish();
    CHECK(graph.nodes() == 3);
    CHECK(graph.links() == 2);
    CHECK(samples::neighbours(graph, 1) == std::set<Node>{0, 2});
}

TEST_CASE("a line that is not two numbers is refused by its number") {
    for (char const* bad : {"1", "1 x", "x 1", "1 2x", "-1 2", "1 18446744073709551616", "1.5 2"}) {
        EdgeListParser parser;
        parser.feed("1 2\n");
        CHECK_THROWS_WITH(parser.feed(std::string{bad} + '\n'), Catch::Contains("line 2"));
    }
}

TEST_CASE("an edge list is read gzipped and plain alike") {
    std::string const text = "# two links\n0\t1\n1\t2";  // the last line without an end
    File const zipped{"zipped.gz"}, plain{"plain.txt"};
    zipped.gzip(text);
    plain.plain(text);
    for (auto const& path : {zipped.path, plain.path}) {
        Graph const graph = read_edge_list(path);
        CHECK(graph.nodes() == 3);
        CHECK(graph.links() == 2);
    }
}

TEST_CASE("nodes may have names, which are numbered in their order whatever the order of the lines") {
    EdgeListParser parser{NodeIds::names}, turned{NodeIds::names};
    parser.feed("Source,Target\n\"node one\",zoë\r\n% a comment\nzoë;7 weight\n7 \"node one\"\n");
    turned.feed("7 zoë\n\"node one\" 7\nzoë \"node one\"\n7 zoë");
    Graph const graph = parser.finish(), other = turned.finish();
    CHECK(graph.nodes() == 3);
    CHECK(graph.links() == 3);
    for (Node node = 0; node < 3; ++node) CHECK(samples::neighbours(graph, node) == samples::neighbours(other, node));
    EdgeListParser row{NodeIds::names};
    row.feed("h g\ng f\nd e\nf e\nb a\nc b\nd c\n");
    Graph const in_order = row.finish();
    REQUIRE(in_order.nodes() == 8);
    for (Node node = 1; node < 7; ++node)
        CHECK(samples::neighbours(in_order, node) == std::set<Node>{node - 1, node + 1});
    for (char const* bad : {"one", "\"one two", "\"\" two", "one \"two"}) {
        EdgeListParser refusing{NodeIds::names};
        refusing.feed("a b\n");
        CHECK_THROWS_WITH(refusing.feed(std::string{bad} + '\n'), Catch::Contains("line 2"));
    }
}

TEST_CASE("GraphML gives nodes and edges, and what is no simple graph is refused") {
    std::string const text =
        "<?xml version=\"1.0\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\"><key id=\"d0\" "
        "for=\"node\"/>"
        "<graph edgedefault=\"undirected\"><node id=\"a\"><data key=\"d0\">5</data></node><node id=\"b\"/>"
        "<edge source=\"a\" target=\"b\"/><edge source=\"b\" target=\"c &amp; d\"/></graph></graphml>";
    Graph const graph = parse_graphml(text);
    CHECK(graph.nodes() == 3);
    CHECK(samples::neighbours(graph, 1) == std::set<Node>{0, 2});
    File const file{"graph.graphml"};
    file.gzip("\xEF\xBB\xBF " + text);
    CHECK(read_edge_list(file.path).links() == 2);
    for (char const* bad :
         {"<graphml>", "<html></html>", "<graphml><graph><edge source=\"a\"/></graph></graphml>",
          "<graphml><graph><node/></graph></graphml>", "<graphml><graph><hyperedge/></graph></graphml>",
          "<graphml><graph/><graph/></graphml>", "<graphml><graph><node id=\"a\"><graph/></node></graph></graphml>",
          "<!DOCTYPE x><graphml/>"}) {
        CAPTURE(bad);
        CHECK_THROWS_AS(parse_graphml(bad), BadInput);
    }
}

TEST_CASE("an edge list that zstd has compressed is read, and one that is cut is refused") {
    std::string const text = "0 1\n1 2\n";
    // One frame of one raw block: magic, its size in one byte, the block's header (last, raw, so many bytes).
    std::string const frame = std::string{"\x28\xB5\x2F\xFD\x20\x08\x41\x00\x00", 9} + text;
    File const whole{"list.zst"}, cut{"cut.zst"};
    whole.plain(frame);
    cut.plain(frame.substr(0, frame.size() - 1));
    try {
        CHECK(read_edge_list(whole.path).links() == 2);
    } catch (BadInput const& error) {
        CHECK_THAT(error.what(), Catch::Contains("was built without"));
        praline::test::skip("zstd was not there at build time");
        return;
    }
    CHECK_THROWS_AS(read_edge_list(cut.path), BadInput);
}

TEST_CASE("a file that is missing, cut short or no edge list is refused with a sentence") {
    CHECK_THROWS_AS(read_edge_list("no/such/file"), BadInput);
    File const cut{"cut.gz"}, endless{"endless.txt"};
    std::string text;
    for (int i = 0; i < 5000; ++i) text += std::to_string(i * 7919 % 100'003) + '\t' + std::to_string(i) + '\n';
    cut.gzip(text);
    std::filesystem::resize_file(cut.path, std::filesystem::file_size(cut.path) / 2);
    CHECK_THROWS_AS(read_edge_list(cut.path), BadInput);
    endless.plain(std::string(2 * line_bytes_max, '1'));
    CHECK_THROWS_AS(read_edge_list(endless.path), BadInput);
}

}  // namespace graph_test
