#include <algorithm>

#include "fuzz/fuzz.hpp"
#include "node/base/text.hpp"
#include "node/wire/keywords.hpp"
#include "node/wire/limits.hpp"

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace praline;
    auto const text = as_text(fuzz::view(data, size));
    auto const once = wire::canonical(text);
    fuzz::require(is_valid_utf8(once));
    fuzz::require(once.size() <= wire::canonical_bytes_max);
    fuzz::require(wire::canonical(once) == once);
    auto const words = wire::keywords(text);
    fuzz::require(words.size() <= wire::words_max);
    fuzz::require(wire::has_words(words, words));
    for (auto const& word : words) {
        fuzz::require(!word.empty());
        fuzz::require(wire::keywords(word) == std::vector<std::string>{word});
        auto const pieces = wire::pieces(word, 2);
        fuzz::require(pieces.size() == std::min(wire::count_characters(word), wire::pieces_max));
        if (!wire::is_unspaced(word)) continue;
        for (auto const piece : pieces) fuzz::require(wire::word_matches(piece, word));
    }
    return 0;
}
