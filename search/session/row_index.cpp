#include "search/session/row_index.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "node/wire/keywords.hpp"
#include "search/session/limits.hpp"

namespace praline::search {
namespace {

constexpr std::array<std::string_view, 6> order_names{"arrival", "name", "size", "sources", "kind", "relevance"};

/// The first octets of a text as a number that compares as the text does.
std::uint64_t prefix_of(std::string_view text, std::size_t octets) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < octets; ++i)
        value = (value << 8) | (i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0U);
    return value;
}

/// More changes than a part of the rows so large: sorting all again is cheaper.
constexpr std::size_t rebuild_part = 4;

}  // namespace

std::optional<RowOrder> row_order_named(std::string_view name) {
    auto const at = std::find(order_names.begin(), order_names.end(), name);
    if (at == order_names.end()) return std::nullopt;
    return static_cast<RowOrder>(at - order_names.begin());
}

RowIndex::RowIndex(RowChoice choice) : choice_{std::move(choice)}, words_{wire::keywords(choice_.text)} {
    if (words_.size() > filter_words_max) words_.resize(filter_words_max);
}

bool RowIndex::fits(ResultRow const& row) const {
    if (choice_.kind && row.kind != *choice_.kind) return false;
    if (row.size_bytes < choice_.size_min || row.size_bytes > choice_.size_max) return false;
    if (row.sources.size() < choice_.sources_min) return false;
    if (choice_.fresh_only && row.is_cached()) return false;
    return std::all_of(words_.begin(), words_.end(),
                       [&](std::string const& word) { return row.canonic.find(word) != std::string::npos; });
}

RowIndex::Entry RowIndex::entry_of(ResultRow const& row) const {
    switch (choice_.order) {
        case RowOrder::arrival: return {row.id, row.id};
        case RowOrder::name: return {prefix_of(row.canonic, 8), row.id};
        case RowOrder::size: return {row.size_bytes, row.id};
        case RowOrder::sources: return {row.sources.size(), row.id};
        case RowOrder::kind: return {(std::uint64_t{static_cast<std::uint8_t>(row.kind)} << 56) | prefix_of(row.canonic, 7), row.id};
        case RowOrder::relevance: return {row.relevance(), row.id};
    }
    return {0, row.id};
}

bool RowIndex::before(ResultTable const& table, Entry const& left, Entry const& right) const {
    if (left.key != right.key) return choice_.descending ? left.key > right.key : left.key < right.key;
    if (choice_.order == RowOrder::name || choice_.order == RowOrder::kind) {
        int const compared = table.row(left.row)->canonic.compare(table.row(right.row)->canonic);
        if (compared != 0) return choice_.descending ? compared > 0 : compared < 0;
    }
    return left.row < right.row;
}

void RowIndex::refresh(ResultTable const& table) {
    if (built_ && table.last_change() == revision_) return;
    auto const changed = built_ ? table.since(revision_, table.size() / rebuild_part + 1) : std::vector<ResultRow const*>{};
    if (!built_ || changed.size() > table.size() / rebuild_part) rebuild(table);
    else merge(table, changed);
    revision_ = table.last_change();
    built_ = true;
}

void RowIndex::rebuild(ResultTable const& table) {
    entries_.clear();
    for (std::uint32_t id = 1; id <= table.size(); ++id)
        if (ResultRow const& row = *table.row(id); fits(row)) entries_.push_back(entry_of(row));
    sort(table, entries_, choice_.order == RowOrder::kind ? 7 : 8);
}

/// Eight octets of the text at a time, as numbers: comparing names through their rows would fetch each from memory some
/// twenty times.
void RowIndex::sort(ResultTable const& table, std::span<Entry> entries, std::size_t depth) const {
    auto const same = [&](Entry const& one) { return one.key == entries.front().key; };
    if (!std::all_of(entries.begin(), entries.end(), same))
        std::sort(entries.begin(), entries.end(), [&](Entry const& left, Entry const& right) {
            if (left.key != right.key) return choice_.descending ? left.key > right.key : left.key < right.key;
            return left.row < right.row;
        });
    if (choice_.order != RowOrder::name && choice_.order != RowOrder::kind) return;
    while (!entries.empty()) {
        auto const key = entries.front().key;
        auto const end = std::find_if(entries.begin(), entries.end(), [&](Entry const& one) { return one.key != key; });
        auto const equal = entries.first(static_cast<std::size_t>(end - entries.begin()));
        entries = entries.subspan(equal.size());
        bool const ended = (key & 0xFF) == 0;  // no canonic name holds a zero
        if (equal.size() == 1 || ended) continue;
        for (Entry& one : equal) {
            std::string_view const name = table.row(one.row)->canonic;
            one.key = prefix_of(name.substr(std::min(depth, name.size())), 8);
        }
        sort(table, equal, depth + 8);
        for (Entry& one : equal) one.key = key;
    }
}

void RowIndex::merge(ResultTable const& table, std::vector<ResultRow const*> const& changed) {
    std::vector<bool> moves(table.size() + 1, false);
    std::vector<Entry> fresh;
    for (ResultRow const* row : changed) {
        moves[row->id] = true;
        if (fits(*row)) fresh.push_back(entry_of(*row));
    }
    std::erase_if(entries_, [&](Entry const& entry) { return moves[entry.row]; });
    auto const order = [&](Entry const& left, Entry const& right) { return before(table, left, right); };
    std::sort(fresh.begin(), fresh.end(), order);
    std::vector<Entry> merged;
    merged.reserve(entries_.size() + fresh.size());
    auto from = entries_.begin();
    for (Entry const& entry : fresh) {
        auto const place = std::upper_bound(from, entries_.end(), entry, order);
        merged.insert(merged.end(), from, place);
        merged.push_back(entry);
        from = place;
    }
    merged.insert(merged.end(), from, entries_.end());
    entries_ = std::move(merged);
}

std::vector<std::uint32_t> RowIndex::page(std::size_t offset, std::size_t count) const {
    std::vector<std::uint32_t> rows;
    if (offset >= entries_.size()) return rows;
    std::size_t const end = offset + std::min(count, entries_.size() - offset);
    rows.reserve(end - offset);
    for (std::size_t i = offset; i < end; ++i) rows.push_back(entries_[i].row);
    return rows;
}

}  // namespace praline::search
