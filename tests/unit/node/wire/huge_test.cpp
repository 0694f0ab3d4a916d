#include "node/wire/huge.hpp"

#include <catch2/catch.hpp>

#include "node/wire/ggep.hpp"
#include "unit/node/wire/vectors.hpp"

namespace huge_test {
using namespace praline;
using namespace praline::wire;

namespace {

constexpr std::string_view abc_sha1 = "urn:sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5";
constexpr std::string_view abc_bitprint =
    "urn:bitprint:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5.ASD4UJSEH5M47PDYB46KBTSQTSGDKLBHYXOMUIA";

Extensions parse(std::string const& text) { return parse_extensions(as_view(text)); }

}  // namespace

TEST_CASE("an area mixes URNs, GGEP, XML and unknown text") {
    auto const found = parse(std::string{abc_sha1} +
                             "\x1C\x1C"
                             "128 kbps\x1C"
                             "\xC3\x81M\x41\x04"
                             "<?xml?>\x1C"
                             "<y/>\x1C");
    REQUIRE(found.urns == std::vector<Urn>{*Urn::parse(abc_sha1)});
    REQUIRE(found.ggep == Ggep{GgepItem{"M", hex("04")}});
    REQUIRE(found.xml == "<?xml?>");
    REQUIRE(found.unknown == 1);
}

TEST_CASE("an empty area, separators alone and requests for URNs hold nothing") {
    for (std::string const text : {"", "\x1C", "\x1C\x1C\x1C", "urn:", "urn:sha1:"}) {
        auto const found = parse(text);
        REQUIRE(found.urns.empty());
        REQUIRE(found.ggep.empty());
        REQUIRE(found.unknown == 0);
    }
    REQUIRE(parse_extensions(hex("00001c00")).unknown == 0);
}

TEST_CASE("a broken GGEP block takes the rest of its area along, not what stood before it") {
    auto const found = parse(std::string{abc_sha1} +
                             "\x1C\xC3\x81M\xC1\x04\x1C"
                             "urn:sha1:ORWD6TJINRJR4BS6RL3W4CWAQ2EDDRVU");
    REQUIRE(found.urns.size() == 1);
    REQUIRE(found.ggep.empty());
    REQUIRE(found.unknown == 1);
}

TEST_CASE("URNs that are none are counted and skipped") {
    REQUIRE(parse("urn:sha1:tooshort").unknown == 1);
    REQUIRE(parse("urn:uuid:whatever").unknown == 1);
    REQUIRE(parse_extensions(hex("c3 81 48 43 010203")).unknown == 1);
    REQUIRE(parse_extensions(hex("c3 82 5454 41 01")).unknown == 1);
}

TEST_CASE("the items of an area are bounded") {
    std::string text;
    for (std::size_t i = 0; i < extension_items_max + 10; ++i) text += "?\x1C";
    REQUIRE(parse(text).unknown == extension_items_max);
}

TEST_CASE("GGEP H holds a SHA-1 or a bitprint") {
    for (auto const text : {abc_sha1, abc_bitprint}) {
        auto const urn = *Urn::parse(text);
        REQUIRE(decode_ggep_h(encode_ggep_h(urn)) == urn);
    }
    REQUIRE(encode_ggep_h(*Urn::parse(abc_sha1)).size() == 21);
    REQUIRE(encode_ggep_h(*Urn::parse(abc_bitprint)).size() == 45);
    REQUIRE_FALSE(decode_ggep_h({}).has_value());
    REQUIRE_FALSE(decode_ggep_h(hex("03")).has_value());
}

TEST_CASE("knowledge of a URN adds up and is never overwritten") {
    Urn urn = *Urn::parse(abc_sha1);
    complete(urn, *Urn::parse(abc_bitprint));
    REQUIRE(urn == *Urn::parse(abc_bitprint));
    complete(urn, *Urn::parse("urn:sha1:ORWD6TJINRJR4BS6RL3W4CWAQ2EDDRVU"));
    REQUIRE(urn == *Urn::parse(abc_bitprint));
}

}  // namespace huge_test
