#include "index/catalogue/ranking.hpp"

#include <string_view>

#include "index/catalogue/word_terms.hpp"
#include "node/wire/keywords.hpp"

namespace praline::index::catalogue {
namespace {

constexpr std::int64_t file_id_mask = (std::int64_t{1} << file_id_bits) - 1;

bool is_of_kind(std::string const& name, std::string const& kind) {
    return kind.empty() || wire::name_of(wire::content_kind(name)) == kind;
}

bool has_words(std::string const& name, std::vector<std::string> const& words) {
    return wire::has_words(words, wire::keywords(name));
}

bool satisfies(Variant const& variant, Wish const& wish) {
    return variant.size_bytes >= wish.size_min && variant.size_bytes <= wish.size_max &&
           (!wish.tiger_root || !variant.tiger_root || wish.tiger_root == variant.tiger_root) &&
           is_of_kind(variant.name, wish.kind);
}

}  // namespace

unsigned tier_of(std::uint32_t sources) {
    unsigned tier = 0;
    for (; sources >= tier_base; sources /= tier_base) ++tier;
    return tier;
}

unsigned tier_of(DocumentId document) { return tiers - 1 - static_cast<unsigned>(document.value() >> file_id_bits); }

DocumentId document_of(FileId file, std::uint32_t sources) {
    auto const place = std::int64_t{tiers - 1 - tier_of(sources)};
    return DocumentId{(place << file_id_bits) | (file_id_mask - file.value())};
}

FileId file_of(DocumentId document) { return FileId{file_id_mask - (document.value() & file_id_mask)}; }

std::string indexed_terms(FileRecord const& file) {
    std::vector<std::string_view> names;
    for (auto const& variant : file.variants)
        if (variant) names.push_back(variant->name);
    return terms_of_names(names);
}

std::vector<std::size_t> satisfying(FileRecord const& file, Wish const& wish, bool words_hold) {
    bool const look_at_words = !wish.words.empty() && !(words_hold && file.variants.size() == 1);
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < file.variants.size(); ++i) {
        auto const& variant = file.variants[i];
        if (variant && satisfies(*variant, wish) && (!look_at_words || has_words(variant->name, wish.words)))
            places.push_back(i);
    }
    return places;
}

}  // namespace praline::index::catalogue
