#include "node/wire/handshake.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "unit/node/wire/vectors.hpp"

namespace handshake_test {
using namespace praline;
using namespace praline::wire;

namespace {

struct Outcome {
    std::optional<HeaderBlock> block;
    std::optional<WireError> error;
    std::size_t consumed = 0;
    bool operator==(Outcome const&) const = default;
};

/// Feeds the text in pieces, whose sizes `next_size` chooses.
template <class NextSize>
Outcome parse(std::string_view text, NextSize next_size) {
    HeaderBlockParser parser;
    std::size_t consumed = 0;
    while (!text.empty() && !parser.done()) {
        auto const piece = text.substr(0, next_size());
        auto const taken = parser.feed(as_view(piece));
        if (!taken) return {std::nullopt, taken.error(), parser.consumed()};
        consumed += *taken;
        text.remove_prefix(*taken);
    }
    REQUIRE(parser.consumed() == consumed);
    return {parser.done() ? std::optional{parser.block()} : std::nullopt, std::nullopt, consumed};
}

/// In one piece; and in any pieces with the same outcome.
Outcome parse(std::string_view text) {
    auto const whole = parse(text, [] { return std::string_view::npos; });
    REQUIRE(parse(text, [] { return std::size_t{1}; }) == whole);
    Rng rng{text.size()};
    for (int i = 0; i < 5; ++i) REQUIRE(parse(text, [&] { return 1 + rng.below(40); }) == whole);
    return whole;
}

WireError error_of(std::string_view text) {
    auto const outcome = parse(text);
    REQUIRE(outcome.error.has_value());
    return *outcome.error;
}

std::string lines(std::size_t count, std::size_t bytes) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += "H: " + std::string(bytes - 3, 'x') + "\r\n";
    return text;
}

}  // namespace

TEST_CASE("a block is read up to its empty line and no further") {
    std::string const text = "GNUTELLA CONNECT/0.6\r\nUser-Agent: Test/1\r\nX-Ultrapeer:True\r\n\r\n";
    auto const outcome = parse(text + "binary: \x01\x02");
    REQUIRE(outcome.block.has_value());
    REQUIRE(outcome.consumed == text.size());
    REQUIRE(outcome.block->start_line == "GNUTELLA CONNECT/0.6");
    REQUIRE(outcome.block->headers == std::vector<HeaderLine>{{"User-Agent", "Test/1"}, {"X-Ultrapeer", "True"}});
    REQUIRE(outcome.block->get("x-ULTRApeer") == "True");
    REQUIRE_FALSE(outcome.block->has("X-Ultra"));
}

TEST_CASE("bare line feeds, repeated headers and continued lines are understood") {
    auto const block =
        parse("GNUTELLA/0.6 200 OK\nX-Try: 1.2.3.4:5\nX-Other: x\nX-TRY: 2.3.4.5:6,\n \t 3.4.5.6:7\nEmpty:\n\n").block;
    REQUIRE(block.has_value());
    REQUIRE(block->get("X-Try") == "1.2.3.4:5, 2.3.4.5:6, 3.4.5.6:7");
    REQUIRE(block->get("Empty") == "");
    REQUIRE_FALSE(block->get("Missing").has_value());
}

TEST_CASE("a block that has not ended is neither done nor wrong, wherever it is cut") {
    std::string const text = "GET / HTTP/1.1\r\nHost: here\r\nRange: bytes=0-\r\n\r\n";
    for (std::size_t length = 0; length < text.size(); ++length) {
        auto const outcome = parse(text.substr(0, length));
        REQUIRE_FALSE(outcome.block.has_value());
        REQUIRE_FALSE(outcome.error.has_value());
        REQUIRE(outcome.consumed == length);
    }
}

TEST_CASE("what is no header block is refused") {
    REQUIRE(error_of("\r\n") == WireError::bad_value);
    REQUIRE(error_of("  \r\n") == WireError::bad_value);
    REQUIRE(error_of("A B\r\nno colon here\r\n") == WireError::bad_value);
    REQUIRE(error_of("A B\r\n: no name\r\n") == WireError::bad_value);
    REQUIRE(error_of("A B\r\nname : blank before the colon\r\n") == WireError::bad_value);
    REQUIRE(error_of("A B\r\n continues nothing\r\n") == WireError::bad_value);
    REQUIRE(error_of("A B\r\nX: a\rb\r\n") == WireError::bad_value);
    REQUIRE(error_of("A B\r\nX: a\r\r\n") == WireError::bad_value);
    REQUIRE(error_of(std::string_view{"A B\r\nX: a\0b\r\n", 13}) == WireError::bad_value);
    REQUIRE(error_of("\x16\x03\x01") == WireError::bad_value);
}

TEST_CASE("a line of 1024 bytes passes, one more does not") {
    for (auto const end : {"\n", "\r\n"}) {
        std::string const rest = std::string{end} + end;
        REQUIRE(parse(std::string(header_line_bytes_max, 'x') + rest).block.has_value());
        REQUIRE(error_of(std::string(header_line_bytes_max + 1, 'x') + rest) == WireError::limit_exceeded);
    }
    // Without any line end it stops at the limit, not at the end of memory.
    auto const endless = parse(std::string(100000, 'x'));
    REQUIRE(endless.error == WireError::limit_exceeded);
    REQUIRE(endless.consumed <= header_line_bytes_max + 1);
}

TEST_CASE("128 lines pass, one more does not") {
    REQUIRE(parse("A B\r\n" + lines(header_lines_max - 1, 10) + "\r\n").block->headers.size() == header_lines_max - 1);
    REQUIRE(error_of("A B\r\n" + lines(header_lines_max, 10) + "\r\n") == WireError::limit_exceeded);
}

