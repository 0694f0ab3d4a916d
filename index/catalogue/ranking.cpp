#include "index/catalogue/ranking.hpp"

#include <algorithm>
#include <string_view>

#include "node/wire/keywords.hpp"
#include "node/wire/limits.hpp"

namespace praline::index {
namespace {

constexpr std::int64_t file_id_mask = (std::int64_t{1} << file_id_bits) - 1;

bool is_of_kind(std::string const& name, std::string const& kind) {
    return kind.empty() || wire::name_of(wire::content_kind(name)) == kind;
}

bool has_words(std::string const& name, std::vector<std::string> const& words) {
    auto const own = words_of(name, wire::words_max);
    return std::includes(own.begin(), own.end(), words.begin(), words.end());
}

bool satisfies(Variant const& variant, Wish const& wish) {
    return variant.size_bytes >= wish.size_min && variant.size_bytes <= wish.size_max &&
           (!wish.tiger_root || !variant.tiger_root || wish.tiger_root == variant.tiger_root) && is_of_kind(variant.name, wish.kind);
}

/// The part of a canonic text that has no more words than count.
std::string_view counted_words(std::string_view canonic) {
    std::size_t end = 0;
    for (std::size_t words = 0; words < wire::words_max; ++words) {
        end = canonic.find(' ', end);
        if (end == std::string_view::npos) return canonic;
        ++end;
    }
    return canonic.substr(0, end - 1);
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

std::vector<std::string> words_of(std::string_view text, std::size_t words_max) {
    auto words = wire::keywords(text);
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    if (words.size() > words_max) words.resize(words_max);
    return words;
}

std::string indexed_words(FileRecord const& file) {
    std::string text;
    for (auto const& variant : file.variants) {
        if (!variant) continue;
        auto canonic = wire::canonic(variant->name);
        canonic.resize(counted_words(canonic).size());
        if (text.empty()) text = std::move(canonic);
        else if (!canonic.empty()) text += ' ' + canonic;
    }
    return text;
}

std::string all_of(std::vector<std::string> const& words) {
    std::string text;
    for (auto const& word : words) {
        if (!text.empty()) text += " AND ";
        text += '"' + word + '"';
    }
    return text;
}

std::vector<std::size_t> satisfying(FileRecord const& file, Wish const& wish, bool words_hold) {
    bool const look_at_words = !wish.words.empty() && !(words_hold && file.variants.size() == 1);
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < file.variants.size(); ++i) {
        auto const& variant = file.variants[i];
        if (variant && satisfies(*variant, wish) && (!look_at_words || has_words(variant->name, wish.words))) places.push_back(i);
    }
    return places;
}

}  // namespace praline::index
