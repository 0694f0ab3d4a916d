#include "tools/praline/search_request.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

namespace search_request_test {
using namespace praline;

namespace {

boost::json::value price(std::string const& overlay, std::string const& index) {
    return boost::json::parse(
        "{" + overlay +
        R"(, "origins_at_least": false, "cached_hits": 0, "first_result_seconds": 0.25, "tenth_result_seconds": null, "index": )" +
        index + "}");
}

constexpr char indexed[] =
    R"({"messages": 2, "bytes": 269, "milliseconds": 0.94, "files": 3, "more": true, "problem": ""})";

}  // namespace

TEST_CASE("the price of a search of the overlay tells estimates from what is known") {
    auto const flooded = price(
        R"("messages": 1, "bytes": 90, "origins": 2, "reach_about": 40, "hits_by_hops": [{"hops": 2, "hits": 5}])",
        "null");
    REQUIRE(index_price_text(flooded).empty());
    REQUIRE(price_text(flooded) ==
            "Price: 1 message, 90 B sent by this node; reached about 40 nodes (an estimate), 2 answered.\n"
            "First file after 0.25 s, tenth not yet. Hits by hops: 5 from 2.\n");
}

TEST_CASE("a search that only the index was asked has the index's price, and reached nobody") {
    auto const asked =
        price(R"("messages": 0, "bytes": 0, "origins": 0, "reach_about": 0, "hits_by_hops": [{"hops": 0, "hits": 4}])",
              indexed);
    REQUIRE(price_text(asked) ==
            "First file after 0.25 s, tenth not yet. Hits by hops: 4 named by the index.\n"
            "Index: 2 messages, 269 B, 0.9 ms; 3 files, and it knows more.\n");
}

TEST_CASE("a search of both shows both prices") {
    auto const both =
        price(R"("messages": 3, "bytes": 90, "origins": 0, "reach_about": 3, "hits_by_hops": [])", indexed);
    REQUIRE_THAT(price_text(both),
                 Catch::Contains("Price: 3 messages") && Catch::Contains("Index: 2 messages, 269 B, 0.9 ms; "));
}

}  // namespace search_request_test
