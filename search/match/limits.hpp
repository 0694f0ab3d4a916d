#pragma once

#include <cstddef>
#include <cstdint>

/// The bounds of search/match.
namespace praline::search {

inline constexpr std::size_t exclusions_max =
    32;                                         ///< of one search text; each is looked for in every name that comes in
inline constexpr std::size_t phrases_max = 32;  ///< the same of phrases
inline constexpr std::size_t conditions_max = 32;                        ///< `size:` and the like, of one search text
inline constexpr std::size_t ending_letters_max = 16;                    ///< of an ending that is asked for
inline constexpr std::size_t sources_asked_max = 10'000;                 ///< that a search may ask its results to have
inline constexpr std::uint64_t size_asked_max = std::uint64_t{1} << 60;  ///< bytes, of a file in `size:`
inline constexpr std::size_t telling_bytes =
    3;  ///< shorter words are in most names: they decide only where there is no longer one
inline constexpr std::size_t shown_bytes_max = 80;  ///< of an exclusion as it is shown to the user

inline constexpr std::size_t slice_overlap_bytes =
    128;  ///< of metadata that is looked at in slices: longer than most words

}  // namespace praline::search
