#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "search/match/conditions.hpp"
#include "search/session/result_table.hpp"
#include "search/session/row_query.hpp"
#include "search/session/row_sorter.hpp"

namespace praline::search {

/// The rows of one table that fit a choice, sorted: kept, so that the next page costs what it returns, and brought up to
/// date by the rows that changed instead of made anew. All of it in steps that are small however many rows there are.
/// @threads one.
class RowIndex {
public:
    explicit RowIndex(RowQuery choice);

    /// Takes over what changed in the table since the last call, or a part of it: index_step_max bounds a call.
    /// @returns true: all is taken over and in order; false: call again, until then there are no pages.
    bool advance(ResultTable const& table);
    /// What the last `advance` returned.
    [[nodiscard]] bool ready() const { return ready_; }
    [[nodiscard]] RowQuery const& choice() const { return choice_; }
    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    /// Row ids `offset` to `offset + count - 1`, or as many as there are.
    [[nodiscard]] std::vector<std::uint32_t> page(std::size_t offset, std::size_t count) const;

private:
    enum class Stage : std::uint8_t { gathering, sorting, kept };
    [[nodiscard]] bool fits(ResultRow const& row) const;
    void begin(ResultTable const& table);
    void gather(ResultTable const& table, std::size_t& budget);
    void take_changes(ResultTable const& table);
    void merge(ResultTable const& table, std::vector<ResultRow const*> const& changed);

    RowQuery choice_;
    std::vector<std::string> words_;     // anywhere in the name, phrases too
    std::vector<std::string> excluded_;  // as a search excludes them
    Conditions conditions_;
    RowSorter sorter_;
    std::vector<RowEntry> entries_;
    Stage stage_ = Stage::kept;   // of no row, which is in order
    std::uint32_t gathered_ = 0;  // rows looked at, of those there were when we began
    std::uint32_t wanted_ = 0;
    std::uint64_t revision_ = 0;  // of the table, up to which changes are taken over
    bool ready_ = false;
};

}  // namespace praline::search
