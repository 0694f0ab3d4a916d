#include "search/match/hit_match.hpp"

#include <catch2/catch.hpp>

#include "node/wire/limits.hpp"

namespace hit_match_test {
using namespace praline;
using namespace praline::search;
using Verdict = HitMatch::Verdict;

namespace {

Urn sha1(std::uint8_t number) {
    Urn urn;
    urn.sha1 = Sha1{{number}};
    return urn;
}
Urn with_root(Urn urn, std::uint8_t root) {
    urn.tiger_root = TigerHash{{root}};
    return urn;
}

wire::Query query_of(std::string text, std::optional<Urn> urn = std::nullopt) {
    wire::Query query;
    query.text = std::move(text);
    if (urn) query.urns.push_back(*urn);
    return query;
}

Verdict judge(HitMatch const& match, std::string name, Urn const& urn = {}, std::string metadata = {}) {
    wire::QueryHit hit;
    hit.records.resize(1);
    hit.records[0].name = std::move(name);
    hit.records[0].urn = urn;
    hit.metadata.text = std::move(metadata);
    return match.judge(hit).at(0);
}

}  // namespace

TEST_CASE("a name with one of the words answers, one with none does not") {
    HitMatch const match{query_of("wanted thing")};
    CHECK(judge(match, "The Wanted.mp3") == Verdict::answers);
    CHECK(judge(match, "some THINGS.txt") == Verdict::answers);
    CHECK(judge(match, "viagra 12.exe") == Verdict::no_words);
    CHECK(judge(match, "") == Verdict::no_words);
}

TEST_CASE("programs that cut names into other words are answers too") {
    CHECK(judge(HitMatch{query_of("i phone")}, "iPhone.png") == Verdict::answers);
    CHECK(judge(HitMatch{query_of("ファイル")}, "日本語のファイル.txt") == Verdict::answers);
    CHECK(judge(HitMatch{query_of("ete")}, "L'Été.ogg") == Verdict::answers);
}

TEST_CASE("words that are in most names decide only where there is no longer one") {
    CHECK(judge(HitMatch{query_of("a thing of be")}, "viagra.exe") == Verdict::no_words);
    CHECK(judge(HitMatch{query_of("to be")}, "To be or not.txt") == Verdict::answers);
    CHECK(judge(HitMatch{query_of("to be")}, "viagra.exe") == Verdict::no_words);
}

TEST_CASE("a file found by what it says of itself is an answer, unless it is left out") {
    HitMatch const match{query_of("beatles")};
    CHECK(judge(match, "01 yesterday.mp3", {}, "<audio artist=\"The Beatles\"/>") == Verdict::answers);
    CHECK(judge(match, "01 yesterday.mp3", {}, "<audio artist=\"Others\"/>") == Verdict::no_words);
    std::string const far(3 * wire::canonical_bytes_max - 4, '.');
    CHECK(judge(match, "01.mp3", {}, far + "beatles") == Verdict::answers);
    CHECK(judge(HitMatch{query_of("beatles"), split_search_text("beatles -yesterday")}, "01 yesterday.mp3", {},
                "beatles") == Verdict::excluded);
}

TEST_CASE("a search for a hash takes that hash only, under any name") {
    HitMatch const match{query_of("words", sha1(1))};
    CHECK(judge(match, "anything", sha1(1)) == Verdict::answers);
    CHECK(judge(match, "anything", with_root(sha1(1), 9)) == Verdict::answers);
    CHECK(judge(match, "words", sha1(2)) == Verdict::other_content);
    CHECK(judge(match, "words") == Verdict::other_content);
    CHECK(judge(match, "words", with_root({}, 9)) == Verdict::other_content);
    HitMatch const both{query_of("\\", with_root(sha1(1), 9))};
    CHECK(judge(both, "x", sha1(1)) == Verdict::answers);
    CHECK(judge(both, "x", with_root({}, 9)) == Verdict::answers);
    CHECK(judge(both, "x", with_root(sha1(2), 9)) == Verdict::other_content);
    CHECK(judge(both, "x", with_root({}, 8)) == Verdict::other_content);
    HitMatch const root{query_of("\\", with_root({}, 9))};
    CHECK(judge(root, "x", with_root(sha1(5), 9)) == Verdict::answers);
    CHECK(judge(root, "x", sha1(5)) == Verdict::other_content);
}

TEST_CASE("what the user leaves out is no answer, and a phrase must stand as it was written") {
    HitMatch const match{query_of("angel"), split_search_text("angel -battle")};
    CHECK(judge(match, "Angel.mkv") == Verdict::answers);
    CHECK(judge(match, "Battle Angel Alita.mkv") == Verdict::excluded);
    CHECK(judge(match, "Angel of battles.mkv") == Verdict::excluded);
    CHECK(judge(match, "embattled angel.mkv") == Verdict::answers);
    HitMatch const phrase{query_of("battle angel"), split_search_text("\"battle angel\" -\"last order\"")};
    CHECK(judge(phrase, "Battle Angel 1.mkv") == Verdict::answers);
    CHECK(judge(phrase, "angel of battle.mkv") == Verdict::excluded);
    CHECK(judge(phrase, "Battle Angel: Last Order.mkv") == Verdict::excluded);
    CHECK(judge(phrase, "Battle Angel: the order that was last.mkv") == Verdict::answers);
}

}  // namespace hit_match_test
