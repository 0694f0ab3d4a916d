#include <catch2/catch.hpp>

#include "transfer/upload/http_request.hpp"
#include "transfer/upload/limits.hpp"
#include "transfer/upload/request_target.hpp"
#include "node/wire/head_text.hpp"

namespace praline::upload {

TEST_CASE("a request of gtk-gnutella's kind is understood") {
    auto const request = parse_request(
        "GET /uri-res/N2R?urn:sha1:AAAA HTTP/1.1\r\nHost: 127.0.0.1:1\r\nuser-agent: a\r\nX-Queue: 1.1\r\n"
        "X-Queued: position=2; ID=abc\r\nRange: bytes=0-1048575\r\nX-Downloaded: 0\r\n\r\n");
    REQUIRE(request.has_value());
    CHECK(request->method == Method::get);
    CHECK(request->target == "/uri-res/N2R?urn:sha1:AAAA");
    CHECK(request->has_host);
    CHECK(request->keep_alive);
    CHECK(request->user_agent == "a");
    CHECK(request->knows_queue);
    CHECK(request->queue_id == "abc");
    CHECK(request->range == AskedRange{0, 1048575});
}

TEST_CASE("an old or a closing request ends its connection") {
    CHECK_FALSE(parse_request("GET / HTTP/1.0\n\n")->keep_alive);
    CHECK_FALSE(parse_request("GET / HTTP/1.1\r\nConnection: foo, Close\r\n\r\n")->keep_alive);
}

TEST_CASE("what is no request is an error that says so") {
    CHECK(parse_request("").error() == WireError::unknown_type);
    CHECK(parse_request("GET /\r\n\r\n").error() == WireError::unknown_type);
    CHECK(parse_request("GET / HTTP/2\r\n\r\n").error() == WireError::unknown_type);
    CHECK(parse_request("GET x HTTP/1.1\r\n\r\n").error() == WireError::bad_value);
    CHECK(parse_request("GET /\x01 HTTP/1.1\r\n\r\n").error() == WireError::bad_value);
    CHECK(parse_request("GET / HTTP/1.1\r\nno colon\r\n\r\n").error() == WireError::bad_value);
    CHECK(parse_request("GET / HTTP/1.1\r\nRange: bytes=x-\r\n\r\n").error() == WireError::bad_value);
    CHECK(parse_request("GET / HTTP/1.1\r\nX: " + std::string(line_bytes_max, 'x') + "\r\n\r\n").error() == WireError::limit_exceeded);
    std::string many = "GET / HTTP/1.1\r\n";
    for (std::size_t line = 0; line < header_lines_max; ++line) many += "X: y\r\n";
    CHECK(parse_request(many + "\r\n").error() == WireError::limit_exceeded);
}

TEST_CASE("ranges are read and fitted to the file") {
    CHECK(parse_range("bytes=5-").value() == AskedRange{5, std::nullopt});
    CHECK(parse_range("bytes=-5").value() == AskedRange{std::nullopt, 5});
    CHECK(parse_range("bytes=1-2, 7-9").value() == AskedRange{1, 2});
    CHECK_FALSE(parse_range("bytes=-").has_value());
    CHECK_FALSE(parse_range("bytes=3-2").has_value());
    CHECK_FALSE(parse_range("bytes=99999999999999999999-").has_value());
    CHECK(resolve({5, std::nullopt}, 10) == Span{5, 10});
    CHECK(resolve({5, 100}, 10) == Span{5, 10});
    CHECK(resolve({std::nullopt, 100}, 10) == Span{0, 10});
    CHECK(resolve({std::nullopt, 0}, 10) == std::nullopt);
    CHECK(resolve({10, std::nullopt}, 10) == std::nullopt);
    CHECK(resolve({0, std::nullopt}, 0) == std::nullopt);
    CHECK(resolve({0, ~std::uint64_t{0}}, 10) == Span{0, 10});
}

TEST_CASE("a head ends at its empty line, however it arrives") {
    std::string const head = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    for (std::size_t size = 0; size < head.size(); ++size) CHECK_FALSE(wire::head_length(as_view(head.substr(0, size))));
    CHECK(wire::head_length(as_view(head + "rest")) == head.size());
    CHECK(wire::head_length(as_view("a\n\nb")) == 3U);
}

TEST_CASE("targets name a file by hash, by index, or nothing of ours") {
    using Kind = RequestTarget::Kind;
    auto const sha1 = Sha1{}.base32();
    CHECK(parse_target("/uri-res/N2R?urn:sha1:" + sha1)->kind == Kind::file_by_urn);
    CHECK(parse_target("/URI-RES/n2r?URN:SHA1:" + sha1)->urn.sha1 == Sha1{});
    CHECK(parse_target("/uri-res/N2X?urn:sha1:" + sha1)->kind == Kind::tree_by_urn);
    auto const by_index = parse_target("/get/7/a%20b");
    CHECK(by_index->kind == Kind::file_by_index);
    CHECK(by_index->index == 7);
    CHECK(by_index->name == "a b");
    CHECK(parse_target("/index.html")->kind == Kind::unknown);
    CHECK_FALSE(parse_target("/get/x/a").has_value());
    CHECK_FALSE(parse_target("/get/4294967296/a").has_value());
    CHECK_FALSE(parse_target("/get/1/%zz").has_value());
    CHECK_FALSE(parse_target("/uri-res/N2R?urn:md5:abc").has_value());
}

}  // namespace praline::upload
