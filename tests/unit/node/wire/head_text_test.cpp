#include "node/wire/head_text.hpp"

#include <catch2/catch.hpp>

namespace head_text_test {
using namespace praline;

TEST_CASE("a head ends at the first blank line, with CRLF or LF, and not before") {
    REQUIRE(wire::head_length(as_view("A: b\r\n\r\nrest")) == 8);
    REQUIRE(wire::head_length(as_view("A: b\n\nrest")) == 6);
    REQUIRE(wire::head_length(as_view("A: b\n\r\nrest")) == 7);
    REQUIRE_FALSE(wire::head_length(as_view("A: b\r\n")));
    REQUIRE_FALSE(wire::head_length(as_view("A: b\r\n\r")));
    REQUIRE_FALSE(wire::head_length(as_view("")));
}

TEST_CASE("lines are taken one by one, the last one with or without an end") {
    std::string_view text = "one\r\ntwo\n\nlast";
    REQUIRE(wire::take_line(text) == "one");
    REQUIRE(wire::take_line(text) == "two");
    REQUIRE(wire::take_line(text).empty());
    REQUIRE(wire::take_line(text) == "last");
    REQUIRE(text.empty());
}

TEST_CASE("empty lines in front of a request are counted, half of one is not") {
    REQUIRE(wire::blank_lines_length(as_view("GET / HTTP/1.1\r\n\r\n")) == 0);
    REQUIRE(wire::blank_lines_length(as_view("\r\n\r\nGET")) == 4);
    REQUIRE(wire::blank_lines_length(as_view("\r\n\r")) == 2);
    REQUIRE(wire::blank_lines_length(as_view("")) == 0);
}

}  // namespace head_text_test
