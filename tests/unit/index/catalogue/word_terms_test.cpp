#include "index/catalogue/word_terms.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "node/wire/keywords.hpp"

namespace word_terms_test {
using namespace praline;
using namespace praline::index;
using namespace praline::index::catalogue;

namespace {

TermQuery query(std::string_view text, TermLimits limits = {}) {
    return term_query(wire::distinct_keywords(text), limits);
}

/// How an ASCII word of 2 or 5 characters is looked up.
std::string widened(std::string const& word) {
    auto match = "(\"" + word + "\"";
    for (char const next : std::string_view{"0123456789abcdefghijklmnopqrstuvwxyz"})
        match += " OR \"" + word + next + "\"";
    return match + ")";
}

/// The terms of each part of a query that must be found, of which one is enough.
std::vector<std::vector<std::string>> lookups(std::string const& match) {
    std::vector<std::vector<std::string>> parts;
    for (std::size_t at = match.find('"'); at != std::string::npos; at = match.find('"', at + 1)) {
        auto const end = match.find('"', at + 1);
        bool const is_alternative = at >= 4 && match.compare(at - 4, 4, " OR ") == 0;
        if (!is_alternative) parts.emplace_back();
        parts.back().push_back(match.substr(at + 1, end - at - 1));
        at = end;
    }
    return parts;
}

}  // namespace

TEST_CASE("the terms of names are beginnings of a few lengths, and characters and pairs of words without blanks") {
    CHECK(terms_of_names({"starlings"}) == "sta star starli starling");
    CHECK(terms_of_names({"stars"}) == "sta star stars");
    CHECK(terms_of_names({"A to z"}) == "to");
    CHECK(terms_of_names({"стоп"}) == "с ст сто стоп");
    CHECK(terms_of_names({"東京物"}) == "京 京物 東 東京 物");
    CHECK(terms_of_names({"cat", "Car", "cat"}) == "car cat");
    CHECK(terms_of_names({"starling star stars", "starch"}) == "sta star starch starli starling stars");
    CHECK(terms_of_names({}).empty());
}

TEST_CASE("a query takes the longest terms of its words and knows whether they say all") {
    CHECK(query("star").match == "\"star\"");
    CHECK(query("star").is_exact);
    CHECK(query("starlin").match == "\"starli\"");
    CHECK_FALSE(query("starlin").is_exact);
    CHECK(query("starling").is_exact);
    CHECK_FALSE(query("starlings").is_exact);
    CHECK(query("st").match == widened("st"));
    CHECK(query("st").is_exact);
    CHECK(query("starl").match == widened("starl"));
    CHECK(query("starl").is_exact);
    CHECK(query("starl rex").match == widened("starl") + " AND \"rex\"");
    CHECK(query("物").is_exact);
    CHECK(query("物語").is_exact);
    CHECK(query("京物語").match == "\"京物\" AND \"物語\"");
    CHECK_FALSE(query("京物語").is_exact);
    CHECK(query("ø").match == "\"ø\"");
    CHECK(query("t rex").match == "\"rex\"");
    CHECK_FALSE(query("t rex").is_exact);
    CHECK(query("t").match.empty());
    CHECK(query("").match.empty());
    CHECK(query("fig plum cherry", {2}).match == "\"cherry\" AND \"plum\"");
    CHECK_FALSE(query("fig plum cherry", {2}).is_exact);
    CHECK(query("grape lemon an", {16, 1}).match == widened("grape") + " AND \"lemo\"");
    CHECK_FALSE(query("grape lemon an", {16, 1}).is_exact);
}

TEST_CASE("of every word of a query a term is a term of each name that has its words") {
    std::string const name = "Łódź starlings 東京物語のファイル iPhoneФото 80х ภาษาไทย an stars";
    auto const terms = " " + terms_of_names({name}) + " ";
    for (auto const& word : wire::keywords(name))
        for (std::size_t length = 1; length <= wire::count_characters(word); ++length)
            for (auto const piece : wire::pieces(word, length)) {
                if (!wire::word_matches(piece, word)) continue;
                for (auto const& alternatives : lookups(term_query({std::string{piece}}, {100, 100}).match))
                    CHECK(std::any_of(alternatives.begin(), alternatives.end(), [&](std::string const& term) {
                        return terms.find(" " + term + " ") != std::string::npos;
                    }));
            }
}

}  // namespace word_terms_test
