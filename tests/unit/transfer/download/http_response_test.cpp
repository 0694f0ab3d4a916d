#include <catch2/catch.hpp>

#include "transfer/content/limits.hpp"
#include "transfer/download/http_response.hpp"
#include "transfer/download/limits.hpp"

namespace praline::download::http_response_test {

TEST_CASE("a partial reply says which bytes of how many it brings") {
    auto const reply = parse_response(
        "HTTP/1.1 206 Partial Content\r\nserver: gtk\r\nContent-Length: 10\r\nContent-Range: bytes 5-14/100\r\n"
        "X-Gnutella-Content-URN: urn:sha1:" +
        Sha1{}.base32() + "\r\nX-Thex-URI: /uri-res/N2X?urn:sha1:X;" + TigerHash{}.base32() +
        "\r\nRetry-After: 7\r\nX-Queued: ID=q; position=1\r\n\r\n");
    REQUIRE(reply.has_value());
    CHECK(reply->status == 206);
    CHECK(reply->keep_alive);
    CHECK(reply->content_range == ContentRange{5, 15, 100});
    CHECK(reply->urn->sha1 == Sha1{});
    CHECK(reply->thex_uri == "/uri-res/N2X?urn:sha1:X");
    CHECK(reply->thex_root == TigerHash{});
    CHECK(reply->retry_after_s == 7U);
    CHECK(reply->queue_id == "q");
}

TEST_CASE("a tree is only asked for on the server that has it") {
    CHECK(parse_response("HTTP/1.1 200 OK\r\nX-Thex-URI: http://elsewhere/x;\r\n\r\n")->thex_uri.empty());
    CHECK(parse_response("HTTP/1.1 200 OK\r\nX-Thex-URI: /a b;\r\n\r\n")->thex_uri.empty());
}

TEST_CASE("replies that contradict themselves or are none are errors") {
    CHECK_FALSE(parse_response("").has_value());
    CHECK_FALSE(parse_response("ICY 200 OK\r\n\r\n").has_value());
    CHECK_FALSE(parse_response("HTTP/1.1 99 X\r\n\r\n").has_value());
    CHECK_FALSE(parse_response("HTTP/1.1 2000 X\r\n\r\n").has_value());
    CHECK_FALSE(parse_response("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n").has_value());
    CHECK_FALSE(parse_response("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n").has_value());
    CHECK_FALSE(
        parse_response("HTTP/1.1 206 OK\r\nContent-Length: 9\r\nContent-Range: bytes 0-9/10\r\n\r\n").has_value());
    CHECK_FALSE(parse_response("HTTP/1.1 206 OK\r\nContent-Range: bytes 0-9/5\r\n\r\n").has_value());
    CHECK_FALSE(parse_response("HTTP/1.1 206 OK\r\nContent-Range: bytes 9-0/10\r\n\r\n").has_value());
    CHECK_FALSE(parse_response("HTTP/1.1 206 OK\r\nContent-Range: bytes 0-18446744073709551615/*\r\n\r\n").has_value());
    CHECK(parse_response("HTTP/1.1 416 No\r\nContent-Range: bytes */10\r\n\r\n")->status == 416);
    std::string many = "HTTP/1.1 200 OK\r\n";
    for (std::size_t line = 0; line < response_lines_max; ++line) many += "X: y\r\n";
    CHECK(parse_response(many).error() == WireError::limit_exceeded);
}

TEST_CASE("a place in a queue, and the parts that a server has, are read") {
    auto const queued =
        parse_response("HTTP/1.1 503 Busy\r\nX-Queue: position=1, length=5,limit=4, pollMin=45, POLLMAX=120\r\n\r\n");
    CHECK(queued->queue == QueuePlace{1, 45, 120});
    CHECK_FALSE(parse_response("HTTP/1.1 503 Busy\r\nX-Queue: 1.1\r\n\r\n")->queue);
    CHECK(parse_response("HTTP/1.1 503 Busy\r\nX-Queue: position=x,pollMin=99999999999999999999,pollMax=3\r\n\r\n")
              ->queue == QueuePlace{0, 0, 3});
    auto const partial = parse_response(
        "HTTP/1.1 416 No\r\nContent-Range: bytes */100\r\nX-Available-Ranges: bytes 0-9, 20-29,9-3,x\r\n\r\n");
    CHECK(partial->available == std::vector<ByteRange>{{0, 10}, {20, 30}});
    CHECK(partial->unsatisfied_size == 100U);
    auto const chunked = parse_response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    CHECK(chunked->encoded);
    CHECK(chunked->chunked);
    CHECK_FALSE(chunked->compressed);
    CHECK(parse_response("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n")->compressed);
}

TEST_CASE("alternate locations of a reply are read, in both forms, and those that do not work apart from them") {
    auto const reply = parse_response(
        "HTTP/1.1 503 Busy\r\nX-Alt: 1.2.3.4:6000, 5.6.7.8\r\nX-Nalt: 9.9.9.9\r\nX-Gnutella-Alternate-Location: "
        "http://2.2.2.2:1/uri-res/N2R?urn:sha1:PLSTHIPQGSSZTS5FJUPAKUZWUGYQYPFB 2002-04-30T08:30Z\r\n\r\n");
    REQUIRE(reply.has_value());
    REQUIRE(reply->alternates.size() == 3);
    CHECK(reply->alternates[1] == content::NamedLocation{*Endpoint::parse("5.6.7.8:6346")});
    CHECK(reply->alternates[2].sha1.has_value());
    CHECK(reply->bad_alternates == std::vector{content::NamedLocation{*Endpoint::parse("9.9.9.9:6346")}});
    CHECK(parse_response("HTTP/1.1 200 OK\r\nX-Alt: nonsense, 0.0.0.0:0\r\n\r\n")->alternates.empty());
    // Ten thousand of them are too long a line; over many lines they are too many; what fits is cut to a few.
    std::string many;
    for (unsigned number = 0; number < 10'000; ++number)
        many += Endpoint{0x0A000000 + number * 256 + 1, 6346}.text() + ",";
    CHECK(parse_response("HTTP/1.1 200 OK\r\nX-Alt: " + many + "\r\n\r\n").error() == WireError::limit_exceeded);
    std::string lines;
    for (int line = 0; line < 7; ++line) lines += "X-Alt: " + many.substr(0, 4000) + "\r\n";
    CHECK(parse_response("HTTP/1.1 200 OK\r\n" + lines + "\r\n")->alternates.size() == content::locations_per_head_max);
}

TEST_CASE("a call back names its servent") {
    auto const hex = std::string{"0102030405060708090A0b0c0d0e0f10"};
    CHECK(parse_giv("GIV 7:" + hex + "/name with / in it")->hex() == "0102030405060708090a0b0c0d0e0f10");
    CHECK(parse_giv("GIV 0:" + hex));
    CHECK_FALSE(parse_giv("GIV 0:" + hex.substr(1) + "/x"));
    CHECK_FALSE(parse_giv("GIV 0:" + hex + "0/x"));
    CHECK_FALSE(parse_giv("GIV " + hex + "/x"));
    CHECK_FALSE(parse_giv("GET 0:" + hex + "/x"));
}

TEST_CASE("folded headers are one, in replies too") {
    auto const reply = parse_response(
        "HTTP/1.1 503 Busy\r\nRetry-After:\r\n 30\r\nX-Info: a;\r\n\tContent-Length: 9\r\nX-Queued: position=1;\r\n  "
        "ID=abc\r\n\r\n");
    REQUIRE(reply.has_value());
    CHECK(reply->retry_after_s == 30);
    CHECK(reply->queue_id == "abc");
    CHECK(reply->queue_position == 1U);
    CHECK_FALSE(reply->content_length);
}

}  // namespace praline::download::http_response_test
