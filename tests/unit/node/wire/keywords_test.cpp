#include "node/wire/keywords.hpp"

#include <catch2/catch.hpp>

#include "node/base/text.hpp"
#include "node/wire/limits.hpp"
#include "unit/node/wire/vectors.hpp"

namespace keywords_test {
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

TEST_CASE("words part where the Unicode block changes") {
    REQUIRE(canonic("Łódź") == "ł odz");
    REQUIRE(canonic("Ærøskøbing") == "æ r ø sk ø bing");
    REQUIRE(canonic("Ørsted måling") == "ø rsted maling");
    REQUIRE(canonic("日本語のファイル") == "日本語 の ファイル");
    REQUIRE(canonic("東京タワー写真") == "東京 タワー 写真");
    REQUIRE(canonic("iPhoneФото") == "iphone фото");
    REQUIRE(canonic("Дискотека80х") == "дискотека 80 х");
    REQUIRE(canonic("Großmütterchen") == "grossmutterchen");
    REQUIRE(canonic("Ελλάδα") == "ελλαδα");
    REQUIRE(keywords("東京tower") == std::vector<std::string>{"東京", "tower"});
}

TEST_CASE("scripts without blanks between words are known by their first character") {
    for (auto const* word : {"東京物語", "ひらがな", "タワー", "ไทย", "ລາວ", "한국어", "မြန်မာ", "ខ្មែរ", "𠀋"})
        REQUIRE(is_unspaced(word));
    for (auto const* word : {"", "tokyo", "80", "стоп", "ł", "العربية", "हिन्दी", "ελλαδα"})
        REQUIRE_FALSE(is_unspaced(word));
}

TEST_CASE("a word is found by its beginning, one without blanks anywhere") {
    REQUIRE(word_matches("star", "starling"));
    REQUIRE(word_matches("starling", "starling"));
    REQUIRE_FALSE(word_matches("ling", "starling"));
    REQUIRE_FALSE(word_matches("starlings", "starling"));
    REQUIRE(word_matches("сто", "стоп"));
    REQUIRE_FALSE(word_matches("топ", "стоп"));
    REQUIRE(word_matches("物語", "東京物語"));
    REQUIRE(word_matches("京", "東京物語"));
    REQUIRE(word_matches("ไทย", "ภาษาไทย"));
    REQUIRE_FALSE(word_matches("東物", "東京物語"));
}

TEST_CASE("all words that are asked for must be there") {
    auto const name = keywords("東京物語 (1953) Tokyo Story");
    REQUIRE(has_words({"物語", "195", "tok"}, name));
    REQUIRE_FALSE(has_words({"物語", "1954"}, name));
    REQUIRE(has_words({}, name));
}

TEST_CASE("one ASCII letter leads no search, one letter of another script does") {
    REQUIRE_FALSE(can_lead("x"));
    REQUIRE_FALSE(can_lead(""));
    REQUIRE(can_lead("u2"));
    REQUIRE(can_lead("ø"));
    REQUIRE(can_lead("の"));
}

TEST_CASE("pieces begin at every character and are cut between characters") {
    REQUIRE(pieces("東京物", 2) == std::vector<std::string_view>{"東京", "京物", "物"});
    REQUIRE(pieces("東", 2) == std::vector<std::string_view>{"東"});
    REQUIRE(pieces("", 2).empty());
    REQUIRE(beginning("東京物", 2) == "東京");
    REQUIRE(beginning("ab", 9) == "ab");
    REQUIRE(beginning("ab", 0).empty());
    REQUIRE(count_characters("東京ab") == 4);
    std::string run;
    for (int i = 0; i < 1000; ++i) run += "東";
    REQUIRE(pieces(run, 2).size() == pieces_max);
}

TEST_CASE("what is not UTF-8 counts as a blank") {
    REQUIRE(canonic("foo\xFF"
                    "bar") == "foo bar");
    REQUIRE(canonic("caf\xE9") == "caf");
    REQUIRE(canonic("\xC3") == "");
    REQUIRE(canonic("a\xED\xA0\x80"
                    "b") == "a b");
}

TEST_CASE("invisible characters join, control characters part") {
    REQUIRE(canonic("soft\xC2\xADhyphen") == "softhyphen");
    REQUIRE(canonic("é a\tb\x01"
                    "c") == "e a b c");
    REQUIRE(canonic("a\tb\x01"
                    "c") == "a b c");
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
    std::vector<std::string> const some{"a",  "Ł",        "ß",  "ﷺ",  "か", "\xE3\x82\x99",
                                        "カ", "\xCC\x81", "한", "ᄒ", "ᅡ", "น",
                                        "้",   "Ω",        "ſ",  "İ",  " ",  "々"};
    for (int i = 0; i < 1000; ++i) {
        auto text = std::string{as_text(random_bytes(rng, rng.below(100)))};
        for (auto left = rng.below(8); left > 0; --left) text += some[rng.below(some.size())];
        auto const once = canonic(text);
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
    std::string growing;
    for (int i = 0; i < 1000; ++i) growing += "ﷺæa";  // one character becomes eighteen, blanks come between
    REQUIRE(canonic(growing).size() <= canonic_bytes_max);
    REQUIRE(canonic(canonic(growing)) == canonic(growing));
}

}  // namespace keywords_test
