#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// How names and queries become words, and when a word that is asked for is in a name. All of Praline uses this one
/// tokenizer; keywords.md says what follows from it for queries, routing tables, the library and the index.
namespace praline::wire {

/// The canonical form in which names and queries are compared: compatibility decomposition, case folding, marks
/// removed, everything but letters, digits and signs of writing systems turned into single blanks, and a blank wherever
/// the Unicode block changes. Invalid UTF-8 counts as blank. "Été_01.Ogg" gives "ete 01 ogg", "Łódź" gives "ł odz".
/// At most `canonical_bytes_max` of the text are read, and at most as many returned. The form of a form is itself.
/// @threads any: pure, as everything here.   @source QRP; node/wire/protocol/query-routing.md
[[nodiscard]] std::string canonical(std::string_view utf8);

/// The text with case and accents folded as in the canonical form, and nothing else changed: punctuation and blanks stay.
/// For text that is looked for inside another. At most `canonical_bytes_max` are read and returned.
[[nodiscard]] std::string folded(std::string_view utf8);

/// Words of the canonical form, in order, duplicates kept. At most `words_max` (64); the rest is left out.
[[nodiscard]] std::vector<std::string> keywords(std::string_view utf8);

/// The same, sorted and each once.
[[nodiscard]] std::vector<std::string> distinct_keywords(std::string_view utf8);

/// A canonical word of a script that is written without blanks (Chinese, Japanese, Thai, …): where its words begin is not
/// known, so it is searched at every character. All characters of a word are of one block, so the first one decides.
[[nodiscard]] bool is_unspaced(std::string_view word);

/// `asked` is the beginning of `word`, or anywhere in it if it is unspaced. Both canonical.
[[nodiscard]] bool word_matches(std::string_view asked, std::string_view word);

/// Every one of `asked` matches one of `words`. Canonical; true of no `asked`.
[[nodiscard]] bool has_words(std::vector<std::string> const& asked, std::vector<std::string> const& words);

/// The word can be looked up by itself. One ASCII letter or digit can not: too many names have it. It still narrows
/// a search by other words.
[[nodiscard]] bool can_lead(std::string_view word);

/// Characters of valid UTF-8.
[[nodiscard]] std::size_t count_characters(std::string_view utf8);

/// The first `characters` of valid UTF-8, or all of it.
[[nodiscard]] std::string_view beginning(std::string_view utf8, std::size_t characters);

/// From each character of an unspaced word on, the `characters` that follow, or as many as there are. "東京物" gives
/// "東京", "京物", "物" for 2. At most `pieces_max` (256); the rest is left out.
[[nodiscard]] std::vector<std::string_view> pieces(std::string_view word, std::size_t characters);

}  // namespace praline::wire
