#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "index/catalogue/file_record.hpp"
#include "node/wire/content_kind.hpp"

/// What is found, and in which order. Pure.
namespace praline::index::catalogue {

/// Where a file stands in the lists of the full text index, which are read from the lowest number on: files of a higher
/// tier first, the younger first within a tier. So the best of a long list are read without reading the list.
using DocumentId = Strong<struct DocumentIdTag, std::int64_t>;

/// Files with 4^tier to 4^(tier+1)-1 sources are of one tier: a file changes its place only when its number of sources
/// passes a power of four, which becomes rarer the more there are. Most files never do.
inline constexpr std::uint32_t tier_base = 4;
inline constexpr unsigned tiers = 32;
inline constexpr unsigned file_id_bits = 36;

[[nodiscard]] unsigned tier_of(std::uint32_t sources);
[[nodiscard]] unsigned tier_of(DocumentId document);
[[nodiscard]] DocumentId document_of(FileId file, std::uint32_t sources);
[[nodiscard]] FileId file_of(DocumentId document);

/// What the full text index gets of all that is said of a file (word_terms.hpp).
[[nodiscard]] std::string indexed_terms(FileRecord const& file);

/// What a variant must be.
struct Wish {
    std::vector<std::string> words;       ///< canonical, each once
    std::optional<TigerHash> tiger_root;  ///< not contradicted
    std::uint64_t size_min = 0, size_max = UINT64_MAX;
    std::string kind;  ///< empty: any; not the name of a kind: none
};

/// The variants of a file that satisfy a wish, by their places.
/// @param words_hold  the words are known to be in a file of one variant.
[[nodiscard]] std::vector<std::size_t> satisfying(FileRecord const& file, Wish const& wish, bool words_hold);

}  // namespace praline::index::catalogue
