#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace praline::library {

/// Words in order, each with the ids of the files that have it. How many ids the words with one beginning have is known
/// without a look at those words: they stand in blocks, and counts of whole blocks are summed up.
/// @threads one at a time: pure.
class CountedWords {
public:
    struct Word {
        std::string text;
        std::vector<std::uint32_t> ids;  ///< ascending
    };
    /// All words with one beginning. Valid until the next change.
    struct Range {
        std::size_t block = 0, slot = 0;  ///< of the first word
        std::uint64_t count = 0;          ///< of ids; one that several words have counts as often
    };

    /// @returns the word, which stays where it is until its last id is removed; null: it has that id already.
    Word const* add(std::string_view text, std::uint32_t id);
    /// `ids` are ascending; those that the word does not have are ignored.
    void remove(std::string_view text, std::span<std::uint32_t const> ids);

    [[nodiscard]] Range range(std::string_view beginning) const;
    /// Calls `visit(id)` for each id of the range, from the one numbered `start` on and round to the one before it,
    /// while it returns true.
    template <class Visit>
    void walk(Range const& range, std::uint64_t start, Visit visit) const {
        if (range.count == 0) return;
        start %= range.count;
        auto const first = seek(range, start);
        if (go(first, range.count - start, visit)) go({range.block, range.slot, 0}, start, visit);
    }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::vector<std::string> words() const;

private:
    struct Block {
        std::vector<std::unique_ptr<Word>> words;
        std::vector<std::uint32_t> counts;  ///< of ids, beside each other for a quick sum
    };
    struct Place {
        std::size_t block = 0, slot = 0, id = 0;
    };
    /// The first word that is not before `text`; `after_beginning`: nor begins with it.
    [[nodiscard]] Place bound(std::string_view text, bool after_beginning) const;
    [[nodiscard]] Place seek(Range const& range, std::uint64_t start) const;
    [[nodiscard]] std::uint64_t ids_before(Place place) const;
    void count_blocks() const;
    void insert(Place place, std::unique_ptr<Word> word);
    void erase(Place place);

    template <class Visit>
    bool go(Place at, std::uint64_t ids, Visit& visit) const {
        for (; ids > 0; at = {at.block, at.slot + 1, 0}) {
            while (at.slot == blocks_[at.block].words.size()) at = {at.block + 1, 0, 0};
            auto const& word = *blocks_[at.block].words[at.slot];
            for (; at.id < word.ids.size() && ids > 0; ++at.id, --ids)
                if (!visit(word.ids[at.id])) return false;
        }
        return true;
    }

    std::vector<Block> blocks_;                     ///< none is empty
    mutable std::vector<std::uint64_t> ids_until_;  ///< ids of the blocks before each; made anew when stale
    mutable bool stale_ = false;
    std::size_t size_ = 0;
};

}  // namespace praline::library
