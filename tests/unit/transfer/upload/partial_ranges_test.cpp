#include "transfer/upload/partial_ranges.hpp"

#include <catch2/catch.hpp>

#include "node/base/text.hpp"
#include "transfer/upload/limits.hpp"

namespace praline::upload::partial_ranges_test {

namespace {

std::optional<Span> sent(std::string_view range, std::vector<Span> const& verified) {
    return resolve_partial(parse_ranges(range), 1000, verified);
}

}  // namespace

TEST_CASE("of a partial file a range is sent that begins in a verified part, cut at the end of that part") {
    std::vector<Span> const verified{{100, 200}, {300, 400}, {900, 1000}};
    CHECK(sent("bytes=100-149", verified) == Span{100, 150});
    CHECK(sent("bytes=150-350", verified) == Span{150, 200});
    CHECK(sent("bytes=399-", verified) == Span{399, 400});
    CHECK(sent("bytes=-50", verified) == Span{950, 1000});
    CHECK(sent("bytes=950-5000", verified) == Span{950, 1000});
    CHECK_FALSE(sent("bytes=0-", verified));
    CHECK_FALSE(sent("bytes=99-150", verified));
    CHECK_FALSE(sent("bytes=200-300", verified));
    CHECK_FALSE(sent("bytes=1000-", verified));
    CHECK_FALSE(sent("bytes=100-", {}));
    CHECK(sent("bytes=0-10,310-320", verified) == Span{310, 321});
}

TEST_CASE("the parts of a partial file are listed inclusive, the longest of them when there are many") {
    CHECK(available_line({{0, 11}, {20, 31}}) == "X-Available-Ranges: bytes 0-10,20-30\r\n");
    std::vector<Span> many;
    for (std::uint64_t number = 0; number < 1000; ++number)
        many.push_back({number * 100, number * 100 + (number % 10 == 7 ? 50 : 10)});
    auto line = available_line(many);
    REQUIRE(line.ends_with("\r\n"));
    line.resize(line.size() - 2);
    CHECK(split(line, ',').size() == available_ranges_told_max);
    CHECK(line.find(",0-9") == std::string::npos);
    CHECK(line.starts_with("X-Available-Ranges: bytes "));
    std::string_view const list = std::string_view{line}.substr(line.find("bytes ") + 6);
    for (auto const part : split(list, ',')) {
        auto const dash = part.find('-');
        CHECK(*parse_number(part.substr(dash + 1)) - *parse_number(part.substr(0, dash)) == 49);
    }
}

}  // namespace praline::upload::partial_ranges_test
