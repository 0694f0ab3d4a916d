#include "index/catalogue/word_terms.hpp"

#include <algorithm>
#include <array>

#include "node/wire/keywords.hpp"

namespace praline::index::catalogue {
namespace {

constexpr std::array<std::size_t, 6> beginning_characters{2, 3, 4, 5, 6, 8};
constexpr std::size_t pair = 2;

/// A view of `word`, or nothing.
std::string_view longest_beginning(std::string_view word) {
    auto const characters = wire::count_characters(word);
    for (auto length = beginning_characters.rbegin(); length != beginning_characters.rend(); ++length)
        if (*length <= characters) return wire::beginning(word, *length);
    return wire::can_lead(word) ? word : std::string_view{};
}

void add_terms(std::string_view word, std::vector<std::string_view>& terms) {
    if (wire::is_unspaced(word)) {
        for (auto const piece : wire::pieces(word, pair)) {
            terms.push_back(piece);
            terms.push_back(wire::beginning(piece, 1));
        }
        return;
    }
    auto const first = wire::beginning(word, 1);
    if (wire::can_lead(first)) terms.push_back(first);
    auto const characters = word.size() == first.size() ? 1 : wire::count_characters(word);
    for (auto const length : beginning_characters)
        if (length <= characters) terms.push_back(wire::beginning(word, length));
}

/// @returns whether the terms stand for the whole word.
bool add_query_terms(std::string_view word, std::vector<std::string_view>& terms) {
    if (!wire::is_unspaced(word)) {
        auto const term = longest_beginning(word);
        if (!term.empty()) terms.push_back(term);
        return term == word;
    }
    auto pieces = wire::pieces(word, pair);
    if (pieces.size() > 1) pieces.pop_back();   // the last one is no pair
    terms.insert(terms.end(), pieces.begin(), pieces.end());
    return pieces.size() == 1;
}

bool is_longer(std::string_view left, std::string_view right) { return left.size() != right.size() ? left.size() > right.size() : left < right; }

}  // namespace

std::string terms_of_names(std::vector<std::string_view> const& names) {
    std::vector<std::string> words;
    for (auto const name : names) {
        auto some = wire::keywords(name);
        std::move(some.begin(), some.end(), std::back_inserter(words));
    }
    std::vector<std::string_view> terms;
    for (auto const& word : words) add_terms(word, terms);
    std::sort(terms.begin(), terms.end());
    terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
    std::string text;
    for (auto const term : terms) {
        if (!text.empty()) text += ' ';
        text += term;
    }
    return text;
}

TermQuery term_query(std::vector<std::string> const& words, std::size_t terms_max) {
    std::vector<std::string_view> terms;
    TermQuery query{{}, true};
    for (auto const& word : words) query.is_exact = add_query_terms(word, terms) && query.is_exact;
    std::sort(terms.begin(), terms.end(), is_longer);
    terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
    if (terms.size() > terms_max) {
        terms.resize(terms_max);
        query.is_exact = false;
    }
    for (auto const term : terms) {
        if (!query.match.empty()) query.match += " AND ";
        query.match += '"';
        query.match += term;
        query.match += '"';
    }
    return query;
}

}  // namespace praline::index::catalogue
