#include "node/net/gwebcache.hpp"

#include <catch2/catch.hpp>

namespace gwebcache_test {
using namespace praline;
using namespace praline::net;

TEST_CASE("hosts of both GWebCache versions are read and everything else is skipped") {
    auto const hosts = parse_gwebcache(
        "192.0.2.1:6346\r\nH|192.0.2.2:6347|300|x\nU|http://example.org/|5\nERROR\n192.0.2.3\n0.0.0.0:5\n", 10);
    REQUIRE(hosts == std::vector<Endpoint>{*Endpoint::parse("192.0.2.1:6346"), *Endpoint::parse("192.0.2.2:6347")});
}

TEST_CASE("no more hosts are taken than the limit") {
    std::string body;
    for (int i = 1; i < 200; ++i) body += "192.0.2." + std::to_string(i % 250 + 1) + ":6346\n";
    REQUIRE(parse_gwebcache(body, 7).size() == 7);
}

TEST_CASE("the address of a cache is taken apart into host, port and what is asked for") {
    CHECK(parse_http_url("http://cache.example") == HttpUrl{"cache.example", 80, "/"});
    CHECK(parse_http_url("http://cache.example:8080/a/b.php?x=1") == HttpUrl{"cache.example", 8080, "/a/b.php?x=1"});
    CHECK(parse_http_url("http://[2001:db8::5]:81/") == HttpUrl{"2001:db8::5", 81, "/"});
    CHECK(parse_http_url("http://cache.example?x=1") == HttpUrl{"cache.example", 80, "/?x=1"});
    CHECK(parse_http_url("http://cache.example/a#part") == HttpUrl{"cache.example", 80, "/a"});
}

TEST_CASE("what is no address of a cache, or would end a line of the request, is refused") {
    for (auto const* text : {"", "cache.example", "https://cache.example/", "http://", "http:///a", "http://h:0/",
                             "http://h:99999/", "http://h/a b", "http://h/a\r\nX: y", "http://2001:db8::5/"})
        CHECK_FALSE(parse_http_url(text));
}

}  // namespace gwebcache_test
