#pragma once

#include <cstdint>
#include <string>
#include "node/store/database.hpp"
#include "search/session/search_cost.hpp"
#include "search/session/search_parameters.hpp"

/// Parts that the tables of ended and of saved searches have in common.
namespace praline::search::kept {

inline constexpr char parameter_columns[] =
    "ttl INTEGER, walkers INTEGER, check_every INTEGER, max_steps INTEGER, state INTEGER, results_wanted INTEGER";
inline constexpr int parameter_column_count = 6;

/// Binds to parameter_column_count places, from `at` on.
void bind_parameters(store::Statement& statement, int at, ParameterValues const& parameters);
[[nodiscard]] ParameterValues read_parameters(store::Statement const& statement, int column);

inline constexpr char price_columns[] =
    "messages INTEGER NOT NULL, bytes INTEGER NOT NULL, origins INTEGER NOT NULL, origins_at_least INTEGER NOT NULL, "
    "reach_about INTEGER NOT NULL, cached_hits INTEGER NOT NULL, hits_by_hops TEXT NOT NULL, first_result_ms INTEGER, "
    "tenth_result_ms INTEGER, "
    "index_price TEXT, left_out TEXT";
inline constexpr int price_column_count = 11;

void bind_cost(store::Statement& statement, int at, SearchCost const& cost);
[[nodiscard]] SearchCost read_cost(store::Statement const& statement, int column);

/// Rounded to the nearest.
[[nodiscard]] std::int64_t rounded_milliseconds(Duration time);

/// "?, ?, …"
[[nodiscard]] std::string places(int count);

}  // namespace praline::search::kept
