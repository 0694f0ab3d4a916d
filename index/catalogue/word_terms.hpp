#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// What the full text index holds of a name and what it is asked for, so that it finds what `wire::word_matches` matches:
/// beginnings of words, and parts of words without blanks. The index knows whole terms only, whose lists it reads as far
/// as needed; a search by beginnings of its own would read the lists of all words that have it first.
///
/// Terms of a word are its beginnings of 2, 3, 4, 5, 6 and 8 characters (of 1 too if it is not ASCII); of a word without
/// blanks each character and each two that follow each other. A query takes the longest of them that its word has, and
/// `is_exact` says whether that is the whole word. Pure.
namespace praline::index::catalogue {

/// Terms of all words of these names, each once, with blanks between.
[[nodiscard]] std::string terms_of_names(std::vector<std::string_view> const& names);

struct TermQuery {
    std::string match;         ///< in the language of FTS5; empty: no word can be looked up
    bool is_exact = false;     ///< what has the terms has the words; else that is to be looked at
};

/// For canonical words. At most `terms_max` terms, the longest.
[[nodiscard]] TermQuery term_query(std::vector<std::string> const& words, std::size_t terms_max);

}  // namespace praline::index::catalogue

namespace praline::index { using namespace catalogue; }   // until all rooms above name it
