#include "tools/praline/search_request.hpp"

#include <catch2/catch.hpp>

namespace search_request_test {
using namespace praline;

namespace {

webui::PriceView price(std::uint64_t messages, std::uint64_t bytes) {
    webui::PriceView price;
    price.messages = messages;
    price.bytes = bytes;
    price.first_result_seconds = 0.25;
    return price;
}

webui::IndexPriceView const indexed{2, 269, 0.94, 3, true, ""};

}  // namespace

TEST_CASE("the price of a search of the overlay tells estimates from what is known") {
    auto flooded = price(1, 90);
    flooded.origins = 2;
    flooded.reach_about = 40;
    flooded.hits_by_hops = {{2, 5}};
    REQUIRE(index_price_text(flooded).empty());
    REQUIRE(price_text(flooded) ==
            "Price: 1 message, 90 B sent by this node; reached about 40 nodes (an estimate), 2 answered.\n"
            "First file after 0.25 s, tenth not yet. Hits by hops: 5 from 2.\n");
}

TEST_CASE("a search that only the index was asked has the index's price, and reached nobody") {
    auto asked = price(0, 0);
    asked.hits_by_hops = {{0, 4}};
    asked.index = indexed;
    REQUIRE(price_text(asked) ==
            "First file after 0.25 s, tenth not yet. Hits by hops: 4 named by the index.\n"
            "Index: 2 messages, 269 B, 0.9 ms; 3 files, and it knows more.\n");
}

TEST_CASE("a search of both shows both prices") {
    auto both = price(3, 90);
    both.index = indexed;
    REQUIRE_THAT(price_text(both),
                 Catch::Contains("Price: 3 messages") && Catch::Contains("Index: 2 messages, 269 B, 0.9 ms; "));
}

}  // namespace search_request_test
