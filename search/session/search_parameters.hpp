#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "search/strategy/strategy.hpp"

/// What a user may ask of a strategy: its names, and the bounds of its parameters. Pure.
namespace praline::search {

/// A strategy as it is offered.
struct StrategyName {
    strategy::Kind kind;
    std::string_view name;         ///< in commands and in the API: "flood", "expanding-ring", …
    std::string_view explanation;  ///< one line
    std::string_view heeds;        ///< the parameters that mean something to it, a blank between them
};

/// All of them, in the order in which they are offered.
[[nodiscard]] std::span<StrategyName const> strategy_names();
[[nodiscard]] std::string_view name_of(strategy::Kind kind);
[[nodiscard]] std::optional<strategy::Kind> strategy_named(std::string_view name);

/// Parameters as their user wrote them, before anything was checked; what is empty is left to the strategy.
struct ParameterValues {
    std::optional<std::uint64_t> ttl{}, walkers{}, check_every{}, max_steps{}, results_wanted{};
    std::optional<bool> state{};
};

/// The same for one strategy.
struct ParameterWish : ParameterValues {
    strategy::Kind kind = strategy::Kind::flood;
};

/// A sentence about the first value that is out of bounds; empty: all are fine. What a strategy has no use for is allowed.
[[nodiscard]] std::string problem_of(ParameterWish const& wish);
/// @pre problem_of(wish) is empty.
[[nodiscard]] strategy::Parameters parameters_of(ParameterWish const& wish);
/// The way back, without the kind.
[[nodiscard]] ParameterValues values_of(strategy::Parameters const& parameters);

}  // namespace praline::search
