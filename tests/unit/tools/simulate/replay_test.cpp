#include <catch2/catch.hpp>

#include "tools/simulate/replay.hpp"

namespace replay_test {
using namespace praline;
using namespace praline::simulate;
using namespace praline::simulate::world;
using Catch::Matchers::Contains;

TEST_CASE("a replay asks the queries it is given, of the nodes it is given") {
    // 0 - 1 - 2 - 3 - 4 - 5 - 6, and 1 - 7
    Graph const graph{8, {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 6}, {1, 7}}};
    auto const placement = read_placement("3 0 # in the middle\n\n6 1\n3 1\n", 8);
    REQUIRE(placement == std::vector<std::vector<Node>>{{3}, {3, 6}});
    auto const queries = read_queries(
        "source=0 item=0 ttl=2\n"
        "source=0 item=1 strategy=flood ttl=200\n"
        "source=0 item=0 strategy=expanding-ring results=1\n"
        "source=6 item=0 strategy=random-walk walkers=1 check_every=0 max_steps=4 state=yes\n",
        8, 2);
    auto const results = replay(graph, placement, queries, 4);
    REQUIRE(results.size() == 4);
    CHECK(results[0].reached == std::vector<Node>{1, 2, 7});
    CHECK(!results[0].found);
    CHECK(results[1].reached == std::vector<Node>{1, 2, 3, 4, 7});  // hops and TTL are trimmed at 4
    CHECK(results[1].messages == 5);
    CHECK(results[1].results == 1);
    CHECK(results[2].messages == 1 + 4);  // rings of TTL 1 and 3
    CHECK(results[2].found);
    CHECK(results[3].messages >= 3);
    CHECK_THAT(to_json_lines(results), Contains("\"strategy\":\"expanding-ring\"") && Contains("\"reached\":[1,2,7]}"));
}

TEST_CASE("what is wrong with a replay's input is said with its line") {
    auto const refusal = [](std::string const& text) {
        try {
            (void)read_queries(text, 5, 2);
        } catch (BadInput const& error) {
            return std::string{error.what()};
        }
        return std::string{};
    };
    CHECK_THAT(refusal("\nsource=5 item=1"), Contains("line 2") && Contains("node"));
    CHECK_THAT(refusal("source=1 item=2"), Contains("item that somebody holds"));
    CHECK_THAT(refusal("source=1 item=1 ttl=256"), Contains("TTL"));
    CHECK_THAT(refusal("source=1 item=1 strategy=hope"), Contains("hope"));
    CHECK_THAT(refusal("source=1 item=1 guid=12"), Contains("GUID"));
    CHECK_THAT(refusal("source=1 item=1 colour=red"), Contains("colour"));
    CHECK_THAT(refusal("source=1"), Contains("no item"));
    CHECK_THROWS_AS(read_placement("9 1", 5), BadInput);
    CHECK_THROWS_AS(read_placement("1 x", 5), BadInput);
    CHECK_THROWS_AS(read_placement("1 99999999", 5), BadInput);
}

}  // namespace replay_test
