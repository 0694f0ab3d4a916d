#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "node/wire/message.hpp"
#include "search/match/search_text.hpp"

namespace praline::search {

/// Whether what peers send is an answer to one search of ours. Strict where the network is exact, about hashes; lenient
/// where programs differ, about words: they cut names into other words, match in the middle of them, or match what a file
/// says of itself rather than its name. So one of the words anywhere in the name or in the metadata of the hit is enough.
/// @threads any: pure.
class HitMatch {
public:
    enum class Verdict : std::uint8_t {
        answers,
        no_words,       ///< neither name nor metadata holds any of the words
        other_content,  ///< a hash was asked for, and it has none or another
        excluded,  ///< the user left it out: it holds a `-word`, lacks a "phrase", or is not of the size or kind asked for
    };

    /// @param query  as it goes out; with hashes in it, words do not count.
    explicit HitMatch(wire::Query const& query, SearchText const& asked = {});
    /// One verdict for each record, in their order.
    [[nodiscard]] std::vector<Verdict> judge(wire::QueryHit const& hit) const;

private:
    [[nodiscard]] Verdict judge(wire::HitRecord const& record) const;
    [[nodiscard]] bool is_wanted(Urn const& offered) const;
    [[nodiscard]] bool is_excluded(std::string_view name) const;
    [[nodiscard]] bool has_a_word(std::string_view text) const;
    [[nodiscard]] bool metadata_has_a_word(std::string_view text) const;

    std::vector<Urn> urns_;           // those with a hash
    std::vector<std::string> words_;  // those that tell something
    std::vector<std::string> phrases_, excluded_;
    Conditions conditions_;
};

}  // namespace praline::search
