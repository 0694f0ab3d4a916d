#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>

#include "tools/simulate/graph_host.hpp"
#include "tools/simulate/graph_key_host.hpp"
#include "tools/simulate/run_options.hpp"

/// Where the name of a strategy becomes a call.
namespace praline::simulate {

/// What hosts the strategies of one thread.
struct Hosts {
    /// @param model  may be null: then no books are kept.
    Hosts(Graph const& links, NetworkModel const* model)
        : topology{links}, graph{model == nullptr ? GraphHost{links} : GraphHost{links, *model}} {}
    void number_query(std::uint64_t number) { graph.number_query(number); }

    /// What nodes have learnt of earlier queries is forgotten.
    void forget() {
        if (keys) keys->forget();
    }

    Graph const& topology;
    GraphHost graph;
    std::unique_ptr<KeyHost> keys;    ///< made when it is needed: it is large
};

/// One query.
struct Question {
    Hosts& hosts;
    RunOptions const& options;
    Node source;
    Marks const& holders;
    Rng& rng;
    std::optional<std::uint32_t> item{};  ///< what is asked for, where that has a name
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
