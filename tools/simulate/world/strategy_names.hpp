#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace praline::simulate::world {

enum class StrategyName : std::uint8_t { flood, expanding_ring, random_walk, biased_walk, dynamic, automatic, key };

/// Which of the parameters a strategy takes; the others are left out of what is printed.
struct ParameterMask {
    bool ttl = false, walk = false;
};

struct StrategyRow {
    StrategyName id;
    char const* name;
    char const* explanation;
    ParameterMask parameters;
    unsigned ttl_default;  ///< 0: has none
};

/// One row for each strategy, in the order of `StrategyName`.
[[nodiscard]] std::span<StrategyRow const> strategy_rows();
[[nodiscard]] StrategyRow const& row_of(StrategyName strategy);
[[nodiscard]] char const* to_string(StrategyName strategy);
/// All names, divided by ", ".
[[nodiscard]] std::string strategy_names();
/// @throws BadInput naming those that exist.
[[nodiscard]] StrategyName strategy_named(std::string const& name);

}  // namespace praline::simulate::world
