#include "node/wire/keywords.hpp"

#include <catch2/catch.hpp>

#include "node/base/text.hpp"
#include "node/wire/limits.hpp"
#include "unit/node/wire/vectors.hpp"

using namespace praline;
using namespace praline::wire;

TEST_CASE("the canonic form has no accents, no capitals and single blanks") {
    REQUIRE(canonic("Été_01.Ogg") == "ete 01 ogg");
    REQUIRE(canonic("  --Hello,   WORLD!--  ") == "hello world");
    REQUIRE(canonic("").empty());
    REQUIRE(canonic("...").empty());
    REQUIRE(canonic("ÉLAN") == canonic("e\xCC\x81lan"));
    REQUIRE(canonic("Straße") == "strasse");
    REQUIRE(canonic("ﬁne Ⅳ x²") == "fine iv x2");
    REQUIRE(canonic("ΣΊΣΥΦΟΣ") == canonic("σίσυφος"));
    REQUIRE(canonic("Ёлка") == "елка");
    REQUIRE(canonic("don't") == "don t");
}

TEST_CASE("scripts whose signs change the letter keep them") {
    REQUIRE(canonic("が") == "が");
    REQUIRE(canonic("か\xE3\x82\x99") == "が");
    REQUIRE(canonic("ｱﾆﾒ") == "アニメ");
    REQUIRE(canonic("한국어") == "한국어");
    REQUIRE(canonic("日本語、テスト") == "日本語 テスト");
}

TEST_CASE("what is not UTF-8 counts as a blank") {
    REQUIRE(canonic("foo\xFF" "bar") == "foo bar");
    REQUIRE(canonic("caf\xE9") == "caf");
    REQUIRE(canonic("\xC3") == "");
    REQUIRE(canonic("a\xED\xA0\x80" "b") == "a b");
}

TEST_CASE("invisible characters join, control characters part") {
    REQUIRE(canonic("soft\xC2\xADhyphen") == "softhyphen");
    REQUIRE(canonic("é a\tb\x01" "c") == "e a b c");
    REQUIRE(canonic("a\tb\x01" "c") == "a b c");
}

TEST_CASE("the short way for ASCII is the long way") {
    Rng rng{8};
    for (int i = 0; i < 500; ++i) {
        std::string text;
        for (auto left = rng.below(30); left > 0; --left) text.push_back(static_cast<char>(1 + rng.below(127)));
        auto const longer = canonic(text + " é");
        auto const shorter = canonic(text);
        REQUIRE(longer == (shorter.empty() ? "e" : shorter + " e"));
    }
}

TEST_CASE("the canonic form of anything is UTF-8 and its own canonic form") {
    Rng rng{9};
    for (int i = 0; i < 1000; ++i) {
        auto const bytes = random_bytes(rng, rng.below(100));
        auto const once = canonic(as_text(bytes));
        REQUIRE(is_valid_utf8(once));
        REQUIRE(canonic(once) == once);
    }
}

TEST_CASE("words keep order and duplicates, and are bounded") {
    REQUIRE(keywords("B a, b") == std::vector<std::string>{"b", "a", "b"});
    REQUIRE(keywords(" . ").empty());
    std::string many;
    for (int i = 0; i < 100; ++i) many += "w ";
    REQUIRE(keywords(many).size() == words_max);
    REQUIRE(canonic(std::string(100000, 'x')).size() == canonic_bytes_max);
}
