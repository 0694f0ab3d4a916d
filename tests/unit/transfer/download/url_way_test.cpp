#include "transfer/download/url_way.hpp"

#include <catch2/catch.hpp>

#include "transfer/download/limits.hpp"

namespace url_way_test {
using namespace praline;
using namespace praline::download;

namespace {

bool may(UrlWay& way, std::string_view address) { return way.may_connect(*Address::parse(address)); }

}  // namespace

TEST_CASE("redirects of a URL are followed a few times") {
    auto way = *UrlWay::of("http://example.org/0");
    for (unsigned count = 1; count <= redirects_max; ++count) {
        CHECK(way.redirect("/" + std::to_string(count)));
        CHECK(way.at().target == "/" + std::to_string(count));
    }
    CHECK_FALSE(way.redirect("/again"));
    CHECK(way.trouble().find("more than") != std::string::npos);
    auto other = *UrlWay::of("http://example.org/0");
    CHECK_FALSE(other.redirect("ftp://example.org/"));
    CHECK(other.trouble().find("no URL") != std::string::npos);
    CHECK_FALSE(UrlWay::of(""));
    CHECK_FALSE(UrlWay::of("no URL"));
}

TEST_CASE("a redirect leads from http to https, and never back") {
    auto way = *UrlWay::of("http://example.org/0");
    CHECK(way.redirect("https://example.org/1"));
    CHECK(way.redirect("/2"));
    CHECK(way.at().text() == "https://example.org/2");
    CHECK_FALSE(way.redirect("http://example.org/3"));
    CHECK(way.trouble().find("from https to http") != std::string::npos);
    CHECK(way.at().text() == "https://example.org/2");
}

TEST_CASE("what is wrong on the way names the host") {
    auto way = *UrlWay::of("https://example.org:8443/0");
    way.has_no_address("it has none");
    CHECK(way.trouble().find("example.org cannot be looked up: it has none") != std::string::npos);
    way.has_no_tls("its certificate has expired");
    CHECK(way.trouble().find("example.org:8443: its certificate has expired") != std::string::npos);
}

TEST_CASE("a URL of the user may be anywhere, and a public host leads to public hosts alone") {
    auto near = *UrlWay::of("http://127.0.0.1/");
    CHECK(may(near, "127.0.0.1"));
    CHECK(near.redirect("http://192.168.0.1/"));
    CHECK(may(near, "192.168.0.1"));
    CHECK(near.redirect("http://public.example/"));
    CHECK(may(near, "8.8.8.8"));
    CHECK(near.redirect("http://127.0.0.1/"));
    CHECK_FALSE(may(near, "127.0.0.1"));

    auto far = *UrlWay::of("http://public.example/");
    CHECK(may(far, "8.8.8.8"));
    CHECK(far.redirect("http://inside.example/"));
    for (auto const* const address : {"127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "::1",
                                      "fe80::1", "fd00::1", "::ffff:127.0.0.1", "0.0.0.0", "64:ff9b::7f00:1"})
        CHECK_FALSE(may(far, address));
    CHECK(far.trouble().find("not public") != std::string::npos);
    CHECK(may(far, "2606:4700::1"));
    auto command = *UrlWay::of("http://192.168.1.1/set?dns=8.8.8.8");
    CHECK_FALSE(may(command, "192.168.1.1"));
    CHECK(command.trouble().find("query") != std::string::npos);
    CHECK(may(command, "8.8.8.8"));
    auto by_hash = *UrlWay::of("http://192.168.1.1/uri-res/N2R?urn:sha1:X");
    CHECK(may(by_hash, "192.168.1.1"));
    auto none = *UrlWay::of("http://0.0.0.0/");
    CHECK_FALSE(may(none, "0.0.0.0"));
    CHECK_FALSE(may(none, "224.0.0.1"));
}

}  // namespace url_way_test
