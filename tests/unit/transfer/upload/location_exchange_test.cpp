#include "transfer/upload/location_exchange.hpp"

#include <catch2/catch.hpp>

#include "transfer/content/limits.hpp"
#include "transfer/upload/http_request.hpp"

namespace praline::upload::location_exchange_test {

namespace {

using namespace std::chrono_literals;

SaidLocations said(std::string const& lines) {
    auto const request = parse_request("GET /x HTTP/1.1\r\nHost: here\r\n" + lines + "\r\n");
    REQUIRE(request.has_value());
    return request->locations;
}

Address from(char const* text) { return *Address::parse(text); }
constexpr Instant now{24h};
constexpr char const* other_urn = "urn:sha1:PLSTHIPQGSSZTS5FJUPAKUZWUGYQYPFB";

struct Exchange {
    content::AltLocations table;
    Sha1 file;
    std::string ask(std::string const& lines, char const* peer) {
        auto const request = said(lines);
        learn(table, file, request, from(peer), now);
        return location_lines(table, file, request, from(peer), now);
    }
};

}  // namespace

TEST_CASE("a downloader that announces itself is told to the next one, and not to itself") {
    Exchange exchange;
    CHECK(exchange.ask("X-Alt: 5.5.5.5:6346\r\n", "5.5.5.5").empty());
    CHECK(exchange.ask("", "6.6.6.6") == "X-Alt: 5.5.5.5:6346\r\n");
    CHECK(exchange.ask("X-Node: 7.7.7.7:7000\r\nX-Downloaded: 1048576\r\n", "7.7.7.7") == "X-Alt: 5.5.5.5:6346\r\n");
    CHECK(exchange.ask("Listen-IP: 8.8.8.8:8000\r\nX-Downloaded: 1\r\n", "8.8.8.8").find("7.7.7.7:7000") !=
          std::string::npos);
    CHECK(exchange.table.size() == 3);
}

TEST_CASE("who says only where it listens, or speaks of another address or file, is not taken for a location") {
    Exchange exchange;
    static_cast<void>(exchange.ask("X-Node: 7.7.7.7:7000\r\n", "7.7.7.7"));
    static_cast<void>(exchange.ask("X-Node: 7.7.7.7:7000\r\nX-Downloaded: 0\r\n", "7.7.7.7"));
    static_cast<void>(exchange.ask("X-Node: 9.9.9.9:7000\r\nX-Downloaded: 5\r\n", "7.7.7.7"));
    static_cast<void>(exchange.ask("X-Node: host.example.org\r\nX-Downloaded: many\r\n", "7.7.7.7"));
    static_cast<void>(exchange.ask(
        std::string{"X-Gnutella-Alternate-Location: http://7.7.7.7:1/uri-res/N2R?"} + other_urn + "\r\n", "7.7.7.7"));
    CHECK(exchange.table.size() == 0);
    exchange.file = *Urn::parse(other_urn)->sha1;
    static_cast<void>(exchange.ask(
        std::string{"X-Gnutella-Alternate-Location: http://7.7.7.7:1/uri-res/N2R?"} + other_urn + "\r\n", "7.7.7.7"));
    CHECK(exchange.table.size() == 1);
}

TEST_CASE("locations that others name are told once three parties agree, and those that refused this node as bad") {
    Exchange exchange;
    CHECK(exchange.ask("X-Alt: 9.9.9.9:1\r\n", "5.5.5.5").empty());
    CHECK(exchange.ask("X-Alt: 9.9.9.9:1\r\n", "6.6.6.6").empty());
    CHECK(exchange.ask("X-Alt: 9.9.9.9:1\r\n", "7.7.7.7") == "X-Alt: 9.9.9.9:1\r\n");
    CHECK(exchange.ask("X-NAlt: 9.9.9.9:1\r\n", "8.8.8.8").empty());
    exchange.table.refused(exchange.file, *Endpoint::parse("9.9.9.9:1"), now);
    CHECK(exchange.ask("", "4.4.4.4") == "X-NAlt: 9.9.9.9:1\r\n");
}

TEST_CASE("IPv6 locations are told to those that know IPv6") {
    Exchange exchange;
    static_cast<void>(exchange.ask("X-Alt: [2a00::5]:6346\r\n", "2a00::5"));
    CHECK(exchange.ask("", "6.6.6.6").empty());
    CHECK(exchange.ask("X-Features: browse/1.0, IP/6.4\r\n", "6.6.6.6") == "X-Alt: [2a00::5]:6346\r\n");
    CHECK(exchange.ask("", "2a00:1::1") == "X-Alt: [2a00::5]:6346\r\n");
}

TEST_CASE("a request full of locations is cut to those that are kept of one head") {
    std::string line = "X-Alt: ";
    for (unsigned number = 0; number < 1500; ++number)
        line += Endpoint{0x0A000000 + number * 256 + 1, 6346}.text() + ",";
    auto const request = said(line + "\r\n" + "X-NAlt: 1.1.1.1\r\nX-NAlt: 2.2.2.2\r\n");
    CHECK(request.good.size() == content::locations_per_head_max);
    CHECK(request.bad.size() == 2);
}

}  // namespace praline::upload::location_exchange_test
