#include "node/wire/head_lines.hpp"

#include <vector>

#include <catch2/catch.hpp>

namespace head_lines_test {
using namespace praline;
using namespace praline::wire;

namespace {

struct Lines final : HeadVisitor {
    std::optional<WireError> start_line(std::string_view line) override {
        all.emplace_back(line);
        return std::nullopt;
    }
    std::optional<WireError> field(std::string_view name, std::string_view value) override {
        all.push_back(std::string{name} + '=' + std::string{value});
        if (name == "Refused") return WireError::unknown_type;
        return std::nullopt;
    }
    std::vector<std::string> all;
};

constexpr HeadRules strict{200, 5, 60, true}, lenient{200, 5, 60, false};

std::vector<std::string> read(std::string_view head, HeadRules const& rules) {
    Lines lines;
    REQUIRE_FALSE(read_head(head, rules, lines));
    return lines.all;
}

std::optional<WireError> error_of(std::string_view head, HeadRules const& rules) {
    Lines lines;
    return read_head(head, rules, lines);
}

}  // namespace

TEST_CASE("lines that continue a field are joined to it, and nothing behind the blank line is read") {
    std::string_view const head =
        "GET /\r\nA: b\nLong: one; \r\n\t two\r\n   three\r\nEmpty:\r\n last\r\n\r\n body: x\r\n";
    std::vector<std::string> const wanted{"GET /", "A=b", "Long=one; two three", "Empty=last"};
    CHECK(read(head, {200, 7, 60, true}) == wanted);
    CHECK(read(head, lenient) == wanted);
}

TEST_CASE("what is no field is refused, or left out with what continues it") {
    for (std::string const bad : {"no colon\r\n", ": no name\r\n", "no colon\r\n Length: 9\r\n"}) {
        CHECK(error_of("GET /\r\n" + bad + "A: b\r\n\r\n", strict) == WireError::bad_value);
        CHECK(read("GET /\r\n" + bad + "A: b\r\n\r\n", lenient) == std::vector<std::string>{"GET /", "A=b"});
    }
    CHECK(error_of("GET /\r\n Length: 9\r\n\r\n", strict) == WireError::bad_value);
    CHECK(read("GET /\r\n Length: 9\r\n\r\n", lenient) == std::vector<std::string>{"GET /"});
    CHECK(error_of("GET /\r\nA : b\r\n\r\n", strict) == WireError::bad_value);
    CHECK(read("GET /\r\nA : b\x01\r\n\r\n", lenient) == std::vector<std::string>{"GET /", "A=b\x01"});
}

TEST_CASE("a head without its blank line is cut short, or as good as any") {
    CHECK(error_of("GET /\r\nA: b\r\n", strict) == WireError::truncated);
    CHECK(error_of("GET /\r\nA: b", strict) == WireError::truncated);
    CHECK(read("GET /\r\nA: b", lenient) == std::vector<std::string>{"GET /", "A=b"});
    CHECK(error_of("", strict) == WireError::truncated);
    CHECK(read("", lenient).empty());
}

TEST_CASE("lines, their number and the whole have limits") {
    std::string const long_value(57, 'x');
    for (auto const& rules : {strict, lenient}) {
        CHECK_FALSE(error_of("GET /\nA: b\nA: b\nA: b\nA: b\n\n", rules));
        CHECK(error_of("GET /\nA: b\nA: b\nA: b\nA: b\nA: b\n\n", rules) == WireError::limit_exceeded);
        CHECK_FALSE(error_of("GET /\nA: " + long_value + "\n\n", rules));
        CHECK(error_of("GET /\nA: x" + long_value + "\n\n", rules) == WireError::limit_exceeded);
        CHECK(error_of("GET /\nA: x\n " + long_value + "\n\n", rules) == WireError::limit_exceeded);
        CHECK(error_of("GET /" + long_value + "\n\n", rules) == WireError::limit_exceeded);
        CHECK(error_of("GET /\n\n" + std::string(200, 'x'), rules) == WireError::limit_exceeded);
    }
    std::string const folded = "GET /\nA: b\n 1\n 2\n 3\n 4\n\n";
    CHECK(error_of(folded, strict) == WireError::limit_exceeded);
    CHECK(read(folded, lenient) == std::vector<std::string>{"GET /", "A=b 1 2 3 4"});
}

TEST_CASE("what the visitor refuses ends the reading") {
    Lines lines;
    CHECK(read_head("GET /\r\nRefused: x\r\nA: b\r\n\r\n", strict, lines) == WireError::unknown_type);
    CHECK(lines.all == std::vector<std::string>{"GET /", "Refused=x"});
}

}  // namespace head_lines_test
