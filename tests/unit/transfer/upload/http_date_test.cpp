#include "transfer/upload/http_date.hpp"

#include <catch2/catch.hpp>

namespace praline::upload::http_date_test {

TEST_CASE("dates are written as HTTP wants them") {
    CHECK(http_date(784'111'777) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
    CHECK(http_date(-1) == "Wed, 31 Dec 1969 23:59:59 GMT");
    CHECK(http_date(1'709'164'800) == "Thu, 29 Feb 2024 00:00:00 GMT");
    CHECK(http_date(std::int64_t{1} << 60).empty());
}

TEST_CASE("all three forms of a date are read") {
    CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == 784'111'777);
    CHECK(parse_http_date(" Sunday, 06-Nov-94 08:49:37 GMT ") == 784'111'777);
    CHECK(parse_http_date("Sun Nov  6 08:49:37 1994") == 784'111'777);
    CHECK(parse_http_date("Fri, 01 Jan 2038 00:00:00 GMT") == 2'145'916'800);
    for (std::int64_t at = -2'000'000'000; at < 20'000'000'000; at += 86'400'017)
        CHECK(parse_http_date(http_date(at)) == at);
}

TEST_CASE("what is no date is none") {
    for (auto const text :
         {"", "yesterday", "0", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
          "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 8:49:37 GMT",
          "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 194 08:49:37 GMT"})
        CHECK_FALSE(parse_http_date(text));
}

}  // namespace praline::upload::http_date_test
