#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "search/match/conditions.hpp"

namespace praline::search {

/// What a user wrote, taken apart: words, `-word` for what names must not hold, `"several words"` for what they must hold
/// as it stands, `-"several words"` for both. A minus counts at the beginning of a word only ("spider-man" is two words),
/// and a word of several parts is excluded as a phrase ("-gpl-3"). What Conditions takes is a condition, unless quoted.
struct SearchText {
    /// A word or phrase.
    struct Part {
        std::string shown;      ///< as it was written, without minus and quotes
        std::string canonical;  ///< words of wire::canonical, one blank between them; never empty
        friend bool operator==(Part const&, Part const&) = default;
    };
    std::string wanted;         ///< what goes out: all of the text but the exclusions, phrases without their quotes
    std::vector<Part> phrases;  ///< of two words or more; their words are in `wanted` too
    std::vector<Part> excluded;
    Conditions conditions;  ///< words such as `size:>10M`; they are in nothing else

    /// A sentence: why the whole could find nothing; empty: it may find something.
    [[nodiscard]] std::string problem() const;
};

/// @threads any: pure.
[[nodiscard]] SearchText split_search_text(std::string_view text);

/// The text without anything that `split_search_text` would take for an exclusion or a phrase: the words of a file's name.
[[nodiscard]] std::string literal_search_text(std::string_view text);

/// Whether a name in canonical form holds a word or phrase, as searches compare: beginnings of words count, and in scripts
/// that write without blanks any place does.
[[nodiscard]] bool holds(std::string_view canonical_name, std::string_view canonical_part);

}  // namespace praline::search
