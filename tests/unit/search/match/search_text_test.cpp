#include "search/match/search_text.hpp"

#include <catch2/catch.hpp>

#include "node/base/rng.hpp"

namespace search_text_test {
using namespace praline;
using namespace praline::search;

namespace {

std::vector<std::string> canonical(std::vector<SearchText::Part> const& parts) {
    std::vector<std::string> out;
    for (auto const& part : parts) out.push_back(part.canonical);
    return out;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("a minus in front of a word leaves it out, one inside a word or alone does not") {
    auto const text = split_search_text("angel -battle spider-man - title -");
    CHECK(text.wanted == "angel spider-man title");
    CHECK(canonical(text.excluded) == Strings{"battle"});
    CHECK(text.problem().empty());
    CHECK(split_search_text("a - b").excluded.empty());
    CHECK(split_search_text("-battle angel").wanted == "angel");
    CHECK(canonical(split_search_text("angel\t-Battle\n--Alita").excluded) == Strings{"battle", "alita"});
}

TEST_CASE("what was excluded is shown as it was written and compared in canonical form") {
    auto const text = split_search_text("lieder -Été -gpl-3");
    REQUIRE(text.excluded.size() == 2);
    CHECK(text.excluded[0] == SearchText::Part{"Été", "ete"});
    CHECK(text.excluded[1] == SearchText::Part{"gpl-3", "gpl 3"});
}

TEST_CASE("quotes make a phrase of several words, wanted or left out; a quote without an end is none") {
    auto const text = split_search_text("one \"Battle Angel\" -\"last order\" \"single\" two\"three four\"");
    CHECK(text.wanted == "one Battle Angel single two three four");
    CHECK(canonical(text.phrases) == Strings{"battle angel", "three four"});
    CHECK(canonical(text.excluded) == Strings{"last order"});
    CHECK(split_search_text("12\" vinyl").phrases.empty());
    CHECK(split_search_text("\"open end").phrases.empty());
    CHECK(split_search_text("\"\" \"").phrases.empty());
}

TEST_CASE("what could find nothing gets a sentence") {
    CHECK(split_search_text("-battle").problem().find("at least one word") != std::string::npos);
    CHECK(split_search_text("-\"battle angel\" -x").problem().find("battle angel") != std::string::npos);
    CHECK(split_search_text("categories -cat").problem().find("\"categories\" is asked for") != std::string::npos);
    CHECK(split_search_text("angel -angels").problem().empty());
    std::string many = "angel";
    for (int i = 0; i < 40; ++i) many += " -x" + std::to_string(i);
    CHECK(split_search_text(many).problem().find("At most 32") == 0);
    CHECK(split_search_text("").problem().empty());
    CHECK(split_search_text("angel size:big").problem().find("\"size:big\" is not understood. Write size:>10M") == 0);
    CHECK(split_search_text("type:audio").problem().find("only narrows a search") != std::string::npos);
}

TEST_CASE("a word is held where a word of the name begins with it, without blanks anywhere") {
    CHECK(holds("battle angel alita", "battle"));
    CHECK(holds("battle angel alita", "angel al"));
    CHECK(holds("battles", "battle"));
    CHECK_FALSE(holds("embattled", "battle"));
    CHECK(holds("embattled battle", "battle"));
    CHECK_FALSE(holds("battle angel", "angel battle"));
    CHECK(holds("日本語のファイル", "ファイル"));
    CHECK_FALSE(holds("", "battle"));
}

TEST_CASE("a file's name searched for excludes nothing") {
    auto const text = split_search_text(literal_search_text("Artist -Title \"live\" -- x-y -"));
    CHECK(text.excluded.empty());
    CHECK(text.phrases.empty());
    CHECK(text.wanted.find("x-y") != std::string::npos);
}

TEST_CASE("whatever the text, taking it apart ends, and no excluded word is among those that go out") {
    Rng rng{3};
    std::string const signs = "ab -\"\t\xC3\xA9\xFF";
    for (int round = 0; round < 20'000; ++round) {
        std::string text(rng.below(24), ' ');
        for (char& c : text) c = signs[rng.below(signs.size())];
        auto const apart = split_search_text(text);
        REQUIRE(apart.wanted.size() <= 2 * text.size());
        for (auto const& part : apart.excluded) REQUIRE_FALSE(part.canonical.empty());
        REQUIRE(split_search_text(literal_search_text(text)).excluded.empty());
    }
}

}  // namespace search_text_test
