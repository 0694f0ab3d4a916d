#pragma once

#include <string>

#include <boost/json/object.hpp>

#include "tools/praline/commands.hpp"
#include "webui/api/views.hpp"

/// What the commands about searches send and print.
namespace praline {

/// The body of a new search.
[[nodiscard]] boost::json::object search_body(std::vector<std::string> const& words, StrategyOptions const& how);
/// A sentence about the first option that no node would take; empty: all may be fine. Without a strategy the node's own
/// decides: then only what is out of bounds for every one is said.
[[nodiscard]] std::string problem_of(StrategyOptions const& how);
/// What an index server was asked for a price, "2 messages, 269 B, 0.9 ms"; empty: none was.
[[nodiscard]] std::string index_price_text(webui::PriceView const& price);
/// The price of a search in a few lines, estimates said to be such.
[[nodiscard]] std::string price_text(webui::PriceView const& price);

}  // namespace praline
