#pragma once

#include <span>
#include <string>

#include "tools/simulate/graph_host.hpp"
#include "tools/simulate/run_options.hpp"

/// Where the name of a strategy becomes a call.
namespace praline::simulate {

/// What hosts the strategies of one thread.
struct Hosts {
    explicit Hosts(Graph const& links) : graph{links} {}
    GraphHost graph;
};

/// One query.
struct Question {
    Hosts& hosts;
    RunOptions const& options;
    Node source;
    Marks const& holders;
    Rng& rng;
};

/// Which of the parameters a strategy heeds; the others are left out of what is printed.
struct Heeds {
    bool ttl = false, walk = false;
};

struct StrategyRow {
    StrategyName id;
    char const* name;
    char const* explanation;
    Heeds heeds;
    unsigned ttl_default;             ///< 0: has none
    Outcome (*ask)(Question const&);
};

/// One row for each strategy, in the order of `StrategyName`.
[[nodiscard]] std::span<StrategyRow const> strategy_rows();
[[nodiscard]] StrategyRow const& row_of(StrategyName strategy);
[[nodiscard]] char const* to_string(StrategyName strategy);
/// All names, divided by ", ".
[[nodiscard]] std::string strategy_names();
/// @throws BadInput naming those that exist.
[[nodiscard]] StrategyName strategy_named(std::string const& name);

}  // namespace praline::simulate
