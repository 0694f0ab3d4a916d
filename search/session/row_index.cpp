#include "search/session/row_index.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "node/wire/keywords.hpp"
#include "search/match/search_text.hpp"
#include "search/session/limits.hpp"

namespace praline::search {
namespace {

constexpr std::array<std::string_view, 6> order_names{"arrival", "name", "size", "sources", "kind", "relevance"};

/// More changes than a part of the rows so large: sorting all again is cheaper.
constexpr std::size_t rebuild_part = 4;

}  // namespace

std::optional<RowOrder> row_order_named(std::string_view name) {
    auto const at = std::find(order_names.begin(), order_names.end(), name);
    if (at == order_names.end()) return std::nullopt;
    return static_cast<RowOrder>(at - order_names.begin());
}

RowIndex::RowIndex(RowQuery choice) : choice_{std::move(choice)}, sorter_{choice_} {
    SearchText const asked = split_search_text(choice_.text);
    words_ = wire::keywords(asked.wanted);
    conditions_ = asked.conditions;
    for (auto const& part : asked.phrases) words_.push_back(part.canonical);
    for (auto const& part : asked.excluded) excluded_.push_back(part.canonical);
    if (words_.size() > filter_words_max) words_.resize(filter_words_max);
    if (excluded_.size() > filter_words_max) excluded_.resize(filter_words_max);
}

bool RowIndex::fits(ResultRow const& row) const {
    if (choice_.kind && row.kind != *choice_.kind) return false;
    if (row.size_bytes < choice_.size_min || row.size_bytes > choice_.size_max) return false;
    if (row.sources.size() < std::max(choice_.sources_min, conditions_.sources_min())) return false;
    if (!conditions_.fits(row.name, row.size_bytes)) return false;
    if (choice_.fresh_only && row.is_cached()) return false;
    if (std::any_of(excluded_.begin(), excluded_.end(),
                    [&](std::string const& part) { return holds(row.canonical, part); }))
        return false;
    return std::all_of(words_.begin(), words_.end(),
                       [&](std::string const& word) { return row.canonical.find(word) != std::string::npos; });
}

bool RowIndex::advance(ResultTable const& table) {
    std::size_t budget = index_step_max;
    if (stage_ == Stage::kept && table.changes_since(revision_) > table.size() / rebuild_part) begin(table);
    if (stage_ == Stage::gathering) gather(table, budget);
    if (stage_ == Stage::sorting && sorter_.step(table, entries_, budget)) stage_ = Stage::kept;
    if (stage_ == Stage::kept && budget > 0) take_changes(table);
    ready_ = stage_ == Stage::kept && revision_ == table.last_change();
    return ready_;
}

void RowIndex::begin(ResultTable const& table) {
    entries_.clear();
    gathered_ = 0;
    wanted_ = static_cast<std::uint32_t>(table.size());
    revision_ = table.last_change();  // what changes while we sort is taken over like any other change
    stage_ = Stage::gathering;
}

void RowIndex::gather(ResultTable const& table, std::size_t& budget) {
    std::size_t const cost = 1 + words_.size() + excluded_.size();
    for (; gathered_ < wanted_ && budget > 0; budget -= std::min(budget, cost)) {
        ResultRow const& row = *table.row(++gathered_);
        if (fits(row)) entries_.push_back({sorter_.key_of(row), row.id});
    }
    if (gathered_ < wanted_) return;
    sorter_.begin(entries_.size());
    stage_ = Stage::sorting;
}

void RowIndex::take_changes(ResultTable const& table) {
    if (revision_ == table.last_change()) return;
    auto const changed = table.since(revision_, changes_a_step_max);
    merge(table, changed);
    for (ResultRow const* row : changed) revision_ = std::max(revision_, row->revision);
}

void RowIndex::merge(ResultTable const& table, std::vector<ResultRow const*> const& changed) {
    std::vector<bool> moves(table.size() + 1, false);
    std::vector<RowEntry> fresh;
    for (ResultRow const* row : changed) {
        moves[row->id] = true;
        if (fits(*row)) fresh.push_back({sorter_.key_of(*row), row->id});
    }
    std::erase_if(entries_, [&](RowEntry const& entry) { return moves[entry.row]; });
    auto const order = [&](RowEntry const& left, RowEntry const& right) { return sorter_.before(table, left, right); };
    std::sort(fresh.begin(), fresh.end(), order);
    std::vector<RowEntry> merged;
    merged.reserve(entries_.size() + fresh.size());
    auto from = entries_.begin();
    for (RowEntry const& entry : fresh) {
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
