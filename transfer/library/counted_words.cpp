#include "transfer/library/counted_words.hpp"

#include <numeric>

#include "transfer/library/limits.hpp"

namespace praline::library {

CountedWords::Place CountedWords::bound(std::string_view text, bool after_beginning) const {
    auto const is_before = [&](std::string_view word) {
        return (after_beginning ? word.substr(0, text.size()) <= text : word < text);
    };
    // Of the blocks whose first word is before it, the last one may hold it.
    auto const after = std::partition_point(blocks_.begin(), blocks_.end(),
                                            [&](Block const& block) { return is_before(block.words.front()->text); });
    if (after == blocks_.begin()) return {};
    auto const& words = std::prev(after)->words;
    auto const found =
        std::partition_point(words.begin(), words.end(), [&](auto const& word) { return is_before(word->text); });
    if (found == words.end() && after != blocks_.end())
        return {static_cast<std::size_t>(after - blocks_.begin()), 0, 0};
    return {static_cast<std::size_t>(after - blocks_.begin()) - 1, static_cast<std::size_t>(found - words.begin()), 0};
}

void CountedWords::count_blocks() const {
    if (!stale_) return;
    ids_until_.assign(1, 0);
    for (auto const& block : blocks_)
        ids_until_.push_back(std::accumulate(block.counts.begin(), block.counts.end(), ids_until_.back()));
    stale_ = false;
}

std::uint64_t CountedWords::ids_before(Place place) const {
    if (blocks_.empty()) return 0;
    auto const& counts = blocks_[place.block].counts;
    return std::accumulate(counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(place.slot),
                           ids_until_[place.block]);
}

CountedWords::Range CountedWords::range(std::string_view beginning) const {
    count_blocks();
    auto const first = bound(beginning, false);
    return {first.block, first.slot, ids_before(bound(beginning, true)) - ids_before(first)};
}

CountedWords::Place CountedWords::seek(Range const& range, std::uint64_t start) const {
    count_blocks();
    auto left = start + ids_before({range.block, range.slot, 0});
    auto const after = std::upper_bound(ids_until_.begin(), ids_until_.end(), left);
    auto const block = static_cast<std::size_t>(after - ids_until_.begin()) - 1;
    left -= ids_until_[block];
    std::size_t slot = 0;
    for (auto const& counts = blocks_[block].counts; left >= counts[slot]; ++slot) left -= counts[slot];
    return {block, slot, static_cast<std::size_t>(left)};
}

CountedWords::Word const* CountedWords::add(std::string_view text, std::uint32_t id) {
    auto const place = bound(text, false);
    bool const known = place.block < blocks_.size() && place.slot < blocks_[place.block].words.size() &&
                       blocks_[place.block].words[place.slot]->text == text;
    if (known) {
        auto& word = *blocks_[place.block].words[place.slot];
        auto const at = std::lower_bound(word.ids.begin(), word.ids.end(), id);
        if (at != word.ids.end() && *at == id) return nullptr;
        word.ids.insert(at, id);
        ++blocks_[place.block].counts[place.slot];
        stale_ = true;
        return &word;
    }
    auto word = std::make_unique<Word>(Word{std::string{text}, {id}});
    auto const* const result = word.get();
    insert(place, std::move(word));
    return result;
}

void CountedWords::insert(Place place, std::unique_ptr<Word> word) {
    if (blocks_.empty()) blocks_.emplace_back();
    auto& block = blocks_[place.block];
    auto const slot = static_cast<std::ptrdiff_t>(place.slot);
    block.words.insert(block.words.begin() + slot, std::move(word));
    block.counts.insert(block.counts.begin() + slot, 1);
    ++size_;
    stale_ = true;
    if (block.words.size() <= block_words_max) return;
    auto const middle = static_cast<std::ptrdiff_t>(block.words.size() / 2);
    Block upper;
    upper.words.assign(std::make_move_iterator(block.words.begin() + middle),
                       std::make_move_iterator(block.words.end()));
    upper.counts.assign(block.counts.begin() + middle, block.counts.end());
    block.words.resize(static_cast<std::size_t>(middle));
    block.counts.resize(static_cast<std::size_t>(middle));
    blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(place.block) + 1, std::move(upper));
}

void CountedWords::erase(Place place) {
    auto& block = blocks_[place.block];
    auto const slot = static_cast<std::ptrdiff_t>(place.slot);
    block.words.erase(block.words.begin() + slot);
    block.counts.erase(block.counts.begin() + slot);
    --size_;
    if (block.words.empty()) blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(place.block));
}

void CountedWords::remove(std::string_view text, std::span<std::uint32_t const> ids) {
    if (ids.empty()) return;
    auto const place = bound(text, false);
    if (place.block >= blocks_.size() || place.slot >= blocks_[place.block].words.size()) return;
    auto& word = *blocks_[place.block].words[place.slot];
    if (word.text != text) return;
    // One pass over what stands behind the first of them, however many they are.
    auto const first = std::lower_bound(word.ids.begin(), word.ids.end(), ids.front());
    auto next = ids.begin();
    auto const goes = [&](std::uint32_t id) {
        while (next != ids.end() && *next < id) ++next;
        return next != ids.end() && *next == id;
    };
    word.ids.erase(std::remove_if(first, word.ids.end(), goes), word.ids.end());
    stale_ = true;
    if (word.ids.empty())
        erase(place);
    else
        blocks_[place.block].counts[place.slot] = static_cast<std::uint32_t>(word.ids.size());
}

std::vector<std::string> CountedWords::words() const {
    std::vector<std::string> all;
    all.reserve(size_);
    for (auto const& block : blocks_)
        for (auto const& word : block.words) all.push_back(word->text);
    return all;
}

}  // namespace praline::library
