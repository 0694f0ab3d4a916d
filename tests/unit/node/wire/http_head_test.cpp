#include "node/wire/http_head.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace http_head_test {
using namespace praline;
using namespace praline::wire;

namespace {

constexpr HeadLimits limits{200, 8};

WireError error_of(std::string_view head) {
    auto const block = parse_http_head(head, limits);
    REQUIRE(block.has_error());
    return block.error();
}

}  // namespace

TEST_CASE("a head is a start line and headers, folded lines joined") {
    auto const block = parse_http_head(
        "GET / HTTP/1.1 \r\nA: b\r\nLong:  one;\r\n\ttwo\r\n  three \r\nC:d\nEmpty:\r\n\r\nbody", limits);
    REQUIRE(block.has_value());
    CHECK(block->start_line == "GET / HTTP/1.1");
    CHECK(block->headers == std::vector<HeaderLine>{{"A", "b"}, {"Long", "one; two three"}, {"C", "d"}, {"Empty", ""}});
}

TEST_CASE("what two readers could take for different things is refused") {
    for (std::string const bad :
         {"A : b\r\n", "A\t: b\r\n", "no colon\r\n", ": no name\r\n", "A: b\rc\r\n", "A: b\r\r\n", "A: \x01\r\n",
          "A: \x7F\r\n", "A b: c\r\n", "\xC3\xA9: c\r\n", "A: b\r\n\rB: c\r\n"})
        CHECK(error_of("GET / HTTP/1.1\r\n" + bad + "\r\n") == WireError::bad_value);
    CHECK(error_of(std::string_view{"GET / HTTP/1.1\r\nA: b\0c\r\n\r\n", 27}) == WireError::bad_value);
    CHECK(error_of("GET / HTTP/1.1\r\n folds nothing\r\n\r\n") == WireError::bad_value);
    CHECK(error_of("\r\nGET / HTTP/1.1\r\n\r\n") == WireError::bad_value);
    CHECK(error_of("GET\r/ HTTP/1.1\r\n\r\n") == WireError::bad_value);
}

TEST_CASE("a head without its blank line is cut short, wherever it is cut") {
    std::string const head = "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n";
    for (std::size_t length = 0; length < head.size(); ++length) {
        auto const block = parse_http_head(head.substr(0, length), limits);
        CHECK(block.has_error());
        CHECK(block.error() == WireError::truncated);
    }
}

TEST_CASE("one line may take all of a head, and no more") {
    std::string const start = "GET / HTTP/1.1\r\nA: ", end = "\r\n\r\n";
    std::string const most(limits.bytes_max - start.size() - end.size(), 'x');
    CHECK(parse_http_head(start + most + end, limits)->get("A") == most);
    CHECK(error_of(start + most + 'x' + end) == WireError::limit_exceeded);
    std::string lines = "GET / HTTP/1.1\r\n";
    for (std::size_t line = 2; line < limits.lines_max; ++line) lines += line % 2 == 0 ? "A: b\r\n" : " c\r\n";
    CHECK(parse_http_head(lines + "\r\n", limits).has_value());
    CHECK(error_of(lines + " d\r\n\r\n") == WireError::limit_exceeded);
}

}  // namespace http_head_test
