#include "transfer/content/http_url.hpp"

#include <catch2/catch.hpp>

#include "transfer/content/limits.hpp"

namespace http_url_test {
using namespace praline;
using namespace praline::content;

namespace {

std::string written(std::string_view text) {
    auto const url = HttpUrl::parse(text);
    if (!url) return "no URL";
    CHECK(HttpUrl::parse(url->text()) == url);
    CHECK(HttpUrl::problem(text).empty());
    return url->text();
}

std::string led(std::string const& from, std::string_view location) {
    auto const to = HttpUrl::parse(from)->redirected_to(location);
    return to ? to->text() : "nowhere";
}

}  // namespace

TEST_CASE("a URL gives host, port and what is asked for") {
    auto const url = HttpUrl::parse(" HTTP://Files.Example.ORG:8080/a/b%20c.iso?x=1&y=/#part ");
    REQUIRE(url);
    CHECK(url->host.host == "files.example.org");
    CHECK(url->host.port == 8080);
    CHECK_FALSE(url->host.address);
    CHECK(url->target == "/a/b%20c.iso?x=1&y=/");
    CHECK(url->authority() == "files.example.org:8080");
    CHECK(url->file_name() == "b c.iso");
    CHECK_FALSE(url->is_secure);
}

TEST_CASE("URLs are written in one form") {
    CHECK(written("http://example.org") == "http://example.org/");
    CHECK(written("http://example.org:80/x") == "http://example.org/x");
    CHECK(written("https://example.org:443/x") == "https://example.org/x");
    CHECK(written("https://example.org:80/x") == "https://example.org:80/x");
    CHECK(written("http://example.org:/x") == "http://example.org/x");
    CHECK(written("http://[2001:DB8::5]:81/x") == "http://[2001:db8::5]:81/x");
    CHECK(written("http://[2001:db8::5]/x") == "http://[2001:db8::5]/x");
    CHECK(written("http://192.0.2.1?a=b") == "http://192.0.2.1/?a=b");
    CHECK(written("http://example.org/a b\"\xC3\xA9|") == "http://example.org/a%20b%22%C3%A9%7C");
    CHECK(written("http://example.org/100%") == "http://example.org/100%");
}

TEST_CASE("what is no URL of a web server says why") {
    auto const says = [](std::string const& text, std::string const& part) {
        INFO(text << ": " << HttpUrl::problem(text));
        return !HttpUrl::parse(text) && HttpUrl::problem(text).find(part) != std::string::npos;
    };
    CHECK(says("", "begins with"));
    CHECK(says("ftp://example.org/", "begins with"));
    CHECK(says("example.org/file", "begins with"));
    CHECK(says("http://", "host is missing"));
    CHECK(says("http:///etc/passwd", "host is missing"));
    CHECK(says("http://:80/", "host is missing"));
    CHECK(says("http://user:word@example.org/", "user name"));
    CHECK(says("http://example.org:0/", "port"));
    CHECK(says("http://example.org:http/", "port"));
    CHECK(says("http://2001:db8::5/", "brackets"));
    CHECK(says("http://[2001:db8::5/", "brackets"));
    CHECK(says("http://ex%41mple.org/", "neither a name"));
    CHECK(
        says("http://b\xC3\xBC"
             "cher.example/",
             "neither a name"));
    CHECK(says("http://example.org/a\r\nHost: other", "control characters"));
    CHECK(says("http://example.org/a\tb", "control characters"));
    CHECK(says("http://example.org/" + std::string(url_bytes_max, 'a'), "too long"));
}

TEST_CASE("a redirect leads to another URL, or to another part of the server") {
    std::string const from = "http://example.org:81/a/b?q=1";
    CHECK(led(from, "https://other.example/x") == "https://other.example/x");
    CHECK(led(from, "//other.example/x") == "http://other.example/x");
    CHECK(led(from, "/c?d") == "http://example.org:81/c?d");
    CHECK(led(from, "c/d") == "http://example.org:81/a/c/d");
    CHECK(led(from, "?z") == "http://example.org:81/a/b?z");
    CHECK(led(from, "") == "http://example.org:81/a/b");
    CHECK(led(from, "c:d") == "nowhere");
    CHECK(led(from, "file:///etc/passwd") == "nowhere");
    CHECK(led(from, "/a\r\nb") == "nowhere");
    CHECK(led(from, "http://user@other.example/") == "nowhere");
    CHECK(led(from, std::string(url_bytes_max + 1, 'a')) == "nowhere");
}

}  // namespace http_url_test
