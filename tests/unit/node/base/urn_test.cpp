#include "node/base/urn.hpp"

#include <catch2/catch.hpp>

namespace urn_test {
using namespace praline;

namespace {

constexpr char const* sha1 = "VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5";
constexpr char const* tree = "ASD4UJSEH5M47PDYB46KBTSQTSGDKLBHYXOMUIA";

}  // namespace

TEST_CASE("URNs of each kind come back from their text") {
    for (auto const& text : {"urn:sha1:" + std::string{sha1}, "urn:tree:tiger:" + std::string{tree},
                             "urn:bitprint:" + std::string{sha1} + "." + tree}) {
        auto const urn = Urn::parse(text);
        REQUIRE(urn.has_value());
        REQUIRE(urn->text() == text);
    }
    REQUIRE(Urn{}.text().empty());
    REQUIRE(Urn::parse("urn:sha1:" + std::string{sha1})->sha1->urn() == "urn:sha1:" + std::string{sha1});
}

TEST_CASE("case does not matter, and Tiger roots have three names") {
    REQUIRE(Urn::parse("URN:SHA1:vgmt4nsha2awvor6evyxqugcnsonbwe5") == Urn::parse("urn:sha1:" + std::string{sha1}));
    auto const root = Urn::parse("urn:tree:tiger:" + std::string{tree});
    REQUIRE(Urn::parse("urn:tree:tiger/:" + std::string{tree}) == root);
    REQUIRE(Urn::parse("urn:ttroot:" + std::string{tree}) == root);
}

TEST_CASE("texts that are no URN of a file are refused") {
    std::string const good = "urn:sha1:" + std::string{sha1};
    for (std::size_t length = 0; length < good.size(); ++length)
        REQUIRE_FALSE(Urn::parse(good.substr(0, length)).has_value());
    for (auto const& bad : {good + "A", "urn:md5:" + std::string{sha1}, "urn:bitprint:" + std::string{sha1},
                            "urn:bitprint:" + std::string{sha1} + ".", "urn:tree:tiger:" + std::string{sha1},
                            " " + good, std::string{"urn:sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE1"}})
        REQUIRE_FALSE(Urn::parse(bad).has_value());
}

}  // namespace urn_test
