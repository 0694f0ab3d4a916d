#pragma once

#include <cstddef>
#include <string>

#include "search/session/search_cost.hpp"
#include "search/strategy/strategy.hpp"

namespace praline {

/// What a search met when it set out.
struct Reach {
    std::size_t links_at_start = 0;
    bool tables_answered = false;  ///< routing tables of neighbours said for them that they have nothing
};

/// Why no peer could be asked: a sentence for the user; empty: one was asked, or may still be.
/// @param links  there are now.   @threads any: pure.
[[nodiscard]] std::string why_unasked(search::SearchCost const& price, search::strategy::Kind kind, Reach const& reach,
                                      std::size_t links);

}  // namespace praline
