#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "transfer/library/counted_words.hpp"

namespace praline::library {

/// What a query may have and where the search begins.
struct MatchWish {
    std::size_t most = 0;                         ///< ids
    std::uint64_t start = 0;                      ///< any number: another one begins at another file
    std::function<bool(std::uint32_t)> accept{};  ///< empty: every file will do
};

struct Matches {
    std::vector<std::uint32_t> ids;  ///< each once
    std::uint32_t steps = 0;         ///< what it cost; at most about query_steps_max
    bool all_looked_at = true;       ///< false: `most` or the steps ended the search before the files did
};

/// Which files have which words in their names; answers "each of these words matches one of the name's", as
/// `wire::word_matches` has it. What a query costs is bounded by `query_steps_max`, however many files there are: the
/// rarest of its words chooses the files that are looked at, the others are looked for in their names.
/// @threads one at a time: pure.   @source node/wire/protocol/query-routing.md
class KeywordIndex {
public:
    /// Canonical words. Those beyond `name_words_max` and repeated ones are left out. @pre `id` is not in the index.
    void add(std::uint32_t id, std::vector<std::string> const& words);
    /// Of an id that is not there: nothing happens. Many at once are much cheaper than one by one.
    void remove(std::vector<std::uint32_t> ids);
    /// None when no word of `asked` can lead a search, or when it has more than `query_words_max` different words.
    [[nodiscard]] Matches find(std::vector<std::string> asked, MatchWish const& wish) const;
    [[nodiscard]] std::vector<std::string> words() const { return words_.words(); }
    [[nodiscard]] std::size_t word_count() const { return words_.size(); }

private:
    using Word = CountedWords::Word const*;
    using Name = std::vector<Word>;  ///< in order of their texts
    /// The files that are looked at.
    struct Lead {
        CountedWords const* vocabulary = nullptr;
        CountedWords::Range range;
        std::size_t word = 0;   ///< in `asked`
        bool is_whole = false;  ///< each of them matches that word
    };
    [[nodiscard]] Lead choose(std::vector<std::string> const& asked, Matches& result) const;
    void consider(std::vector<std::string> const& asked, std::size_t word, Matches& result, Lead& best) const;
    [[nodiscard]] static bool matches(Name const& name, std::string const& asked);

    CountedWords words_;
    CountedWords pieces_;                  ///< of words without blanks
    std::map<std::uint32_t, Name> names_;  ///< ordered: it grows without moving all of itself
};

}  // namespace praline::library
