#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "search/session/content_kind.hpp"

namespace praline::search {

struct ResultRow;

enum class RowOrder : std::uint8_t { arrival, name, size, sources, kind, relevance };

[[nodiscard]] std::optional<RowOrder> row_order_named(std::string_view name);

/// Which rows, in which order.
struct RowQuery {
    /// Words; each must be in the name, `-word` must not, "several words" as they stand; conditions such as `size:>10M`.
    std::string text;
    std::optional<ContentKind> kind{};
    std::uint64_t size_min = 0, size_max = UINT64_MAX;  ///< bytes, both included
    std::size_t sources_min = 0;
    bool fresh_only = false;  ///< only what some source itself has said, not a cache for it
    RowOrder order = RowOrder::arrival;
    bool descending = false;  ///< rows that are equal stay in order of arrival

    friend bool operator==(RowQuery const&, RowQuery const&) = default;
};

/// A part of the rows chosen.
struct RowPage {
    bool ready = true;         ///< false: the rows are still being sorted; ask again, soon, for the same page
    std::size_t matching = 0;  ///< rows that were chosen, on all pages
    std::size_t total = 0;     ///< rows of the search
    std::array<std::size_t, content_kinds> kinds{};  ///< rows of the search of each ContentKind, whatever was chosen
    std::vector<ResultRow const*> rows;              ///< good until the next call that adds a hit or takes rows away
};

}  // namespace praline::search
