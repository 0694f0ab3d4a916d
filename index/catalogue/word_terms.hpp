#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// What the full text index holds of a name and what it is asked for, so that it finds what `wire::word_matches` matches:
/// beginnings of words, and parts of words without blanks. The index knows whole terms only, whose lists it reads as far
/// as needed; a search by beginnings of its own would read the lists of all words that have it first.
///
/// Terms are most of what publishing costs, so there are no more of them than needed:
///
/// | word | its terms |
/// |---|---|
/// | ASCII | its beginnings of 3, 4, 6 and 8 characters; a word of 2 or 5 characters itself |
/// | of another script with blanks | its beginnings of 1, 2, 3, 4, 5, 6 and 8 characters |
/// | of a script without blanks | each character, and each two that follow each other |
///
/// A query takes the longest term that its word has. An ASCII word of 2 or 5 characters is looked up as itself or any of
/// the 36 terms that are one character longer: a word of ASCII has no other characters. `is_exact` says whether the whole
/// word was looked up. Pure.
namespace praline::index::catalogue {

/// Terms of all words of these names, each once, with blanks between.
[[nodiscard]] std::string terms_of_names(std::vector<std::string_view> const& names);

struct TermQuery {
    std::string match;      ///< in the language of FTS5; empty: no word can be looked up
    bool is_exact = false;  ///< what has the terms has the words; else that is to be looked at
};

struct TermLimits {
    std::size_t words_max = 16;   ///< looked up, the longest
    std::size_t widened_max = 4;  ///< of them looked up as 37 terms, which costs a look into the index for each
};

/// For canonical words, each once.
[[nodiscard]] TermQuery term_query(std::vector<std::string> const& words, TermLimits const& limits);

}  // namespace praline::index::catalogue