TEST_CASE("a block of more than 16384 bytes is refused at its end or before") {
    auto const outcome = parse("A B\r\n" + lines(40, 1000) + "\r\n");
    REQUIRE(outcome.error == WireError::limit_exceeded);
    REQUIRE(outcome.consumed <= header_block_bytes_max + 1);
    REQUIRE(parse("A B\r\n" + lines(16, 1000) + "\r\n").block.has_value());
}

TEST_CASE("an error stays") {
    HeaderBlockParser parser;
    REQUIRE(parser.feed(as_view("\r\n")).has_error());
    REQUIRE(parser.feed(as_view("A B\r\n\r\n")).has_error());
}

TEST_CASE("a parser that handed over its block begins anew") {
    HeaderBlockParser parser;
    for (std::string const name : {"first", "second"}) {
        REQUIRE(parser.feed(as_view(name + " line\r\nA: b\r\n\r\n")).has_value());
        REQUIRE(parser.done());
        REQUIRE(parser.take().start_line == name + " line");
        REQUIRE_FALSE(parser.done());
    }
}

TEST_CASE("garbage in any chunks gives one answer") {
    Rng rng{5};
    constexpr std::string_view letters = "AB: \r\n\n\r\n\t,x";
    for (int i = 0; i < 2000; ++i) {
        std::string text = i % 2 == 0 ? "A B\r\n" : "";
        for (auto left = rng.below(60); left > 0; --left) text.push_back(letters[rng.below(letters.size())]);
        static_cast<void>(parse(text));
    }
}

TEST_CASE("what is written is read back, and no value can smuggle in a header") {
    HeaderBlock block;
    block.start_line = "GNUTELLA/0.6 200 OK";
    block.add("User-Agent", "Praline/0.1");
    block.add("X-Try", "1.2.3.4:5");
    REQUIRE(parse(block.text()).block == block);
    block.add("X-Name", "evil\r\nX-Ultrapeer: True");
    auto const read = parse(block.text()).block;
    REQUIRE(read->headers.size() == 3);
    REQUIRE_FALSE(read->has("X-Ultrapeer"));
}

TEST_CASE("versions compare part by part") {
    REQUIRE(parse_version("0.6") == Version{0, 6});
    REQUIRE(parse_version(" 1.1 ") == Version{1, 1});
    REQUIRE(parse_version("2") == Version{2, 0});
    REQUIRE(parse_version("0.6 (something)") == Version{0, 6});
    REQUIRE(*parse_version("0.10") > *parse_version("0.6"));
    REQUIRE(Version{0, 2}.text() == "0.2");
    for (auto const bad : {"", ".", "0.", ".6", "x", "0.6x", "-1.0", "0.99999999999"})
        REQUIRE_FALSE(parse_version(bad));
}

TEST_CASE("start lines are taken apart") {
    auto const status = parse_status_line("GNUTELLA/0.6 503 Too many leaf connections");
    REQUIRE(status.has_value());
    REQUIRE(status->protocol == "GNUTELLA");
    REQUIRE(status->version == Version{0, 6});
    REQUIRE(status->code == 503);
    REQUIRE(status->reason == "Too many leaf connections");
    REQUIRE(parse_status_line("HTTP/1.1 200")->reason.empty());
    for (auto const bad : {"", "GNUTELLA OK", "GNUTELLA/0.6", "GNUTELLA/0.6 20 OK", "GNUTELLA/0.6 2000 OK",
                           "/1.1 200 OK", "GNUTELLA/0.6 099 x"})
        REQUIRE_FALSE(parse_status_line(bad).has_value());

    auto const request = parse_request_line("GET /uri-res/N2R?urn:sha1:X HTTP/1.1");
    REQUIRE(request.has_value());
    REQUIRE(request->method == "GET");
    REQUIRE(request->target == "/uri-res/N2R?urn:sha1:X");
    REQUIRE(request->version == Version{1, 1});
    REQUIRE(parse_request_line("GET /get/1/two words.txt HTTP/1.0")->target == "/get/1/two words.txt");
    for (auto const bad : {"", "GET", "GET /", "GET / HTTP", "GET HTTP/1.1"})
        REQUIRE_FALSE(parse_request_line(bad).has_value());

    REQUIRE(parse_connect_line("GNUTELLA CONNECT/0.6") == Version{0, 6});
    REQUIRE_FALSE(parse_connect_line("GNUTELLA/0.6 200 OK").has_value());
}

TEST_CASE("host lists take both families, with either separator and text behind") {
    auto const hosts =
        parse_hosts("1.2.3.4:5, [2001:db8::1]:6346; 9.8.7.6:5 2024-01-01T00:00Z,, nonsense, 1.1.1.1:0,8.8.8.8:1");
    REQUIRE(hosts == std::vector<Endpoint>{
                         {0x01020304, 5}, *Endpoint::parse("[2001:db8::1]:6346"), {0x09080706, 5}, {0x08080808, 1}});
    REQUIRE(parse_hosts(hosts_text(hosts)) == hosts);
    std::string many;
    for (int i = 0; i < 100; ++i) many += "1.2.3.4:5,";
    REQUIRE(parse_hosts(many).size() == try_hosts_max);
}

TEST_CASE("flags and lists in headers") {
    REQUIRE(parse_bool("True") == true);
    REQUIRE(parse_bool(" FALSE ") == false);
    REQUIRE_FALSE(parse_bool("yes").has_value());
    REQUIRE(list_contains("gzip, Deflate", "deflate"));
    REQUIRE(list_contains("deflate;q=0.5", "deflate"));
    REQUIRE_FALSE(list_contains("deflate;q=0", "deflate"));
    REQUIRE_FALSE(list_contains("deflated", "deflate"));
    REQUIRE_FALSE(list_contains("", "deflate"));
}

}  // namespace handshake_test
