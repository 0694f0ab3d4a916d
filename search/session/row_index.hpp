#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "search/session/result_table.hpp"
#include "search/session/row_query.hpp"

namespace praline::search {

/// The rows of one table that fit a choice, sorted: kept, so that the next page costs what it returns, and brought up to
/// date by the rows that changed instead of made anew.
/// @threads one.
class RowIndex {
public:
    explicit RowIndex(RowChoice choice);

    /// Takes over what changed in the table since the last call. Costs a sort the first time, later a pass over 16 octets
    /// a row and a binary search for each row that changed.
    void refresh(ResultTable const& table);
    [[nodiscard]] RowChoice const& choice() const { return choice_; }
    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    /// Row ids `offset` to `offset + count - 1`, or as many as there are.
    [[nodiscard]] std::vector<std::uint32_t> page(std::size_t offset, std::size_t count) const;

private:
    struct Entry {
        std::uint64_t key;   // decides most comparisons without a look at the row
        std::uint32_t row;
    };
    [[nodiscard]] bool fits(ResultRow const& row) const;
    [[nodiscard]] Entry entry_of(ResultRow const& row) const;
    [[nodiscard]] bool before(ResultTable const& table, Entry const& left, Entry const& right) const;
    void rebuild(ResultTable const& table);
    /// Entries with the same first `depth` octets, which their keys continue.
    void sort(ResultTable const& table, std::span<Entry> entries, std::size_t depth) const;
    void merge(ResultTable const& table, std::vector<ResultRow const*> const& changed);

    RowChoice choice_;
    std::vector<std::string> words_;
    std::vector<Entry> entries_;
    std::uint64_t revision_ = 0;  // of the table, when we last looked
    bool built_ = false;
};

}  // namespace praline::search
