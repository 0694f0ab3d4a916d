#include "node/net/first_bytes.hpp"

#include <string>

#include <catch2/catch.hpp>

#include "node/base/rng.hpp"

namespace first_bytes_test {
using namespace praline;
using net::Protocol;

namespace {

/// Feeds byte by byte: the answer must come at some point and must not change afterwards.
Protocol decide(std::string const& text) {
    auto decided = Protocol::undecided;
    for (std::size_t n = 1; n <= text.size(); ++n) {
        auto const now = net::recognise(as_view(text).first(n));
        if (decided != Protocol::undecided) REQUIRE(now == decided);
        decided = now;
    }
    return decided;
}

}  // namespace

TEST_CASE("protocols are told apart by their first bytes, in any pieces") {
    REQUIRE(decide("GNUTELLA CONNECT/0.6\r\n") == Protocol::gnutella);
    REQUIRE(decide("GET /uri-res/N2R?urn:sha1:X HTTP/1.1") == Protocol::http);
    REQUIRE(decide("HEAD / HTTP/1.1") == Protocol::http);
    REQUIRE(decide("OPTIONS * HTTP/1.1") == Protocol::http);
    REQUIRE(decide("\r\nGET / HTTP/1.1") == Protocol::http);
    REQUIRE(decide("\r\n\r\nHEAD / HTTP/1.1") == Protocol::http);
    REQUIRE(decide("GIV 0:00112233445566778899AABBCCDDEEFF/x\n\n") == Protocol::giv);
    REQUIRE(decide("\n\n") == Protocol::connect_back);
}

TEST_CASE("what is none of ours is known as soon as it can be") {
    REQUIRE(decide("\x16\x03\x01") == Protocol::unknown);
    REQUIRE(decide("GNUTELLA OK") == Protocol::unknown);
    REQUIRE(decide("PUSH guid:x") == Protocol::unknown);
    REQUIRE(decide("QUEUE 1 2") == Protocol::unknown);
    REQUIRE(decide("\nx") == Protocol::unknown);
    REQUIRE(decide("\rx") == Protocol::unknown);
    REQUIRE(decide("\r\n\r\n\r\n") == Protocol::unknown);
    REQUIRE(decide("\r\nGNUTELLA CONNECT/0.6") == Protocol::unknown);
    REQUIRE(decide("\r\nGIV 0:") == Protocol::unknown);
    REQUIRE(decide("AAAAAAAAAAAAAAAAAAAA") == Protocol::unknown);
    REQUIRE(decide("get / http/1.1") == Protocol::unknown);
}

TEST_CASE("every byte sequence is decided within 18 bytes") {
    Rng rng{11};
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        constexpr std::string_view likely = "GNUTELA COICHDP/\n\r .";
        for (int i = 0; i < 18; ++i)
            text.push_back(rng.below(8) == 0 ? static_cast<char>(rng.below(256)) : likely[rng.below(likely.size())]);
        REQUIRE(net::recognise(as_view(text)) != Protocol::undecided);
    }
}

}  // namespace first_bytes_test
