#include <catch2/catch.hpp>

#include "node/wire/head_text.hpp"
#include "transfer/upload/http_request.hpp"
#include "transfer/upload/limits.hpp"
#include "transfer/upload/request_target.hpp"

namespace praline::upload::http_request_test {

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
    CHECK(request->ranges == std::vector<AskedRange>{{0, 1048575}});
}

TEST_CASE("the version and the Connection header say whether the connection goes on") {
    CHECK_FALSE(parse_request("GET / HTTP/1.0\n\n")->keep_alive);
    CHECK(parse_request("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")->keep_alive);
    CHECK(parse_request("GET / HTTP/1.2\r\n\r\n")->keep_alive);
    CHECK_FALSE(parse_request("GET / HTTP/1.1\r\nConnection: foo, Close\r\n\r\n")->keep_alive);
    CHECK_FALSE(parse_request("GET / HTTP/1.0\r\nConnection: close, keep-alive\r\n\r\n")->keep_alive);
}

TEST_CASE("what is no request is an error that says so") {
    CHECK(parse_request("\r\n").error() == WireError::bad_value);
    CHECK(parse_request("GET / HTTP/1.1\r\n").error() == WireError::truncated);
    CHECK(parse_request("GET /\r\n\r\n").error() == WireError::unknown_type);
    CHECK(parse_request("GET / HTTP/2\r\n\r\n").error() == WireError::unknown_type);
    CHECK(parse_request("GET / HTTP/2.0\r\n\r\n").error() == WireError::unknown_type);
    CHECK(parse_request("GET /\x01 HTTP/1.1\r\n\r\n").error() == WireError::bad_value);
    CHECK(parse_request("GET / HTTP/1.1\r\nno colon\r\n\r\n").error() == WireError::bad_value);
    std::string many = "GET / HTTP/1.1\r\n";
    for (std::size_t line = 0; line < header_lines_max; ++line) many += "X: y\r\n";
    CHECK(parse_request(many + "\r\n").error() == WireError::limit_exceeded);
}

