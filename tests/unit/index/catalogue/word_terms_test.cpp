#include "index/catalogue/word_terms.hpp"

#include <catch2/catch.hpp>

#include "node/wire/keywords.hpp"

namespace word_terms_test {
using namespace praline;
using namespace praline::index;

namespace {

TermQuery query(std::string_view text, std::size_t terms_max = 16) { return term_query(wire::distinct_keywords(text), terms_max); }

}  // namespace

TEST_CASE("the terms of names are beginnings of a few lengths, and characters and pairs of words without blanks") {
    CHECK(terms_of_names({"starlings"}) == "st sta star starl starli starling");
    CHECK(terms_of_names({"A to z"}) == "to");
    CHECK(terms_of_names({"стоп"}) == "с ст сто стоп");
    CHECK(terms_of_names({"東京物"}) == "京 京物 東 東京 物");
    CHECK(terms_of_names({"cat", "Car", "cat"}) == "ca car cat");
    CHECK(terms_of_names({}).empty());
}

TEST_CASE("a query takes the longest terms of its words and knows whether they say all") {
    CHECK(query("star").match == "\"star\"");
    CHECK(query("star").is_exact);
    CHECK(query("starlin").match == "\"starli\"");
    CHECK_FALSE(query("starlin").is_exact);
    CHECK(query("starling").is_exact);
    CHECK_FALSE(query("starlings").is_exact);
    CHECK(query("物").is_exact);
    CHECK(query("物語").is_exact);
    CHECK(query("京物語").match == "\"京物\" AND \"物語\"");
    CHECK_FALSE(query("京物語").is_exact);
    CHECK(query("ø").match == "\"ø\"");
    CHECK(query("t rex").match == "\"rex\"");
    CHECK_FALSE(query("t rex").is_exact);
    CHECK(query("t").match.empty());
    CHECK(query("").match.empty());
    CHECK(query("fig plum cherry", 2).match == "\"cherry\" AND \"plum\"");
    CHECK_FALSE(query("fig plum cherry", 2).is_exact);
}

TEST_CASE("every term of a query is a term of each name that has its words") {
    std::string const name = "Łódź starlings 東京物語のファイル iPhoneФото 80х ภาษาไทย";
    auto const terms = " " + terms_of_names({name}) + " ";
    for (auto const& word : wire::keywords(name))
        for (std::size_t length = 1; length <= wire::count_characters(word); ++length)
            for (auto const piece : wire::pieces(word, length)) {
                if (!wire::word_matches(piece, word)) continue;
                auto const asked = term_query({std::string{piece}}, 100).match;
                for (std::size_t at = asked.find('"'); at != std::string::npos; at = asked.find('"', at + 1)) {
                    auto const end = asked.find('"', at + 1);
                    CHECK(terms.find(" " + asked.substr(at + 1, end - at - 1) + " ") != std::string::npos);
                    at = end;
                }
            }
}

}  // namespace word_terms_test
