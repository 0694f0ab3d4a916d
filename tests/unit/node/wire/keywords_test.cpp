#include "node/wire/keywords.hpp"

#include <catch2/catch.hpp>

#include "node/base/text.hpp"
#include "node/wire/limits.hpp"
#include "unit/node/wire/vectors.hpp"

namespace keywords_test {
using namespace praline;
using namespace praline::wire;

TEST_CASE("the canonical form has no accents, no capitals and single blanks") {
    REQUIRE(canonical("Été_01.Ogg") == "ete 01 ogg");
    REQUIRE(canonical("  --Hello,   WORLD!--  ") == "hello world");
    REQUIRE(canonical("").empty());
    REQUIRE(canonical("...").empty());
    REQUIRE(canonical("ÉLAN") == canonical("e\xCC\x81lan"));
    REQUIRE(canonical("Straße") == "strasse");
    REQUIRE(canonical("ﬁne Ⅳ x²") == "fine iv x2");
    REQUIRE(canonical("ΣΊΣΥΦΟΣ") == canonical("σίσυφος"));
    REQUIRE(canonical("Ёлка") == "елка");
    REQUIRE(canonical("don't") == "don t");
}

TEST_CASE("scripts whose signs change the letter keep them") {
    REQUIRE(canonical("が") == "が");
    REQUIRE(canonical("か\xE3\x82\x99") == "が");
    REQUIRE(canonical("ｱﾆﾒ") == "アニメ");
    REQUIRE(canonical("한국어") == "한국어");
    REQUIRE(canonical("日本語、テスト") == "日本語 テスト");
}

TEST_CASE("words part where the Unicode block changes") {
    REQUIRE(canonical("Łódź") == "ł odz");
    REQUIRE(canonical("Ærøskøbing") == "æ r ø sk ø bing");
    REQUIRE(canonical("Ørsted måling") == "ø rsted maling");
    REQUIRE(canonical("日本語のファイル") == "日本語 の ファイル");
    REQUIRE(canonical("東京タワー写真") == "東京 タワー 写真");
    REQUIRE(canonical("iPhoneФото") == "iphone фото");
    REQUIRE(canonical("Дискотека80х") == "дискотека 80 х");
    REQUIRE(canonical("Großmütterchen") == "grossmutterchen");
    REQUIRE(canonical("Ελλάδα") == "ελλαδα");
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
    REQUIRE(canonical("foo\xFF"
                      "bar") == "foo bar");
    REQUIRE(canonical("caf\xE9") == "caf");
    REQUIRE(canonical("\xC3") == "");
    REQUIRE(canonical("a\xED\xA0\x80"
                      "b") == "a b");
}

TEST_CASE("invisible characters join, control characters part") {
    REQUIRE(canonical("soft\xC2\xADhyphen") == "softhyphen");
    REQUIRE(canonical("é a\tb\x01"
                      "c") == "e a b c");
    REQUIRE(canonical("a\tb\x01"
                      "c") == "a b c");
}

TEST_CASE("the short way for ASCII is the long way") {
    Rng rng{8};
    for (int i = 0; i < 500; ++i) {
        std::string text;
        for (auto left = rng.below(30); left > 0; --left) text.push_back(static_cast<char>(1 + rng.below(127)));
        auto const longer = canonical(text + " é");
        auto const shorter = canonical(text);
        REQUIRE(longer == (shorter.empty() ? "e" : shorter + " e"));
    }
}

TEST_CASE("the canonical form of anything is UTF-8 and its own canonical form") {
    Rng rng{9};
    std::vector<std::string> const some{"a",  "Ł",        "ß",  "ﷺ",  "か", "\xE3\x82\x99",
                                        "カ", "\xCC\x81", "한", "ᄒ", "ᅡ", "น",
                                        "้",   "Ω",        "ſ",  "İ",  " ",  "々"};
    for (int i = 0; i < 1000; ++i) {
        auto text = std::string{as_text(random_bytes(rng, rng.below(100)))};
        for (auto left = rng.below(8); left > 0; --left) text += some[rng.below(some.size())];
        auto const once = canonical(text);
        REQUIRE(is_valid_utf8(once));
        REQUIRE(canonical(once) == once);
    }
}

TEST_CASE("words keep order and duplicates, and are bounded") {
    REQUIRE(keywords("B a, b") == std::vector<std::string>{"b", "a", "b"});
    REQUIRE(keywords(" . ").empty());
    std::string many;
    for (int i = 0; i < 100; ++i) many += "w ";
    REQUIRE(keywords(many).size() == words_max);
    REQUIRE(canonical(std::string(100000, 'x')).size() == canonical_bytes_max);
    std::string growing;
    for (int i = 0; i < 1000; ++i) growing += "ﷺæa";  // one character becomes eighteen, blanks come between
    REQUIRE(canonical(growing).size() <= canonical_bytes_max);
    REQUIRE(canonical(canonical(growing)) == canonical(growing));
}

}  // namespace keywords_test
