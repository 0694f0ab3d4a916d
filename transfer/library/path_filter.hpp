#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace praline::library {

/// What a filter compares of a path that is not ASCII, worked out beforehand; empty: the path is ASCII and compared as it is.
/// @threads any: pure, as all of this.
[[nodiscard]] std::string folded_for_filter(std::string_view virtual_path);

/// The owner's filter over virtual paths: a path fits if it contains the text, whatever the case and the accents. Several
/// words may also stand in any order, each at the beginning of a word, as in a search.
class PathFilter {
public:
    explicit PathFilter(std::string_view text);
    /// Of a path for which `folded_for_filter` is empty.
    [[nodiscard]] bool matches_ascii(std::string_view virtual_path) const;
    /// Of what `folded_for_filter` made of it.
    [[nodiscard]] bool matches_folded(std::string_view folded) const;

private:
    [[nodiscard]] bool has_words(std::string_view folded) const;

    std::string text_;                ///< folded
    std::vector<std::string> words_;  ///< empty: fewer than two
};

}  // namespace praline::library
