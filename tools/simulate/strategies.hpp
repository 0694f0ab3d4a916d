#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "tools/simulate/full_host.hpp"
#include "tools/simulate/graph_host.hpp"
#include "tools/simulate/graph_key_host.hpp"
#include "tools/simulate/run_options.hpp"

/// Where the name of a strategy becomes a call.
namespace praline::simulate {

/// What hosts the strategies of one thread.
struct Hosts {
    /// @param network  may be null: then no books are kept.
    Hosts(Graph const& links, NetworkModel const* network)
        : topology{links}, model{network}, graph{network == nullptr ? GraphHost{links} : GraphHost{links, *network}} {}
    void number_query(std::uint64_t of_next) {
        number = of_next;
        graph.number_query(of_next);
    }

    /// What nodes have learnt of earlier queries is forgotten.
    void forget() {
        if (keys) keys->forget();
        if (std::exchange(full_has_learnt, false)) full.reset();
    }

    Graph const& topology;
    NetworkModel const* model;
    std::uint64_t number = 0;  ///< of the next query
    GraphHost graph;
    std::unique_ptr<KeyHost> keys;            ///< made when it is needed: it is large
    std::unique_ptr<NetworkModel> faultless;  ///< of the full scale, where there is no other
    std::unique_ptr<FullHost> full;           ///< the same
    bool full_has_learnt = false;             ///< its nodes have: they are made anew to forget
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
    unsigned ttl_default;  ///< 0: has none
    Outcome (*ask)(Question const&);
};

/// A word for what is asked for. All are as long as one another, so that none begins like another whole one.
[[nodiscard]] std::string word_for(std::uint64_t item);

/// One row for each strategy, in the order of `StrategyName`.
[[nodiscard]] std::span<StrategyRow const> strategy_rows();
[[nodiscard]] StrategyRow const& row_of(StrategyName strategy);
[[nodiscard]] char const* to_string(StrategyName strategy);
/// All names, divided by ", ".
[[nodiscard]] std::string strategy_names();
/// @throws BadInput naming those that exist.
[[nodiscard]] StrategyName strategy_named(std::string const& name);

}  // namespace praline::simulate
