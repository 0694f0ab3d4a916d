#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "search/session/result_table.hpp"
#include "search/session/row_query.hpp"

namespace praline::search {

struct RowEntry {
    std::uint64_t key;  // decides most comparisons without a look at the row
    std::uint32_t row;
};

/// Puts entries of one table in order, a bounded piece of work at a time: whoever shares a thread with it never waits
/// long. By key, then by name where the order goes by names, then by row.
/// @threads one.
class RowSorter {
public:
    explicit RowSorter(RowQuery const& choice);

    /// The key of a row in this order.
    [[nodiscard]] std::uint64_t key_of(ResultRow const& row) const;
    /// Whether one comes before the other.
    [[nodiscard]] bool before(ResultTable const& table, RowEntry const& left, RowEntry const& right) const;

    /// The entries given to `step` from now on are `count` in no order.
    void begin(std::size_t count);
    /// Goes on. @param budget  entries that may be touched; what was is taken off. Rows may come and gain names meanwhile.
    /// @returns true: all are in order.
    bool step(ResultTable const& table, std::span<RowEntry> entries, std::size_t& budget);

private:
    /// Entries that stand where they belong as a whole, and in no order among themselves.
    struct Part {
        std::size_t first, last;
        std::size_t depth;   // bytes of the text that all of them share; what follows is in their keys …
        std::size_t loaded;  // … up to here
        bool by_text;        // false: number by number, then row by row
        std::optional<std::uint64_t> key{};  // what they had before the text went deeper, and get back
    };
    [[nodiscard]] bool precedes(RowEntry const& left, RowEntry const& right) const;
    void load(ResultTable const& table, std::span<RowEntry> entries, Part& part, std::size_t& budget) const;
    void finish(ResultTable const& table, std::span<RowEntry> entries, Part const& part) const;
    void split(std::span<RowEntry> entries, Part const& part);
    void split_by_text(std::span<RowEntry> entries, Part const& part);
    /// Entries with the same first `depth` bytes, which their keys continue.
    void sort(ResultTable const& table, std::span<RowEntry> entries, std::size_t depth) const;

    RowOrder order_;
    bool descending_;
    std::vector<Part> parts_;  // the last is worked on
};

}  // namespace praline::search