TEST_CASE("one line may take all of a head, and the head is bounded") {
    auto const request = parse_request("GET / HTTP/1.1\r\nCookie: " + std::string(20'000, 'x') + "\r\nHost: h\r\n\r\n");
    REQUIRE(request.has_value());
    CHECK(request->has_host);
    CHECK(parse_request("GET / HTTP/1.1\r\nX: " + std::string(request_bytes_max, 'x') + "\r\n\r\n").error() ==
          WireError::limit_exceeded);
}

TEST_CASE("folded headers are read, wherever a line ends") {
    auto const request = parse_request(
        "GET / HTTP/1.1\r\nHost: h\r\nX-FW-Node-Info: 00112233445566778899aabbccddeeff; "
        "6346:192.0.2.1;\r\n\t192.0.2.2:6346\r\n"
        "Range: bytes=0-9,\r\n 20-29\r\nConnection:\r\n close\r\n\r\n");
    REQUIRE(request.has_value());
    CHECK(request->ranges == std::vector<AskedRange>{{0, 9}, {20, 29}});
    CHECK_FALSE(request->keep_alive);
    // There is no header yet that the line could continue.
    CHECK(parse_request("GET / HTTP/1.1\r\n Host: h\r\n\r\n").error() == WireError::bad_value);
}

TEST_CASE("requests that two readers would understand differently are refused") {
    auto const error_of = [](std::string const& fields) {
        auto const request = parse_request("GET / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n");
        return request ? std::optional<WireError>{} : request.error();
    };
    CHECK_FALSE(error_of("Content-Length: 0\r\n"));
    CHECK(error_of("Content-Length: 1\r\nContent-Length: 2\r\n") == WireError::bad_value);
    CHECK(error_of("Content-Length: 0\r\nContent-Length: 0\r\n") == WireError::bad_value);
    CHECK(error_of("Content-Length: 0, 0\r\n") == WireError::bad_value);
    CHECK(error_of("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n") == WireError::bad_value);
    for (std::string const length : {"+0", "-1", "0x1", "18446744073709551616", "", "1 2"})
        CHECK(error_of("Content-Length: " + length + "\r\n") == WireError::bad_value);
    CHECK(error_of("Content-Length : 0\r\n") == WireError::bad_value);
    CHECK(error_of("Content-Length\t: 0\r\n") == WireError::bad_value);
    CHECK(error_of("Host: other\r\n") == WireError::bad_value);
    CHECK(error_of("A: b\rContent-Length: 3\r\n") == WireError::bad_value);
    CHECK(error_of(std::string("A: b\0c\r\n", 8)) == WireError::bad_value);
    CHECK(error_of("X:\r\n\rContent-Length: 3\r\n") == WireError::bad_value);
    CHECK(parse_request("GET / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n")->has_body);
    CHECK(parse_request("GET / HTTP/1.1\r\nContent-Length:\r\n 3\r\n\r\n")->has_body);
}

TEST_CASE("methods that we know, refuse and do not know are told apart") {
    CHECK(parse_request("HEAD / HTTP/1.1\r\n\r\n")->method == Method::head);
    CHECK(parse_request("OPTIONS * HTTP/1.1\r\n\r\n")->method == Method::options);
    CHECK(parse_request("POST / HTTP/1.1\r\n\r\n")->method == Method::refused);
    CHECK(parse_request("BREW / HTTP/1.1\r\n\r\n")->method == Method::other);
    CHECK(parse_request("get / HTTP/1.1\r\n\r\n")->method == Method::other);
}

TEST_CASE("ranges are read, and what is to be ignored is") {
    CHECK(parse_ranges("bytes=5-") == std::vector<AskedRange>{{5, std::nullopt}});
    CHECK(parse_ranges("Bytes = -5") == std::vector<AskedRange>{{std::nullopt, 5}});
    CHECK(parse_ranges("bytes 0-9") == std::vector<AskedRange>{{0, 9}});
    CHECK(parse_ranges("bytes=1-2, 7-9") == std::vector<AskedRange>{{1, 2}, {7, 9}});
    auto const largest = ~std::uint64_t{0};
    CHECK(parse_ranges("bytes=99999999999999999999-") == std::vector<AskedRange>{{largest, std::nullopt}});
    CHECK(parse_ranges("bytes=0-99999999999999999999") == std::vector<AskedRange>{{0, largest}});
    for (auto const text :
         {"", "bytes", "bytes=", "bytes=-", "bytes=3-2", "bytes=abc", "bytes=x-", "bytes=+1-2", "items=0-9",
          "bytesish=0-9", "bytes=0-9,abc", "bytes=0-9,3-2", "bytes=0-9, bytes=20-29", "bytes=0x0-9"})
        CHECK(parse_ranges(text).empty());
    std::string many = "bytes=0-0";
    for (std::size_t count = 1; count < ranges_max; ++count) many += ",0-0";
    CHECK(parse_ranges(many).size() == ranges_max);
    CHECK(parse_ranges(many + ",0-0").empty());
    CHECK(parse_request("HEAD / HTTP/1.1\r\nRange: bytes=0-9\r\n\r\n")->ranges.empty());
}

TEST_CASE("a range is fitted to the file, and the first that exists is taken") {
    CHECK(resolve(AskedRange{5, std::nullopt}, 10) == Span{5, 10});
    CHECK(resolve(AskedRange{5, 100}, 10) == Span{5, 10});
    CHECK(resolve(AskedRange{std::nullopt, 100}, 10) == Span{0, 10});
    CHECK(resolve(AskedRange{std::nullopt, 0}, 10) == std::nullopt);
    CHECK(resolve(AskedRange{10, std::nullopt}, 10) == std::nullopt);
    CHECK(resolve(AskedRange{0, std::nullopt}, 0) == std::nullopt);
    CHECK(resolve(AskedRange{0, ~std::uint64_t{0}}, 10) == Span{0, 10});
    CHECK(resolve(std::vector<AskedRange>{{20, 29}, {std::nullopt, 0}, {3, 4}, {0, 9}}, 10) == Span{3, 5});
    CHECK(resolve(std::vector<AskedRange>{{20, 29}, {10, 11}}, 10) == std::nullopt);
}

TEST_CASE("a head ends at its empty line, however it arrives") {
    std::string const head = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    for (std::size_t size = 0; size < head.size(); ++size)
        CHECK_FALSE(wire::head_length(as_view(head.substr(0, size))));
    CHECK(wire::head_length(as_view(head + "rest")) == head.size());
    CHECK(wire::head_length(as_view("a\n\nb")) == 3U);
}

TEST_CASE("targets name a file by hash, by index, or nothing of ours") {
    using Kind = RequestTarget::Kind;
    auto const sha1 = Sha1{}.base32();
    CHECK(parse_target("/uri-res/N2R?urn:sha1:" + sha1)->kind == Kind::file_by_urn);
    CHECK(parse_target("/URI-RES/n2r?URN:SHA1:" + sha1)->urn.sha1 == Sha1{});
    CHECK(parse_target("/uri-res/N2X?urn:sha1:" + sha1)->kind == Kind::tree_by_urn);
    CHECK(parse_target("/uri-res/N2R?urn%3Asha1%3A" + sha1)->urn.sha1 == Sha1{});
    CHECK(parse_target("//uri-res/N2R?urn:sha1:" + sha1)->urn.sha1 == Sha1{});
    CHECK(parse_target("/uri%2Dres/N2R?urn:sha1:" + sha1)->urn.sha1 == Sha1{});
    CHECK(parse_target("/uri-res/N2R?urn:sha1:" + sha1 + "&foo=bar")->urn.sha1 == Sha1{});
    CHECK(parse_target("/uri-res/N2R?foo=bar&urn:sha1:" + sha1)->urn.sha1 == Sha1{});
    CHECK(parse_target("HTTP://somewhere:80/uri-res/N2R?urn:sha1:" + sha1)->urn.sha1 == Sha1{});
    auto const by_index = parse_target("/get/7/a%20b");
    CHECK(by_index->kind == Kind::file_by_index);
    CHECK(by_index->index == 7);
    CHECK(by_index->name == "a%20b");
    CHECK(parse_target("/index.html")->kind == Kind::unknown);
    CHECK(parse_target("/uri-res/N2L?urn:sha1:" + sha1)->kind == Kind::unknown);
    CHECK(parse_target("/")->kind == Kind::front);
    CHECK(parse_target("/?a=b")->kind == Kind::front);
    CHECK(parse_target("http://here")->kind == Kind::front);
    CHECK(parse_target("*")->kind == Kind::server);
    for (auto const text : {"", "x", "http://", "http:///get/1/a", "https://here/", "ftp://here/", "/get/x/a",
                            "/get/1/", "/get/4294967296/a", "/uri-res/N2R?urn:md5:abc", "/uri-res/N2R?%zz", "/%zz?"})
        CHECK_FALSE(parse_target(text).has_value());
}

TEST_CASE("a name is recognised in the forms that programs send") {
    std::string const name = "50% a+b Łódź.txt";
    CHECK(names("50%25%20a%2Bb%20%C5%81%C3%B3d%C5%BA.txt", name));
    CHECK(names("50%25%20a%2bb%20%c5%81%c3%b3d%c5%ba.txt/", name));
    CHECK(names("50%25+a%2Bb+%C5%81%C3%B3d%C5%BA.txt", name));
    CHECK(names("50%25%20a+b%20Łódź.txt", name));
    CHECK(names(name, name));
    CHECK(names("/" + name + "/", name));
    CHECK(names("what?.txt", "what?.txt"));
    CHECK(names("what%3F.txt?from=here", "what?.txt"));
    CHECK_FALSE(names("", name));
    CHECK_FALSE(names("/", name));
    CHECK_FALSE(names("other", name));
    CHECK_FALSE(names("..%2f50%25%20a%2Bb%20%C5%81%C3%B3d%C5%BA.txt", name));
}

}  // namespace praline::upload::http_request_test
