#include "search/qrp/hash.hpp"

#include <algorithm>
#include <string>

#include "node/base/bytes.hpp"
#include "node/base/text.hpp"
#include "node/wire/keywords.hpp"
#include "search/qrp/limits.hpp"

namespace praline::search::qrp {
namespace {

constexpr std::uint32_t multiplier = 0x4F1BBCDC;

/// Mixes code units in, one byte at a time, round and round the four bytes of the state.
class Mixer {
public:
    void unit(std::uint32_t code_unit) {
        state_ ^= (code_unit & 0xFF) << (8 * (count_ % 4));
        ++count_;
    }
    void character(std::uint32_t code_point) {
        if (code_point < 0x10000) {
            unit(code_point);
            return;
        }
        std::uint32_t const above = code_point - 0x10000;
        unit(0xD800 + (above >> 10));
        unit(0xDC00 + (above & 0x3FF));
    }
    [[nodiscard]] std::uint32_t product() const { return state_ * multiplier; }

private:
    std::uint32_t state_ = 0;
    std::uint32_t count_ = 0;
};

std::size_t sequence_bytes(std::uint8_t lead) {
    if (lead >= 0xF0 && lead < 0xF8) return 4;
    if (lead >= 0xE0) return lead < 0xF0 ? 3 : 1;
    return lead >= 0xC0 ? 2 : 1;
}

void add_different(std::vector<std::uint32_t>& to, std::uint32_t product, std::size_t most) {
    if (to.size() < most && std::find(to.begin(), to.end(), product) == to.end()) to.push_back(product);
}

/// What TableBuilder announces of every word of which this one is a part, but not the word itself.
std::vector<std::uint32_t> parts_of(std::string_view word) {
    constexpr std::size_t pair = 2;
    std::vector<std::uint32_t> parts;
    auto const characters = wire::count_characters(word);
    if (!wire::is_unspaced(word)) {
        if (characters > beginning_characters_max)
            parts.push_back(hash_product(wire::beginning(word, beginning_characters_max)));
    } else if (characters > run_characters_max) {
        auto pieces = wire::pieces(word, pair);
        pieces.pop_back();  // the last one is no pair
        for (auto const piece : pieces) add_different(parts, hash_product(piece), query_parts_max);
    }
    return parts;
}

void add_words(QueryTerms& terms, std::string_view text) {
    for (std::string const& word : wire::keywords(text)) {
        if (word.size() < word_bytes_min) continue;
        auto const known = terms.words.size();
        add_different(terms.words, hash_product(word), query_words_max);
        if (terms.words.size() > known) terms.parts.push_back(parts_of(word));
    }
}

}  // namespace

std::uint32_t hash_product(std::string_view word) noexcept {
    Mixer mixer;
    for (std::size_t at = 0; at < word.size();) {
        auto const lead = static_cast<std::uint8_t>(word[at]);
        std::size_t const length = sequence_bytes(lead);
        if (length == 1 || at + length > word.size()) {
            mixer.unit(lead);
            ++at;
            continue;
        }
        std::uint32_t code_point = lead & (0x7FU >> length);
        for (std::size_t i = 1; i < length; ++i)
            code_point = (code_point << 6) | (static_cast<std::uint8_t>(word[at + i]) & 0x3FU);
        mixer.character(code_point);
        at += length;
    }
    return mixer.product();
}

std::uint32_t qrp_hash(std::string_view word, unsigned bits) noexcept { return slot_of(hash_product(word), bits); }

QueryTerms QueryTerms::of(wire::Query const& query) {
    QueryTerms terms;
    add_words(terms, query.text);
    for (wire::GgepItem const& item : query.ggep)
        if (item.id == "XQ") add_words(terms, as_text(item.data));
    for (Urn const& urn : query.urns) {
        if (urn.sha1) add_different(terms.urns, hash_product(to_lower_ascii(urn.sha1->urn())), query_urns_max);
        if (urn.tiger_root) {
            Urn tree;
            tree.tiger_root = urn.tiger_root;
            add_different(terms.urns, hash_product(to_lower_ascii(tree.text())), query_urns_max);
        }
    }
    return terms;
}

}  // namespace praline::search::qrp
